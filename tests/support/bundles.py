"""Building bundles of the samples, and reading what is in a bundle."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pikepdf

from bundler.bundle.built_here_proof import remember_built
from bundler.commands import run
from bundler.digest import sha256_of
from tests.support.case_files import read_tree
from tests.support.paths import SAMPLES, copy_sample
from tests.support.run_cache import made_once

TODAY = "2021-12-20"
"""The day of the check; the samples are complete and within their time limits on it."""


def build(case: Path, target: Path, *options: str) -> int:
    """Run ``build`` in this process; return its exit status."""
    return run(["build", str(case), "-o", str(target), "--today", TODAY, *options])


@made_once
def _sample_bundle(name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        case, target = copy_sample(name, Path(folder) / "case"), Path(folder) / "bundle.pdf"
        assert build(case, target) == 0
        return target.read_bytes()


def write_sample_bundle(name: str, target: Path) -> Path:
    """Write the bundle that `build` makes of a complete sample, and remember as `build` does that this user made it.

    It is built once in a test run; that every build of a case gives the same bytes is shown by ``test_build.py``.
    """
    data = _sample_bundle(name)
    target.write_bytes(data)
    remember_built([sha256_of(data)])
    return target


def run_bundler(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, without a terminal, with further environment variables."""
    return subprocess.run(
        [sys.executable, "-m", "bundler", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **variables},
    )


def run_here(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command in this process: what it prints, and its exit status."""
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        status = run([str(argument) for argument in arguments])
    return subprocess.CompletedProcess(arguments, status, output.getvalue(), errors.getvalue())


def read_embedded_files(bundle: Path) -> dict[str, bytes]:
    """The files embedded in a bundle, by name."""
    with pikepdf.open(bundle) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


def read_manifest_tree(bundle: Path) -> dict[str, Any]:
    """The manifest of a bundle as plain JSON."""
    tree: dict[str, Any] = json.loads(read_embedded_files(bundle)["manifest.json"])
    return tree


def add_material(case: Path, file: str, title: str) -> None:
    """Copy an attached file of the archive sample into a case, as a further material."""
    shutil.copy(SAMPLES / "archive-complete" / "materials" / file, case / "materials" / f"新{file}")
    tree = read_tree(case)
    tree["materials"].append({"items": ["other"], "file": f"materials/新{file}", "title": title})
    (case / "case.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
