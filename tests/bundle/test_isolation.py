"""With hostile cases the processes use no network, and open only files of the case and of the tool itself (by strace)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bundler.fonts.files import find_fonts
from tests.support import cases
from tests.support.hostile import pdfs, word_files
from tests.support.hostile.run_all import DAY, find_duplicates
from tests.support.paths import ROOT

OPENED = re.compile(r"(?:open|openat|openat2)\(.*= \d+<(?P<path>[^>]*)>$")
NETWORK = re.compile(r"sa_family=AF_INET6?\b|socket\(AF_INET6?\b")
SYSTEM = (
    "/usr/lib/",
    "/usr/local/lib/",
    "/lib/",
    "/lib64/",
    "/usr/share/locale/",
    "/usr/lib/locale/",
    "/usr/share/zoneinfo/",
    "/usr/share/fonts",
    "/usr/share/fontconfig/",
    "/etc/fonts",
    "/etc/ssl/certs/",
    "/proc/",
    "/sys/",
)
FILES = {
    "/dev/null", "/dev/urandom", "/etc/ld.so.cache", "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd",
    "/etc/ld.so.preload", "/etc/mime.types", "/etc/locale.alias", "/etc/ssl/openssl.cnf", "/etc/host.conf", "/etc/apache2/mime.types", "/",
}  # fmt: skip
"""/etc/ssl/certs/: since Python 3.12 urllib, which WeasyPrint prepares and never uses, reads the public roots beforehand.
/etc/passwd: the name of the account is written into the case's history."""


def run_traced(folder: Path, command: Sequence[str]) -> tuple[int, list[str]]:
    """Run a command under strace; return its exit status and the traced calls of opening and networking."""
    log = folder / "trace.txt"
    # Only the calls of interest stop the process.
    tracer = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-y",
        "-s",
        "400",
        "-e",
        "trace=open,openat,openat2,%network",
        "-o",
        str(log),
    ]
    own = {"XDG_CACHE_HOME": str(folder / "cache"), "HOME": str(folder / "home")}
    # Not below the test's own folder: a path to a socket has at most 107 bytes.
    with tempfile.TemporaryDirectory() as temporary:
        environment = {**os.environ, **own, "TMPDIR": temporary}
        done = subprocess.run([*tracer, *command], capture_output=True, check=False, env=environment, cwd=folder)
        assert b"Traceback" not in done.stderr
        traced = log.read_text(encoding="utf-8", errors="replace").replace(temporary, str(folder / "temporary"))
        return done.returncode, traced.splitlines()


def forbidden_calls(lines: Sequence[str], allowed: Sequence[Path]) -> Iterator[str]:
    """The traced calls that open a file that is not allowed, or use the network."""
    own = tuple(str(path) for path in allowed)
    for line in lines:
        found = OPENED.search(line)
        path = re.sub(r"\\(\d{1,3})", lambda code: chr(int(code[1], 8)), found["path"]) if found else ""
        path = path.encode("latin-1", "replace").decode("utf-8", "replace").removesuffix(" (deleted)")
        if NETWORK.search(line) or (
            path
            and not (
                path in FILES
                or path.startswith((*SYSTEM, *own))
                or Path(path) in {ROOT, *(place.parent for place in allowed)}
            )
        ):
            yield line


def tool_paths(folder: Path) -> list[Path]:
    """The paths of the tool, its Python, libraries and fonts, and the folders of this run."""
    fonts = [found.path.resolve().parent for found in find_fonts()]
    python = [Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix)]
    parts = [ROOT / name for name in ("bundler", "templates", "samples", ".venv", "pyproject.toml")]
    return [*parts, *python, *fonts, folder / "case", *(folder / name for name in ("cache", "out", "temporary"))]


def cases_naming_secret(folder: Path, secret: Path) -> list[Path]:
    """Complete cases whose values and files all name a file outside and a network address; no two of a case's files look alike."""
    left = {file.name.replace("/", "-"): file.make() for file in pdfs.FILES if file.expected == {"bind"}}
    left |= {file.name.replace("/", "-"): file.make() for file in word_files.FILES if file.expected == {"bind"}}
    made: list[Path] = []
    while left:
        case = folder / "case" / "complete" / str(len(made))
        case.mkdir(parents=True)
        for name, data in left.items():
            (case / name).write_bytes(data)
        number = len(made) + 1
        write_luring_case(case, list(left), secret, number)
        alike = find_duplicates(case)
        for name in alike:
            (case / name).unlink()
        write_luring_case(case, [name for name in left if name not in alike], secret, number)
        left = {name: left[name] for name in alike}
        made.append(case)
    return made


