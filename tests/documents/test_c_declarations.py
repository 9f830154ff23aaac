"""The declarations of the font libraries are parsed once on a machine, and pages are the same with those that were kept."""

import os
import subprocess
import sys
from pathlib import Path

_TYPESET = """
import hashlib, sys
from bundler.typeset.typesetter import Typesetter
typesetter = Typesetter()
typesetter.typeset_pages({"page": "<p>2021年10月12日 <b>申诉信访</b>答复意见书</p>"}, "")
data, _ = typesetter.write(["page"], "样本", b"same", None)
print(hashlib.sha256(data).hexdigest(), "pycparser" in sys.modules)
"""


def typeset(cache: Path) -> list[str]:
    """Typeset a page in a new process; return the digest of the file, and whether C was parsed."""
    done = subprocess.run(
        [sys.executable, "-c", _TYPESET],
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout.split()


def test_declarations_are_parsed_once_and_spoilt_ones_again(tmp_path: Path) -> None:
    """A table cut short in the cache is as good as none."""
    first, second = typeset(tmp_path), typeset(tmp_path)
    (kept,) = (tmp_path / "bundler").glob("declarations-*")
    kept.write_bytes(kept.read_bytes()[:-9])
    third = typeset(tmp_path)

    assert [first[1], second[1], third[1]] == ["True", "False", "True"]
    assert first[0] == second[0] == third[0]
