#!/usr/bin/env bash
# Whole-process figures of the release binary, compared with their budgets; fails when one is over.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly RUNS=50
readonly BUNDLE_MS=10 HELP_MS=5 TEXT_BYTES=$((20 * 1024)) BINARY_BYTES=$((15 * 1000 * 1000))
readonly SPEC=examples/azure-telegram-openai/deployment.yaml

cargo build --release --locked
binary=${CARGO_TARGET_DIR:-target}/release/remote-setup
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
bundle=("$binary" --spec "$SPEC" --out "$scratch/bundle" --non-interactive --yes)
over=0

# Milliseconds, the median of RUNS runs into a folder that is not there yet.
median() {
    if command -v hyperfine >/dev/null; then
        hyperfine --shell none --warmup 5 --runs "$RUNS" --style none --export-csv "$scratch/times.csv" \
            --command-name run --prepare "rm -rf $scratch/bundle" "$(printf '%q ' "$@")" >/dev/null 2>&1
        awk -F, 'NR == 2 { printf "%.2f", $4 * 1000 }' "$scratch/times.csv"
        return
    fi
    local run start end
    for ((run = 0; run < RUNS; run++)); do
        rm -rf "$scratch/bundle"
        start=${EPOCHREALTIME/[.,]/}
        "$@" >/dev/null 2>&1
        end=${EPOCHREALTIME/[.,]/}
        echo "$((end - start))"
    done | sort -n | awk '{ us[NR] = $1 } END { printf "%.2f", (us[int((NR + 1) / 2)] + us[int(NR / 2) + 1]) / 2000 }'
}

figure() {
    local what=$1 value=$2 budget=$3 unit=$4 verdict=ok
    if awk -v value="$value" -v budget="$budget" 'BEGIN { exit !(value > budget) }'; then
        verdict=over
        over=1
    fi
    printf '%-20s %12s %-5s  budget %10s %-5s  %s\n' "$what" "$value" "$unit" "$budget" "$unit" "$verdict"
}

# A program that fails is fast, too.
"${bundle[@]}" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
figure 'one bundle' "$(median "${bundle[@]}")" "$BUNDLE_MS" ms
figure '--help' "$(median "$binary" --help)" "$HELP_MS" ms
payload=$scratch/bundle/cloud-init.yaml
figure 'payload, text' "$(wc -c <"$payload")" "$TEXT_BYTES" bytes
figure 'binary' "$(wc -c <"$binary")" "$BINARY_BYTES" bytes
exit "$over"