def write_luring_case(case: Path, names: Sequence[str], secret: Path, number: int) -> None:
    """Write the case.json of a complete case with these files and a number, whose values name the file outside and an address."""
    lure = (
        f'<img src="{secret.as_uri()}"><link rel=attachment href="http://192.0.2.1/x"><style>@import url(//192.0.2.1)'
    )
    jinja = "{% include '" + str(secret) + "' %}{{ ''.__class__ }}"
    tree = cases.declined(1)
    tree["registration"]["no"] = f"钢信执2021-{number:04}"
    tree["registration"] |= {"summary": lure, "source": jinja, "proposed_opinion": f"url({secret}) &xxe; {lure}"}
    tree["materials"] += [{"items": ["other"], "file": name, "title": lure[:60]} for name in names]
    (case / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def case_with_refused_files(folder: Path, secret: Path) -> Path:
    """A case with files that are refused, since they name a file outside in one way or another."""
    case = folder / "case" / "refused"
    case.mkdir(parents=True)
    tree = cases.declined(1)
    data = {
        "实体.docx": word_files.docx_with_entity(f'<!ENTITY x SYSTEM "{secret.as_uri()}">', "x"),
        "网上.docx": word_files.docx_with_relationship("image", "http://192.0.2.1/a.png")(),
        "模板.docx": word_files.docx_with_relationship("attachedTemplate", secret.as_uri())(),
        "域.docx": word_files.docx_with_paragraph(word_files.FIELD.format(f"INCLUDETEXT {secret}"))(),
        "流.pdf": pdfs.build_pdf(pdfs.CATALOG, pdfs.TREE, pdfs.PAGE, pdfs.stream(pdfs.LINE, f"/F({secret})".encode())),
    }
    for name, content in data.items():
        (case / name).write_bytes(content)
    (case / "链接.pdf").symlink_to(secret)
    (case / "夹").symlink_to(secret.parent)
    names = [
        *data,
        "链接.pdf",
        f"夹/{secret.name}",
        str(secret),
        f"../../{secret.name}",
        secret.as_uri(),
        "http://192.0.2.1/x",
    ]
    tree["materials"] = [{"items": ["other"], "file": name} for name in names]
    (case / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    return case


@pytest.mark.slow
def test_no_hostile_case_makes_it_call_out_or_read_elsewhere(tmp_path: Path) -> None:
    """Entities, links, fields, streams, values and file names are not followed."""
    secret = tmp_path / "secret.txt"
    secret.write_text("root:x:0:0", encoding="utf-8")
    (tmp_path / "out").mkdir()
    built = cases_naming_secret(tmp_path, secret)
    refused = case_with_refused_files(tmp_path, secret)
    command = [sys.executable, "-m", "bundler"]
    statuses, lines = [], []
    for arguments in (
        ["build", str(built[0]), "-o", str(tmp_path / "out" / "a.pdf"), "--today", DAY],
        ["build", str(refused), "-o", str(tmp_path / "out" / "b.pdf"), "--today", DAY],
        ["render", str(built[0]), "--all", "-o", str(tmp_path / "out")],
        ["batch", str(built[0].parent), "-o", str(tmp_path / "out" / "batch"), "--today", DAY],
    ):
        status, log = run_traced(tmp_path, [*command, *arguments])
        statuses.append(status)
        lines += log

    assert statuses == [0, 1, 0, 0]
    assert len(list((tmp_path / "out" / "batch" / "bundles").iterdir())) == len(built)
    assert len(lines) > 500
    assert list(forbidden_calls(lines, tool_paths(tmp_path))) == []


def test_the_watch_sees_a_file_and_a_call(tmp_path: Path) -> None:
    """The trace shows an opened file and a connection, also of a child process and without an answer."""
    secret = tmp_path / "secret.txt"
    secret.write_text("x", encoding="utf-8")
    script = (
        "import os, socket\n"
        f"if os.fork() == 0: open({str(secret)!r}).read(); os._exit(0)\n"
        "os.wait()\n"
        "socket.socket().connect_ex(('127.0.0.1', 9))"
    )
    _, lines = run_traced(tmp_path, [sys.executable, "-c", script])
    found = list(forbidden_calls(lines, tool_paths(tmp_path)))

    assert [secret.name in line for line in found].count(True) == 1
    assert any("connect(" in line for line in found)
