#!/usr/bin/env bash
# Writes the locks anew: exact versions, a hash for every archive, no registry address.
# A version enters seven days after it was published; what is withdrawn soon never gets here.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

UV_EXCLUDE_NEWER=$(date --utc --date='7 days ago' +%Y-%m-%d)
export UV_EXCLUDE_NEWER UV_CUSTOM_COMPILE_COMMAND='make lock'

# compile LOCK OPTION...: all locks follow the widest one, so that a version is the same in each.
compile() {
  local lock=$1
  shift
  printf '  %-13s %s\n' lock "$lock"
  uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --quiet \
    --no-annotate --upgrade --output-file "$lock" "$@"
}
compile requirements-dev.lock --group dev
compile requirements-build.lock --group build --constraints requirements-dev.lock
compile requirements.lock --constraints requirements-dev.lock
awk '/^[a-z]/ { keep = /^setuptools==/ } keep' requirements-dev.lock >requirements-setup.lock

printf '  %-13s %s\n' lock package-lock.json
npm install --silent --package-lock-only --before="$UV_EXCLUDE_NEWER"

if grep -nE '^[^#]*(https?://|--(extra-)?index-url|--find-links)' requirements*.lock \
  || grep -nE '"resolved"' package-lock.json; then
  echo 'A registry address got into a lock.' >&2
  exit 1
fi
