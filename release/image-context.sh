#!/usr/bin/env bash
# Makes dist-image/, the build context of the container image, from the archives in dist/.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf dist-image
for pair in amd64:x86_64 arm64:aarch64; do
  name=pc-budgets-${pair#*:}-unknown-linux-musl
  folder=dist-image/${pair%:*}
  mkdir -p "$folder"
  tar -x -z -f "dist/$name.tar.gz" -C "$folder" --strip-components 1 "$name/pc-budgets"
done
cp release/Dockerfile dist-image/Dockerfile
cp /etc/ssl/certs/ca-certificates.crt dist-image/ca-certificates.crt
