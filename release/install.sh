#!/bin/sh
# Installs pc-budgets for this user, from the release that this file belongs to.
#   PC_BUDGETS_INSTALL_DIR  the folder of the program; default: ~/.local/bin
#   PC_BUDGETS_BASE_URL     another address of the files of a release
set -eu

# The release workflow writes its address here.
base_url=${PC_BUDGETS_BASE_URL:-@BASE_URL@}
folder=${PC_BUDGETS_INSTALL_DIR:-$HOME/.local/bin}

fail() {
  echo "error: $1" >&2
  exit 1
}

case "$(uname -s) $(uname -m)" in
  'Linux x86_64') target=x86_64-unknown-linux-musl ;;
  'Linux aarch64' | 'Linux arm64') target=aarch64-unknown-linux-musl ;;
  'Darwin x86_64') target=x86_64-apple-darwin ;;
  'Darwin arm64') target=aarch64-apple-darwin ;;
  *) fail "there is no program for $(uname -s) on $(uname -m): build it with cargo" ;;
esac
name=pc-budgets-$target

download() {
  if command -v curl > /dev/null; then
    curl --fail --silent --show-error --location --output "$2" "$1"
  elif command -v wget > /dev/null; then
    wget --quiet --output-document="$2" "$1"
  else
    fail 'neither curl nor wget is installed'
  fi || fail "failed to download $1"
}

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
download "$base_url/$name.tar.gz" "$temporary/$name.tar.gz"
download "$base_url/SHA256SUMS" "$temporary/SHA256SUMS"

cd "$temporary"
grep " [ *]*$name\.tar\.gz\$" SHA256SUMS > expected || fail "SHA256SUMS has no line for $name.tar.gz"
if command -v sha256sum > /dev/null; then
  sha256sum -c expected > /dev/null
else
  shasum -a 256 -c expected > /dev/null
fi || fail "the checksum of $name.tar.gz is wrong: nothing was installed"
tar -x -z -f "$name.tar.gz"

mkdir -p "$folder"
# Renamed into place, because a running program cannot be overwritten.
cp "$name/pc-budgets" "$folder/.pc-budgets.new"
chmod 755 "$folder/.pc-budgets.new"
mv -f "$folder/.pc-budgets.new" "$folder/pc-budgets"

echo "$("$folder/pc-budgets" --version) is installed in $folder"
case ":$PATH:" in
  *":$folder:"*) ;;
  *) echo "add $folder to PATH" ;;
esac
