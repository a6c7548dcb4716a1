# The targets a person types. What they need is prepared by scripts/prepare.sh, once.
.DEFAULT_GOAL := help
.PHONY: help run test lint format bench wheel verifier lock prepare clean
MAKEFLAGS += --no-print-directory

# Programs of npm packages look for a `node`; there may be none but the environment's own.
bin := .venv/bin
export PATH := $(CURDIR)/$(bin):$(PATH)

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## prepare everything and serve the demonstration at http://127.0.0.1:8000
	@scripts/prepare.sh run
	@$(bin)/appraisal demo

test: ## prepare what the tests need and run all of them; ARGS goes to pytest
	@scripts/prepare.sh test
	@$(bin)/pytest $(ARGS)

lint: ## ruff, mypy strict and the TypeScript compiler, changing nothing
	@scripts/prepare.sh dev packages
	@scripts/lint.sh

format: ## let ruff lay out the Python files and mend what it safely can
	@scripts/prepare.sh dev
	@$(bin)/ruff format
	@$(bin)/ruff check --fix

bench: ## measure; one JSON line a metric
	@scripts/prepare.sh test
	@$(bin)/python -m bench $(ARGS)

wheel: ## build the wheel, front end and templates inside, into dist/
	@scripts/prepare.sh build frontend translations
	@$(bin)/hatchling build -t wheel -d dist --clean

verifier: ## build the standalone verifier, one file, into dist/
	@scripts/prepare.sh build
	@$(bin)/python scripts/verifier.py dist/appraisal-verify.pyz

lock: ## write the Python and npm locks anew, with versions at least seven days old
	@scripts/prepare.sh dev
	@scripts/lock.sh

prepare: ## what `make test` prepares, without running the tests
	@scripts/prepare.sh test

clean: ## remove what make built; data in var/ and keys in keys/ stay
	rm -rf .venv node_modules appraisal/static dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find appraisal tests bench scripts -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	find appraisal -name '*.mo' -delete
