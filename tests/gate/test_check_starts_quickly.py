"""`check` of files that were inspected before loads none of the libraries that parse or typeset them."""

import subprocess
import sys
from pathlib import Path

from tests.support.paths import copy_sample

_CHECK = """
import sys
from bundler.commands import run
assert run(["check", sys.argv[1], "--today", "2021-12-20"]) == 0
"""
_HEAVY = ("pikepdf", "PIL", "weasyprint", "docxtpl", "lxml", "fontTools", "holidays")


def test_a_second_check_loads_no_library_for_files(tmp_path: Path) -> None:
    """The first may: it inspects the files in a process of its own."""
    case = copy_sample("write-off-complete", tmp_path / "case")
    script = _CHECK + f"\nprint([name for name in {_HEAVY!r} if name in sys.modules], file=sys.stderr)"
    command = [sys.executable, "-c", script, str(case)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)

    assert done.stderr.splitlines()[-1] == "[]"
