#!/usr/bin/env bash
# 制作离线安装包 / Make one archive from which a machine without network gets the commands and the desk:
# wheels of the locked packages, the Debian packages that they need with all of theirs, the fonts, and install.sh.
#
#   tools/make-offline.sh [--read] [FILE.tar]   default: dist/bundler-offline-<version>-<release>-<architecture>.tar
#
# With --read what reading scans needs is in it too (140 MB more); `make setup-read` comes before.
#
# It fits machines with the Debian release and the processor of the one that it is made on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=.venv/bin/python
extras=()
if [[ ${1:-} == --read ]]; then
    extras=(--read)
    shift
fi
# fontconfig finds the fonts; python3-venv makes the environment; the rest is what tools/setup-system.sh needs.
mapfile -t packages < <(tools/setup-system.sh --list)
packages+=(python3 python3-venv)

say() { printf '%s\n' "$@" >&2; }

version="$("$python" -c 'import bundler; print(bundler.__version__)')"
release="$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")"
name="bundler-offline-$version-$release-$(dpkg --print-architecture)"
target="$(realpath --canonicalize-missing "${1:-dist/$name.tar}")"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
tree="$scratch/$name"
mkdir -p "$tree"/{wheels,debs,fonts} "$scratch/archives/partial" "$(dirname "$target")"

# Without lists apt knows no package; with old ones it asks for files that are no more.
apt-get update -qq >&2 || say "软件包列表更新失败，先用原有列表 / could not update the lists, going on with the old ones"

# The wheels must fit the Python that the Debian packages bring.
python_minor="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
debian_minor="$(apt-cache show --no-all-versions python3 | sed -n 's/^Version: \([0-9]*\.[0-9]*\).*/\1/p')"
if [[ $python_minor != "$debian_minor" ]]; then
    say "本机 .venv 是 Python $python_minor，Debian 的是 $debian_minor：请用 PYTHON=/usr/bin/python3 make setup 重做 .venv。" \
        ".venv has Python $python_minor, Debian has $debian_minor: make .venv anew with PYTHON=/usr/bin/python3 make setup."
    exit 1
fi
printf '%s\n' "$python_minor" >"$tree/PYTHON"

say "正在收集程序库 / collecting the wheels"
"$python" tools/runtime_requirements.py "${extras[@]}" >"$tree/requirements.txt"
"$python" -m pip --disable-pip-version-check --quiet --quiet download --no-deps --require-hashes --only-binary :all: \
    --requirement "$tree/requirements.txt" --dest "$tree/wheels" >&2
"$python" -m hatchling build --target wheel --directory "$scratch/built" >/dev/null
wheel="$(basename "$scratch"/built/*.whl)"
cp "$scratch/built/$wheel" "$tree/wheels/"
printf 'petition-bundler==%s --hash=sha256:%s\n' "$version" \
    "$(sha256sum "$tree/wheels/$wheel" | cut -d' ' -f1)" >>"$tree/requirements.txt"

say "正在收集系统软件包 / collecting the system packages"
# An empty status: apt takes this machine for one on which nothing is installed, and fetches everything down to libc.
: >"$scratch/status"
apt-get install --download-only -qq -y --no-install-recommends -o Dir::State::status="$scratch/status" \
    -o Dir::Cache::archives="$scratch/archives" -o APT::Sandbox::User=root -o Debug::NoLocking=1 \
    "${packages[@]}" >&2
cp "$scratch"/archives/*.deb "$tree/debs/"
printf '%s\n' "${packages[@]}" >"$tree/packages.txt"
for deb in "$tree"/debs/*.deb; do
    dpkg-deb --field "$deb"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' \
        "$(basename "$deb")" "$(stat --format=%s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
done >"$tree/debs/Packages"

cp .fonts/*.otf .fonts/COPYING.fandol "$tree/fonts/"
cp tools/offline/install.sh LICENSE docs/deploy/bundler-desk.service "$tree/"
(cd "$tree" && find . -type f ! -name SHA256SUMS -print0 | LC_ALL=C sort --zero-terminated |
    xargs --null sha256sum >SHA256SUMS)
tar --create --file "$target.part" --sort=name --owner=0 --group=0 --numeric-owner --directory "$scratch" "$name"
mv "$target.part" "$target"
printf '%s\n' "$target"
