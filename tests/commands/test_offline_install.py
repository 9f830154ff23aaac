"""A machine without network gets the commands and the desk out of one archive."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.without_network import WITHOUT_NETWORK

SAMPLE = ROOT / "samples" / "write-off-complete"

LOOK = """
import re, subprocess, sys, urllib.request
desk = subprocess.Popen([sys.argv[1], "serve", sys.argv[2], "--port", "0"], stderr=subprocess.PIPE, text=True)
try:
    link = re.search(r"http\\S+", desk.stderr.readline())[0]
    with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(link) as page:
        print(page.status, page.geturl().partition("?")[2] == "", "desk.css" in page.read().decode())
finally:
    desk.terminate()
    print(desk.wait())
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive's folder, unpacked."""
    folder = tmp_path_factory.mktemp("offline")
    subprocess.run([ROOT / "tools" / "make-offline.sh", folder / "a.tar"], check=True)
    subprocess.run(["tar", "--extract", "--file", folder / "a.tar", "--directory", folder], check=True)
    (folder / "a.tar").unlink()
    (unpacked,) = folder.iterdir()
    return unpacked


def without_network(*command: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a network of its own that has the loopback and nothing else; fails where there can be none."""
    inside = 'ip link set lo up && exec "$@"'
    run: list[str | Path] = [*WITHOUT_NETWORK, "sh", "-c", inside, "sh", *command]
    settings = {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    return subprocess.run(run, check=False, capture_output=True, text=True, env=settings, timeout=300)


@pytest.mark.slow
def test_the_archive_installs_and_works_without_network(archive: Path, tmp_path: Path) -> None:
    """Installed with the network cut off, it builds the sample and shows the desk; the network really is cut."""
    reached = without_network(
        "python3", "-c", "import socket; socket.create_connection(('192.0.2.1', 80))", home=tmp_path
    )
    assert "Network is unreachable" in reached.stderr, reached.stderr

    prefix = tmp_path / "opt"
    made = without_network(
        archive / "install.sh", "--no-system", "--prefix", prefix, "--link", tmp_path / "bin", home=tmp_path
    )
    assert made.returncode == 0, made.stderr
    bundler = tmp_path / "bin" / "bundler"
    assert (prefix / "current").is_symlink()

    told = without_network(bundler, "doctor", "--json", home=tmp_path)
    assert all(one["ok"] for one in json.loads(told.stdout))
    assert str(ROOT) not in told.stdout, "it took something from the checkout"

    built = without_network(bundler, "build", SAMPLE, "-o", tmp_path / "a.pdf", home=tmp_path)
    assert built.returncode == 0, built.stderr
    checked = without_network(bundler, "verify", tmp_path / "a.pdf", home=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr

    cases = tmp_path / "cases"
    shutil.copytree(SAMPLE, cases / "案一")
    seen = without_network("python3", "-c", LOOK, bundler, cases, home=tmp_path)
    assert seen.stdout.split() == ["200", "True", "True", "130"], seen.stdout + seen.stderr


@pytest.mark.slow
def test_a_changed_archive_installs_nothing(archive: Path, tmp_path: Path) -> None:
    """A byte more in a file, or a file more in a folder, and nothing is installed."""
    copy = tmp_path / "copy"
    shutil.copytree(archive, copy)
    (copy / "wheels" / "more-1.0-py3-none-any.whl").write_bytes(b"x")
    told = without_network(copy / "install.sh", "--no-system", "--prefix", tmp_path / "opt", home=tmp_path)
    assert told.returncode == 1
    assert "more-1.0-py3-none-any.whl" in told.stderr

    (copy / "wheels" / "more-1.0-py3-none-any.whl").unlink()
    with (copy / "LICENSE").open("ab") as file:
        file.write(b"\n")
    told = without_network(copy / "install.sh", "--no-system", "--prefix", tmp_path / "opt", home=tmp_path)
    assert told.returncode == 1
    assert "被改动过" in told.stderr
    assert not (tmp_path / "opt").exists()


@pytest.mark.slow
def test_the_system_packages_need_no_other_source(archive: Path, tmp_path: Path) -> None:
    """On a machine on which apt finds nothing installed, everything down to the C library comes from the archive."""
    for name in ("lists/partial", "cache/archives/partial"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "status").touch()
    (tmp_path / "debs").symlink_to(archive / "debs")
    (tmp_path / "sources.list").write_text(f"deb [trusted=yes] file:{tmp_path}/debs ./\n", "utf-8")
    places = {
        "Dir::Etc::sourcelist": tmp_path / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": tmp_path / "lists",
        "Dir::State::status": tmp_path / "status",
        "Dir::Cache": tmp_path / "cache",
        "APT::Sandbox::User": "root",
    }
    apt = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in places.items())]
    listed = without_network(*apt, "update", home=tmp_path)
    assert listed.returncode == 0, listed.stderr

    wanted = (archive / "packages.txt").read_text("utf-8").split()
    told = without_network(*apt, "install", "--simulate", "--no-install-recommends", *wanted, home=tmp_path)
    assert told.returncode == 0, told.stderr
    taken = {line.split()[1] for line in told.stdout.splitlines() if line.startswith("Inst ")}
    assert set(wanted) <= taken
    assert "libc6" in taken
