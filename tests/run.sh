#!/usr/bin/env bash
# Every check of this project, on a machine that has Rust and nothing else: `bash tests/run.sh`.
#
# An ordinary user's system is not touched, and what is missing is skipped aloud. Where CI is set,
# nothing may be missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# tools.sh and the tests themselves add a line for each thing they leave out.
export SKIPPED_LOG=$PWD/target/tools/skipped
running=start

section() {
    running=$1
    printf '\n== %s (after %s s) ==\n' "$1" "$SECONDS"
}

skip() {
    printf 'SKIPPED: %s\n' "$1" >&2
    [ -z "${CI:-}" ] || exit 1
    printf '%s\n' "$1" >>"$SKIPPED_LOG"
}

beside=
finish() {
    local status=$?
    # With all that it started.
    [ -z "$beside" ] || kill -- "-$beside" 2>/dev/null || true
    [ "$status" = 0 ] || printf '\nFAILED: %s, after %s s\n' "$running" "$SECONDS"
}
trap finish EXIT

command -v cargo >/dev/null || PATH=${HOME:-}/.cargo/bin:$PATH
if ! command -v cargo >/dev/null; then
    printf 'cargo is not here: install Rust first, https://rust-lang.org/tools/install\n' >&2
    exit 1
fi
# Settings of the person who runs the tests, plugin caches and debug logs among them, are not the tests'.
unset "${!TF_@}"
export CHECKPOINT_DISABLE=1
# Tests and machines wait now and then, so there is room for one more than there are cores.
threads=$(($(getconf _NPROCESSORS_ONLN) + 1))

# Downloads, mostly, so the compiler runs beside them. It needs a linker, which they may have to bring.
mkdir -p target/tools
: >"$SKIPPED_LOG"
log=$PWD/target/tools/log
set -m
{
    bash tests/tools.sh
    # Says again what it lacks when machines are to boot.
    [ "$(id -u)" != 0 ] || bash tests/boot/make.sh >/dev/null || true
} >"$log" 2>&1 &
beside=$!
set +m
command -v cc >/dev/null || wait "$beside" || true

section format
if cargo fmt --version >/dev/null 2>&1; then
    cargo fmt --all --check
else
    skip 'format: no rustfmt; rustup component add rustfmt'
fi

section build
cargo test --workspace --locked --test tests --test made_up --test boot --no-run

section lint
if cargo clippy --version >/dev/null 2>&1; then
    cargo clippy --workspace --all-targets --locked -- -D warnings
else
    skip 'lint: no clippy; rustup component add clippy'
fi

section tools
tail -n +1 -f --pid="$beside" "$log"
wait "$beside"
beside=
PATH=$PWD/target/tools/bin:$PATH

section boot
cargo test --workspace --locked --test boot -- --test-threads="$threads"

section test
cargo test --workspace --locked --test tests --test made_up -- --test-threads="$threads"

if [ -s "$SKIPPED_LOG" ]; then
    printf '\nPASSED in %s s, but not everything ran:\n' "$SECONDS"
    sort -u "$SKIPPED_LOG" | sed 's/^/  SKIPPED: /'
else
    printf '\nPASSED: everything, in %s s\n' "$SECONDS"
fi
