#!/usr/bin/env bash
# Writes the bill of materials of pc-budgets for all targets, dist/pc-budgets.cdx.json, with cargo-cyclonedx.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p dist
# From the commit alone, like the programs.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) cargo cyclonedx --manifest-path crates/partner-center-budgets-cli/Cargo.toml \
  --features secret-service --format json --describe binaries --target all --spec-version 1.5
# Without the folder of the work tree, which is in the ids of our own crates.
sed "s|$PWD/|/|g" crates/partner-center-budgets-cli/pc-budgets_bin.cdx.json > dist/pc-budgets.cdx.json
# It also writes one for each package of the workspace that the program depends on.
find crates xtask tests -name '*.cdx.json' -delete
