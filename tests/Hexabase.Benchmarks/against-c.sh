#!/usr/bin/env bash
# One SMA cross 10/30 with metrics, here and in plain C (../shared/bench/csma.c), on the same candles, in turn: prints the ratio.
# usage: against-c.sh [BARS [ROUNDS]]
set -euo pipefail
bars=${1:-100000} rounds=${2:-5} repetitions=25
here=$(cd "$(dirname "$0")" && pwd)
source=$here/../../../shared/bench/csma.c
if [[ ! -f $source ]]; then
    echo "skipped: ../shared/bench/csma.c is not beside the repository"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O2 -pthread "$source" -o "$work/csma" -lm
dotnet build -c Release -v quiet --nologo "$here" >/dev/null
benchmarks=$here/bin/Release/net10.0/Hexabase.Benchmarks
"$benchmarks" write-candles "$work/candles" "$bars"
echo "bars $bars; nanoseconds a bar, median of $repetitions runs"
for ((round = 1; round <= rounds; round++)); do
    c=$("$work/csma" "$work/candles" "$bars" "$repetitions" | awk -F'\t' '/sma_cross/ { printf "%.3f %s", $5 * 1e9 / $3, $8 }')
    ours=$("$benchmarks" measure "$bars" "$repetitions")
    awk -v c="${c%% *}" -v ours="${ours%% *}" -v cfacts="${c#* }" -v facts="${ours#* }" \
        'BEGIN { printf "C %6.2f  here %6.2f  ratio %.2f   (C: %s; here: trades, net %s)\n", c, ours, ours / c, cfacts, facts }'
done
