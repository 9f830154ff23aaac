#!/usr/bin/env bash
# Fetch fonts for the invented pages into .fonts/ beside this file: four faces of print, four running hands. None is installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p .fonts/print .fonts/hand .fonts/fetched

prints=(fonts-arphic-ukai fonts-arphic-uming fonts-wqy-zenhei fonts-wqy-microhei)
hands=(ma-shan-zheng@5.3.1 long-cang@5.3.0 zhi-mang-xing@5.3.0 liu-jian-mao-cao@5.3.0)

for package in "${prints[@]}"; do
    compgen -G ".fonts/fetched/${package}_*.deb" >/dev/null || (cd .fonts/fetched && apt-get download -qq "$package")
    dpkg --fsys-tarfile .fonts/fetched/"${package}"_*.deb | tar --extract --wildcards --directory .fonts/print '*.ttc'
done
for package in "${hands[@]}"; do
    name="${package%@*}"
    [[ -d ".fonts/hand/$name" ]] && continue
    archive="$(cd .fonts/fetched && npm pack --silent "@fontsource/$package")"
    mkdir -p ".fonts/hand/$name"
    tar --extract --gzip --file ".fonts/fetched/$archive" --directory ".fonts/hand/$name" --strip-components=2 \
        --wildcards 'package/files/*-400-normal.woff'
done
