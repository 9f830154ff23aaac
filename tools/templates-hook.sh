#!/usr/bin/env bash
# What pre-commit runs (.pre-commit-hooks.yaml): `bundler templates` of this checkout, in the folder of the caller.
# Its .venv holds the locked packages, each checked against its hash; the first time takes about a minute.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

"$root/tools/setup-python.sh"
exec "$root/.venv/bin/bundler" templates "$@"
