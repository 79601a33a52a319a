#!/usr/bin/env bash
# Builds pc-budgets for TARGET and packs it with its completions and manual pages: release/package.sh TARGET [PROGRAM]
# PROGRAM is a pc-budgets that runs on this machine, if the one for TARGET does not. The archive is written to dist/.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1

version=$(cargo metadata --locked --no-deps --format-version 1 |
  sed -n 's/.*"name":"partner-center-budgets-cli","version":"\([^"]*\)".*/\1/p')
# From the commit alone, so that everybody who builds the commit gets the same program.
commit=$(git log -1 --format=%h --abbrev=12)
date=$(TZ=UTC git log -1 --format=%cd --date=format-local:%Y-%m-%d)
PC_BUDGETS_VERSION="$version ($commit $date)" \
  cargo build --locked --release --package partner-center-budgets-cli --features secret-service --target "$target"

suffix=
case $target in *windows*) suffix=.exe ;; esac
built=${CARGO_TARGET_DIR:-target}/$target/release/pc-budgets$suffix
program=${2:-$built}

name=pc-budgets-$target
folder=dist/$name
rm -rf "$folder"
mkdir -p "$folder/completions"
cp "$built" LICENSE README.md CHANGELOG.md "$folder"
for shell in bash elvish fish powershell zsh; do
  "$program" completions "$shell" > "$folder/completions/pc-budgets.$shell"
done
"$program" man "$folder/man"

cd dist
case $target in
  # bsdtar, which Windows has, writes a ZIP file. Git's tar is before it on the path of the runner's bash.
  *windows*) "${SYSTEMROOT:?}/System32/tar.exe" -a -c -f "$name.zip" "$name" ;;
  *) tar -c -f - "$name" | gzip -9 > "$name.tar.gz" ;;
esac
rm -rf "$name"
