"""Let only proved templates print: what has been proved is remembered by digest, so that the proof costs nothing again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache as cache_result
from pathlib import Path

from bundler import __version__, cache
from bundler.digest import sha256_of
from bundler.documents.shared_template_passages import BLOCKS_FILE
from bundler.errors import TemplateError

_PROVED = b"proved"


def require_proved_templates(folder: Path, documents: Iterable[str] | None = None) -> None:
    """Refuse templates that fail the static check; those that are missing are left to whoever needs them.

    Args:
        folder: the folder of templates.
        documents: the documents whose templates will be filled; None: every template of the folder.

    Raises:
        TemplateError: a template fails; the message names its first problem and counts the others.
    """
    if documents is None:
        names = sorted(
            path.relative_to(folder).as_posix() for kind in ("*.docx", "pages/*.html") for path in folder.glob(kind)
        )
    else:
        names = sorted(f"{document}.docx" for document in set(documents) if (folder / f"{document}.docx").is_file())
    unproved = [
        (name, key) for name, key in ((name, _cache_key(folder, name)) for name in names) if cache.load(key) is None
    ]
    if not unproved:
        return
    from bundler.template_check.check import check_file
    from bundler.template_check.expand_shared_passages import check_blocks_file
    from bundler.template_check.template_contracts import contracts

    known = contracts()
    blocks, problems = check_blocks_file(folder)
    for name, key in unproved:
        found = list(check_file(folder, name, known[name], blocks)) if name in known else []
        problems += found
        if not found:
            cache.store(key, _PROVED)
    if problems:
        first, more = problems[0], f"；共 {len(problems)} 处" if len(problems) > 1 else ""
        raise TemplateError(
            f"模板没有通过检查：{first.template} {first.description}{more}。",
            fix=f"请按提示改好模板；运行 bundler templates check --templates {folder} 看全部问题。",
        )


def _cache_key(folder: Path, name: str) -> str:
    """The name under which the cache remembers that a template is proved: its own digest, that of the building blocks, and that of this version."""
    files = [path for path in (folder / name, folder / BLOCKS_FILE) if path.is_file()]
    try:
        data = b"".join(sha256_of(path.read_bytes()).encode() for path in files)
    except OSError:
        data = b""
    return f"proved-{sha256_of(f'{__version__} {_code_digest()} {name} '.encode() + data)}"


@cache_result
def _code_digest() -> str:
    """The digest of what the proof depends on: this room's modules, and those that say what templates may print."""
    rooms = (Path(__file__).parent, Path(__file__).parents[1] / "documents")
    return sha256_of(b"".join(path.read_bytes() for room in rooms for path in sorted(room.rglob("*.py"))))
