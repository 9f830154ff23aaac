#!/usr/bin/env bash
# 在没有网络的机器上安装 / Install on a machine without network, from the folder in which this script lies.
#
#   ./install.sh                     system packages (as root), /opt/bundler, /usr/local/bin/bundler
#   ./install.sh --prefix DIR        another folder
#   ./install.sh --link DIR          another folder for the command; "--link none" for none
#   ./install.sh --no-system         leave the system packages alone
#   ./install.sh --service           and the desk as a systemd service (not started)
#
# A version goes into a folder of its own, and "current" points to it at the very end: a stopped run changes nothing
# that works, and the version before stays for going back.
set -euo pipefail
umask 022 # the desk's own user runs what root installs
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")"

prefix=/opt/bundler link=/usr/local/bin system=yes service=no scratch=

say() { printf '%s\n' "$@" >&2; }
die() { say "$@"; exit 1; }

while [[ $# -gt 0 ]]; do
    case "$1" in
        --prefix) prefix="${2:?--prefix DIR}"; shift 2 ;;
        --link) link="${2:?--link DIR}"; shift 2 ;;
        --no-system) system=no; shift ;;
        --service) service=yes; shift ;;
        *) say "用法 / usage: ./install.sh [--prefix DIR] [--link DIR|none] [--no-system] [--service]"; exit 2 ;;
    esac
done

check_the_archive() {
    sha256sum --check --quiet --strict SHA256SUMS >&2 ||
        die "安装包不完整或者被改动过，没有安装 / the archive is incomplete or was changed; nothing was installed"
    # What the list does not name is not installed from either.
    local extra
    extra="$(comm -13 <(sed 's/^[0-9a-f]*  //' SHA256SUMS | LC_ALL=C sort) \
        <(find . -type f ! -path ./SHA256SUMS | LC_ALL=C sort))"
    [[ -z $extra ]] || die "安装包里多出了文件，没有安装 / files that do not belong to the archive:" "$extra"
}

is_installed() {
    [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

# apt with nothing but this folder: no list of the machine is read, so that nothing is asked of a network.
apt_here() {
    apt-get -qq -o Dir::Etc::sourcelist="$scratch/sources.list" -o Dir::Etc::sourceparts=- \
        -o Dir::State::lists="$scratch/lists" -o Dir::Cache="$scratch/cache" -o APT::Sandbox::User=root "$@" >&2
}

install_system_packages() {
    local package missing=()
    while read -r package; do
        is_installed "$package" || missing+=("$package")
    done <packages.txt
    [[ ${#missing[@]} -gt 0 ]] || return 0
    [[ $(id -u) -eq 0 ]] ||
        die "缺少系统软件包，安装需要管理员权限 / these need root: ${missing[*]}" "请运行 / please run: sudo ./install.sh"
    say "正在安装系统软件包 / installing: ${missing[*]}"
    scratch="$(mktemp -d)"
    mkdir -p "$scratch"/{lists/partial,cache/archives/partial}
    ln -s "$PWD/debs" "$scratch/debs" # a path without blanks, which the list could not hold
    # Trusted: SHA256SUMS was checked, and whoever made the archive checked the signatures.
    printf 'deb [trusted=yes] file:%s/debs ./\n' "$scratch" >"$scratch/sources.list"
    apt_here update
    DEBIAN_FRONTEND=noninteractive apt_here install -y --no-install-recommends "${missing[@]}"
}

find_python() {
    local minor candidate
    minor="$(<PYTHON)"
    for candidate in "/usr/bin/python$minor" "python$minor"; do
        "$candidate" -c 'import ensurepip, venv' 2>/dev/null && printf '%s\n' "$candidate" && return
    done
    die "找不到 Python $minor（含 venv）/ no Python $minor with venv was found"
}

install_version() {
    local python target="$prefix/$1" fonts
    python="$(find_python)"
    say "正在安装到 / installing into: $target"
    rm -rf "$target"
    mkdir -p "$target"
    "$python" -m venv "$target"
    # No index, no settings of anybody: what is not in this folder, or is not what the list says, is not installed.
    PIP_CONFIG_FILE=/dev/null "$target/bin/python" -m pip --isolated --disable-pip-version-check --quiet install \
        --no-index --find-links wheels --no-deps --require-hashes --only-binary :all: \
        --requirement requirements.txt >&2
    fonts="$("$target/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/.fonts"
    mkdir -p "$fonts"
    cp fonts/* "$fonts/"
    "$target/bin/bundler" doctor >&2 || die "装好的程序缺东西，没有启用 / what was installed lacks something; it is not in use"
}

install_service() {
    [[ $(id -u) -eq 0 ]] || die "安装服务需要管理员权限 / the service needs root"
    sed "s|/opt/bundler|$prefix|g" bundler-desk.service >/etc/systemd/system/bundler-desk.service
    systemctl daemon-reload || say "systemd 没有运行，服务文件已放好 / systemd does not run; the unit is in its place"
    say "还要做的（见 docs/deploy.md）/ still to be done: 账号、证书、案件文件夹；systemctl enable --now bundler-desk"
}

main() {
    trap '[[ -z $scratch ]] || rm -rf "$scratch"' EXIT
    check_the_archive
    [[ $system == no ]] || install_system_packages
    mkdir -p "$prefix"
    prefix="$(realpath "$prefix")"
    local version
    version="$(sed -n 's/^petition-bundler==\([^ ]*\).*/\1/p' requirements.txt)"
    [[ -n $version ]] || die "安装包里没有 petition-bundler / the archive lacks petition-bundler"
    # A version that is in use is not taken apart: it gets a folder beside.
    [[ "$(readlink "$prefix/current" 2>/dev/null)" != "$version" ]] || version="$version-$(date +%s)"
    install_version "$version"
    ln -sfn "$version" "$prefix/.current"
    mv -T "$prefix/.current" "$prefix/current"
    if [[ $link != none ]]; then
        mkdir -p "$link"
        ln -sfn "$prefix/current/bin/bundler" "$link/bundler"
    fi
    [[ $service == no ]] || install_service
    say "已装好 / installed: $prefix/current/bin/bundler"
}

main
