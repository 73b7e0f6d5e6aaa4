#!/usr/bin/env bash
# Measures upgrades of workspaces on this machine: from start to done, and how soon one goes on after a crash.
#   tests/load/saga.sh [--upgrades N] [--crashes N]
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet build local -c Release -v q --nologo >/dev/null
exec node tests/load/saga.mjs --platform local/bin/Release/net10.0/Hexabase.Local "$@"
