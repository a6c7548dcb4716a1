#!/usr/bin/env bash
# Runs every check, also after one has failed, and fails if any did.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
export PATH="$PWD/.venv/bin:$PWD/node_modules/.bin:$PATH"

failed=()
check() {
  printf '  %-13s %s\n' lint "$*"
  "$@" || failed+=("$1 $2")
}
check ruff check --quiet
check ruff format --check --quiet
check mypy --no-error-summary
if [[ -n $(find frontend/src -name '*.ts' -print -quit 2>/dev/null) ]]; then
  check tsc --noEmit -p frontend/tsconfig.json
fi

((${#failed[@]} == 0)) || { printf '\nFailed: %s\n' "$(IFS=,; echo "${failed[*]}")" >&2; exit 1; }
