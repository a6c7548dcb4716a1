#!/usr/bin/env bash
# Puts the fonts of official documents that Debian has in no package of their own into a folder:
# 仿宋 and 楷体 of the Fandol family, with their licence (docs/decisions/0001-fonts.md).
#
#   scripts/fonts.sh [FOLDER]      FOLDER is var/fonts unless given
#
# They come out of Debian's texlive-lang-chinese, which is fetched and opened, not installed.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly package=texlive-lang-chinese
readonly inside=usr/share/texlive/texmf-dist/fonts/opentype/public/fandol
readonly papers=usr/share/doc/texlive-doc/fonts/fandol
folder=${1:-var/fonts}

stop() { printf '\n%s\n' "$@" >&2; exit 1; }
genuine() { (cd "$folder" 2>/dev/null && sha256sum --quiet --check) <scripts/fonts.sha256 >/dev/null 2>&1; }

genuine && exit
# Beside the fonts stand databases and slips: what is made here is its owner's alone.
umask 077
mkdir -p "$folder"
if [[ -d /$inside ]]; then
  source=/
else
  source=$(mktemp -d)
  trap 'rm -rf "$source"' EXIT
  if ! command -v apt-get >/dev/null; then
    stop "FandolFang-Regular.otf and FandolKai-Regular.otf (version 0.3) are missing in $folder." \
      "This system has no apt-get to fetch them with; get them from CTAN (fonts/fandol)."
  fi
  options=()
  ((EUID == 0)) && options=(-o APT::Sandbox::User=root)
  fetch() { (cd "$source" && apt-get -qq "${options[@]}" download "$package" >/dev/null 2>&1); }
  if ! fetch; then
    ((EUID == 0)) && apt-get -qq update >/dev/null
    fetch || stop "apt-get could not fetch $package (for 仿宋 and 楷体)." \
      "As root: apt-get update. Then again; or put FandolFang-Regular.otf and" \
      "FandolKai-Regular.otf (version 0.3) into $folder."
  fi
  dpkg-deb --fsys-tarfile "$source/$package"_*.deb | tar -x -C "$source" "./$inside" "./$papers"
fi
cp "$source/$inside"/Fandol{Fang,Kai}-Regular.otf "$folder/"
cp "$source/$papers/README" "$folder/Fandol-README"
gzip -dc "$source/$papers/COPYING.gz" >"$folder/Fandol-COPYING"
genuine || stop "The fonts of this $package are not those this service was tried with." \
  "Expected are the files of scripts/fonts.sha256."
