#!/usr/bin/env bash
# Publishes the app: infra-bicep/publish.sh RESOURCE_GROUP APP [PACKAGE]
# Builds a package of the commit that is checked out and keeps it in artifacts/; with an earlier package, publishes that one again.
set -euo pipefail
cd "$(dirname "$0")/.."
group=${1:?resource group} app=${2:?function app} package=${3:-}

if [ -z "$package" ]; then
  package="$PWD/artifacts/hexabase-$(git describe --always --dirty).zip"
  rm -rf artifacts/app "$package"
  dotnet publish functions -c Release -r linux-x64 --self-contained -o artifacts/app
  (cd artifacts/app && zip --quiet --recurse-paths "$package" .)
fi
az functionapp deployment source config-zip --resource-group "$group" --name "$app" --src "$package"
