#!/usr/bin/env bash
# Write requirements.lock anew: every package that the tool, its tests and its checks need, each with its hashes; and
# requirements-read.lock, with what reading scans needs besides.
# The resolver lives in a scratch environment, so that it is no part of what it pins.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
"${PYTHON:-python3}" -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "uv==0.13.9"
compile() {
    "$scratch/venv/bin/uv" pip compile --quiet --universal --generate-hashes --no-annotate --python-version 3.11 \
        --custom-compile-command "make lock" "$@"
}
compile pyproject.toml --extra dev --output-file requirements.lock
# What reads scans is large and an extra: a file of its own, in which the packages of the first have the same releases.
compile pyproject.toml --extra read --constraint requirements.lock --output-file requirements-read.lock
# What only the benchmark runs beside us is no burden for those who do not measure.
compile - --output-file benchmarks/requirements.lock <<<"typst>=0.13,<1"
# Nor is the fuzzer for those who do not fuzz; its release 3.1 has no wheel for Python 3.11.
compile - --output-file tests/fuzzing/requirements.lock <<<"atheris>=3,<3.1"

if grep --quiet "://" requirements.lock requirements-read.lock benchmarks/requirements.lock tests/fuzzing/requirements.lock; then
    echo "requirements.lock 写入了下载地址，请检查 pip/uv 设置 / it names a host: look at the settings of pip and uv" >&2
    exit 1
fi
