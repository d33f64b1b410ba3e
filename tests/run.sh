#!/usr/bin/env bash
# Every check of this project, on a machine that has Rust and nothing else: `bash tests/run.sh`.
#
# An ordinary user's system is not touched, and what is missing is skipped aloud. Where CI is set,
# nothing may be missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

skipped=()
running=start

section() {
    running=$1
    printf '\n== %s ==\n' "$1"
}

skip() {
    printf 'SKIPPED: %s\n' "$1" >&2
    [ -z "${CI:-}" ] || exit 1
    skipped+=("$1")
}

finish() {
    local status=$?
    [ "$status" = 0 ] || printf '\nFAILED: %s, after %s s\n' "$running" "$SECONDS"
}
trap finish EXIT

command -v cargo >/dev/null || PATH=${HOME:-}/.cargo/bin:$PATH
if ! command -v cargo >/dev/null; then
    printf 'cargo is not here: install Rust first, https://rust-lang.org/tools/install\n' >&2
    exit 1
fi

section tools
bash tests/tools.sh
while IFS= read -r line; do skipped+=("$line"); done <target/tools/skipped
PATH=$PWD/target/tools/bin:$PATH
# Settings of the person who runs the tests, plugin caches and debug logs among them, are not the tests'.
unset "${!TF_@}"
export CHECKPOINT_DISABLE=1

section format
if cargo fmt --version >/dev/null 2>&1; then
    cargo fmt --check
else
    skip 'format: no rustfmt; rustup component add rustfmt'
fi

section lint
if cargo clippy --version >/dev/null 2>&1; then
    cargo clippy --all-targets --locked -- -D warnings
else
    skip 'lint: no clippy; rustup component add clippy'
fi

section test
cargo test --locked

if [ "${#skipped[@]}" = 0 ]; then
    printf '\nPASSED: everything, in %s s\n' "$SECONDS"
else
    printf '\nPASSED in %s s, with %s skipped:\n' "$SECONDS" "${#skipped[@]}"
    printf '  SKIPPED: %s\n' "${skipped[@]}"
fi
