#!/usr/bin/env bash
# 建立 .venv 虚拟环境 / Make .venv: the locked packages, each checked against its hash, and the project on top.
#
#   tools/setup-python.sh           what the tool and its tests need
#   tools/setup-python.sh --read    and what reading scans needs
#
# The stamp says what the environment was made from; while that stands, there is nothing to do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=.venv
stamp="$venv/.made-from"

if ! python="$(tools/find-python.sh)"; then
    echo "找不到 Python 3.11 或更新版本（含 venv）/ no Python 3.11 or newer with venv was found" >&2
    exit 1
fi
# The folder belongs to it: an environment that was moved runs the scripts of the old place.
made_from="$(pwd; "$python" --version; sha256sum requirements.lock pyproject.toml)"

# Compiled beforehand, so that a command starts quickly even where Python is told to write nothing.
compile_sources() { "$venv/bin/python" -m compileall -q bundler; }

# Twice quiet: a warning about somebody's own pip settings is nothing that a clerk can act on.
pip=("$venv/bin/python" -m pip --disable-pip-version-check --quiet --quiet install)
# Wheels only: building from source would bring in tools that nothing has pinned.
locked=(--require-hashes --only-binary :all: --requirement)

add_reading() {
    local read_stamp="$venv/.read-made-from" lock
    lock="$(sha256sum requirements-read.lock)"
    [[ -f $read_stamp && "$(cat "$read_stamp")" == "$lock" ]] && return
    echo "正在准备识读扫描件的程序库，约 140 MB / fetching what reading scans needs, about 140 MB" >&2
    "${pip[@]}" "${locked[@]}" requirements-read.lock >&2
    printf '%s\n' "$lock" >"$read_stamp"
}

if [[ -x $venv/bin/bundler && -f $stamp && "$(cat "$stamp")" == "$made_from" ]]; then
    compile_sources
    [[ ${1:-} != --read ]] || add_reading
    exit 0
fi

echo "正在准备 Python 环境，首次约需一分钟 / preparing the Python environment, about a minute the first time" >&2
rm -f "$stamp"
"$python" -m venv --clear "$venv"
"${pip[@]}" "${locked[@]}" requirements.lock >&2
"${pip[@]}" --no-deps --no-build-isolation --editable . >&2
compile_sources
printf '%s\n' "$made_from" >"$stamp"
[[ ${1:-} != --read ]] || add_reading
