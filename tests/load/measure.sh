#!/usr/bin/env bash
# Measures the run path on this machine with the load generator beside the repository and prints a line for each measurement.
#   tests/load/measure.sh [accept] [closed] [open] [fair] [fair-heavy] [standin] [coldstart]     (default: all)
set -euo pipefail
cd "$(dirname "$0")/../.."
bench=$(realpath ../shared/bench/load 2>/dev/null) || { echo "skipped: ../shared/bench/load is not beside the repository"; exit 0; }
port=${PORT:-7091}
work=$(mktemp -d)
trap 'down; rm -rf "$work"' EXIT
dotnet build local -c Release -v q --nologo >/dev/null

up() { # settings of the platform
  rm -rf "$work/data"
  env "$@" local/bin/Release/net10.0/Hexabase.Local --port "$port" --data "$work/data" > "$work/platform.log" 2>&1 &
  platform=$!
  until curl -sf "localhost:$port/api/strategies?limit=100" | grep -q s_template_sma_cross; do sleep 0.2; done
  app=$(pgrep -P "$platform" Hexabase)
}
down() {
  [ -z "${platform:-}" ] || { kill "$platform" 2>/dev/null || true; wait "$platform" 2>/dev/null || true; }
  platform=
}
tokens() { node tests/load/make-tokens.mjs --base "http://localhost:$port" "$@" > "$work/tokens.json"; }
load() { # name, options of load.mjs
  local name=$1
  shift
  node "$bench/load.mjs" --base "http://localhost:$port" --tokens "$work/tokens.json" --watch "app=$app,all=$platform" --out "$work/r.json" "$@" 2>/dev/null
  node -e '
    const r = JSON.parse(require("fs").readFileSync(process.argv[1]));
    const ms = (d) => `${d.p50} / ${d.p95} / ${d.p99}`;
    console.log(`${process.argv[2]} | ${r.accepted_per_s} | ${r.finished_per_s} | ${ms(r.enqueue_ms)} | ${r.run_start_ms.p95} | ${r.small_run_ms.p95} | app ${r.watch.app.rss_mb} MB, all ${r.watch.all.rss_mb} MB, cpu ${r.watch.all.cpu_s} s, foreign ${r.machine.foreign_share}${Object.keys(r.errors).length ? " " + JSON.stringify(r.errors) : ""}`);
    if (process.argv[3]) for (const [c, f] of Object.entries(r.by_class)) console.log(`  ${c} | ${f.finished_per_s} | share ${f.throughput_share} | accept p95 ${f.enqueue_ms.p95} | start p95 ${f.run_start_ms.p95} | run p95 ${f.small_run_ms.p95} | unfinished ${f.unfinished}`);
  ' "$work/r.json" "$name" "${classes:-}"
}
everyone="free=50 paid=50 priority=50"
wants() { [ -z "$chosen" ] || grep -qw -- "$1" <<< "$chosen"; }
chosen="$*"

echo "measurement | accepted/s | finished/s | accept p50/p95/p99 ms | start p95 ms | run p95 ms | processes"
if wants accept; then
  up AzureWebJobs.ExecuteRun.Disabled=true; tokens $everyone
  for i in 1 2 3; do load "closed, accept only" --mode closed --conns 32 --duration 20 --warmup 5 --track 0.01 --drain 0 --flood free,paid,priority; done
  down
fi
if wants closed; then
  for i in 1 2 3; do # each on an empty queue: what an earlier pass left would be executed first
    up; tokens $everyone
    load "closed, runs executed" --mode closed --conns 32 --duration 20 --warmup 5 --track 0.05 --drain 1 --flood free,paid,priority
    down
  done
fi
if wants open; then
  for rate in 100 240 300; do
    up; tokens $everyone
    load "open, warm-up" --mode open --rate 100 --duration 5 --warmup 5 --drain 20 > /dev/null
    for i in 1 2 3; do load "open $rate/s" --mode open --rate "$rate" --duration 20 --warmup 5 --drain 60; done
    down
  done
fi
fairness() { # kind, rate of quiet classes, flood of free, flood of all, options of make-tokens
  local kind=$1 quiet=$2 flood=$3 all=$4
  shift 4
  classes=1
  for phase in quiet "free flood" "all flood"; do # each on an empty queue
    up; tokens "$@" $everyone
    load "$kind warm-up" --mode open --rates "$quiet" --duration 5 --warmup 5 --drain 20 > /dev/null
    case $phase in
      quiet) load "$kind, quiet" --mode open --rates "$quiet" --duration 20 --warmup 5 --drain 60 ;;
      "free flood") load "$kind, free flood" --mode open --rates "free=$flood,$quiet" --flood free --duration 20 --warmup 5 --drain 20 ;;
      *) load "$kind, all flood" --mode open --rates "$all" --flood free,paid,priority --duration 20 --warmup 5 --drain 1 ;;
    esac
    down
  done
  classes=
}
if wants fair; then fairness "small runs" paid=10,priority=5 450 free=450,paid=450,priority=450; fi
if wants fair-heavy; then fairness "heavy runs" paid=5,priority=2 60 free=60,paid=60,priority=60 --bars 500000; fi
if wants standin; then
  node tests/load/blob-stand-in.mjs 10177 & standin=$!
  for i in 1 2 3; do
    up AzureWebJobsStorage='DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:10177/devstoreaccount1;'
    tokens $everyone
    load "closed, runs executed, without Azurite" --mode closed --conns 32 --duration 20 --warmup 5 --track 0.05 --drain 1 --flood free,paid,priority
    down
  done
  kill $standin 2>/dev/null || true
fi
if wants coldstart; then
  up; tokens free=1:100; kill "$platform"; wait "$platform" 2>/dev/null || true; platform=
  for i in 1 2 3; do
    echo "cold start: $(node "$bench/coldstart.mjs" --base "http://localhost:$port" --tokens "$work/tokens.json" --start "exec local/bin/Release/net10.0/Hexabase.Local --port $port --data $work/data")"
    pkill -f "Hexabase.Local --port $port"; sleep 2
  done
fi
