#!/usr/bin/env bash
# Runs every check, also after one has failed, and fails if any did.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
export PATH="$PWD/.venv/bin:$PWD/node_modules/.bin:$PATH"

failed=()
check() {
  printf '  %-13s %s\n' lint "$*"
  "$@" || failed+=("$*")
}
check ruff check --quiet
check ruff format --check --quiet
check mypy --no-error-summary
check tsc --noEmit -p frontend/tsconfig.json
check tsc --noEmit -p frontend/tests/tsconfig.json

((${#failed[@]} == 0)) || { printf '\nFailed: %s\n' "$(IFS=,; echo "${failed[*]}")" >&2; exit 1; }
