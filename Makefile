# The targets a person types. What they need is prepared by scripts/prepare.sh, once.
.DEFAULT_GOAL := help
.PHONY: help prepare run test lint bench wheel lock clean
MAKEFLAGS += --no-print-directory

python := .venv/bin/python

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

prepare: ## what `make test` prepares, without running the tests
	@scripts/prepare.sh test
