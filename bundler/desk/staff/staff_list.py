"""The staff list of a desk, `.desk/staff.toml`: the people of the court, and which parts they usually have in a case."""

from __future__ import annotations

import json
import threading
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bundler.atomic_write import write_atomic
from bundler.case.people_models import Officer, People, Post
from bundler.case_edit.lock import folder_lock
from bundler.digest import sha256_of
from bundler.errors import UsageError, describe_os_error, output_error
from bundler.file_reading import explain_toml_error, read_bounded
from bundler.printable_text import shows_nothing

STAFF_FILE = Path(".desk") / "staff.toml"
"""Below the folder of cases; hidden, so that it is taken for no case."""
_KEY = "staff"
_MAX_BYTES = 1024 * 1024
_MAX_LENGTH = 64
_FIELDS_OF_AN_OFFICER = ("name", "title", "post", "phone", "in_enforcement")
PARTS: dict[str, str] = {key: field.title or key for key, field in People.model_fields.items()}
"""The parts that a person of the court may have in a case: the keys of `people` in case.json, with their titles."""
_DIGEST_DIGITS = 16


class StaffMember(BaseModel):
    """A person of the court.

    Attributes:
        name, title, post, phone, in_enforcement: as in case.json.
        account: the account with which the person logs in to the desk; empty where it is the name, or there is none.
        usually: the keys of `PARTS` that the person usually has in a case.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=_MAX_LENGTH)
    title: str = Field("", max_length=_MAX_LENGTH)
    post: Post = "other"
    phone: str = Field("", max_length=_MAX_LENGTH)
    in_enforcement: bool = True
    account: str = Field("", max_length=_MAX_LENGTH)
    usually: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Names this entry, as it is now, in a form of the page."""
        return sha256_of(self.model_dump_json().encode("utf-8", "replace"))[:_DIGEST_DIGITS]

    def as_officer(self) -> dict[str, Any]:
        """The person as `people` of case.json names one; what is not given, or is the model's default, is left out."""
        given = {key: getattr(self, key) for key in _FIELDS_OF_AN_OFFICER}
        defaults = {key: field.default for key, field in Officer.model_fields.items()}
        return {key: value for key, value in given.items() if value not in ("", defaults[key])}


class StaffList:
    """The staff list of a folder of cases; it is read again when the file has changed.

    Args:
        root: the folder of cases.
    """

    def __init__(self, root: Path) -> None:
        self._root, self._path = root, root / STAFF_FILE
        self._stamp: tuple[int, int, int] | None = None
        self._members: tuple[StaffMember, ...] = ()
        self._lock = threading.Lock()

    def members(self) -> tuple[StaffMember, ...]:
        """Everybody on the list, in its order; nobody where there is no list.

        Raises:
            UsageError: the file cannot be read, or is no staff list.
        """
        with self._lock:
            try:
                status = self._path.stat()
            except FileNotFoundError:
                return ()
            except OSError as error:
                raise self._unreadable(describe_os_error(error)) from error
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp != self._stamp:
                self._members = self._parse(self._read())
                self._stamp = stamp
            return self._members

    def readable_members(self) -> tuple[StaffMember, ...]:
        """As `members`; nobody where the file is broken, which only the page of the list says."""
        try:
            return self.members()
        except UsageError:
            return ()

    def names_of(self, account: str) -> frozenset[str]:
        """The names under which an account's person may stand in a case."""
        return frozenset(
            {account, *(one.name for one in self.readable_members() if account and one.account == account)}
        )

    def usual_people(self) -> dict[str, dict[str, Any]]:
        """For each part, the person who usually has it, as an officer of case.json; the first where several do."""
        members = self.readable_members()
        found = {part: next((one for one in members if part in one.usually), None) for part in PARTS}
        return {part: one.as_officer() for part, one in found.items() if one is not None}

    def put(self, member: StaffMember, replaced: str = "") -> None:
        """Add a person, or replace an entry; what stands there already, as after a double click, is not added again.

        Args:
            member: the person.
            replaced: the digest of the entry to replace; empty to add one.

        Raises:
            EntryChangedError: another user has changed or removed the entry.
            UsageError: the file is no staff list.
            OutputError: it cannot be written.
        """
        self._edit(lambda entries, at: entries.__setitem__(at, _entry(member)), replaced, added=member)

    def remove(self, digest: str) -> None:
        """Remove an entry; errors as in `put`."""
        self._edit(lambda entries, at: entries.__delitem__(at), digest)

    def _edit(self, change: Any, digest: str, *, added: StaffMember | None = None) -> None:  # noqa: ANN401 (a callable)
        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            with folder_lock(self._path.parent, wait=True):
                text = self._read() if self._path.exists() else ""
                members = self._parse(text)
                if added is not None and added in members:
                    return
                document = tomlkit.parse(text)
                entries = document.setdefault(_KEY, tomlkit.aot())
                if digest:
                    change(entries, _position(members, digest))
                elif added is not None:
                    entries.append(_entry(added))
                write_atomic(self._path, tomlkit.dumps(document).encode(), mode=0o600)
        except OSError as error:
            raise output_error(self._path, error) from error

    def _read(self) -> str:
        try:
            return read_bounded(self._path, _MAX_BYTES).decode()
        except OSError as error:
            raise self._unreadable(describe_os_error(error)) from error
        except UnicodeDecodeError:
            raise self._unreadable("不是 UTF-8 文本") from None

    def _parse(self, text: str) -> tuple[StaffMember, ...]:
        try:
            entries = tomllib.loads(text).get(_KEY, [])
            members = tuple(StaffMember.model_validate(entry) for entry in entries)
        except tomllib.TOMLDecodeError as error:
            raise self._unreadable(f"不是正确的 TOML（{explain_toml_error(text, error)}）") from None
        except (ValidationError, TypeError, AttributeError):
            raise self._unreadable("有一项写得不对：每一项要有 name，其余是文字或者文字的列表") from None
        return members

    def _unreadable(self, reason: str) -> UsageError:
        return UsageError(
            f"人员名单“{STAFF_FILE}”读不了：{reason}。", fix="请管理员改正这个文件，或者移走后在这一页重新填。"
        )


def member_from_form(values: dict[str, str], usually: Sequence[str]) -> StaffMember:
    """The person whom a form describes.

    Raises:
        UsageError: a value is wrong.
    """
    name = values.get("name", "").strip()
    if shows_nothing(name) or len(name) > _MAX_LENGTH or not name.isprintable():
        raise UsageError("姓名要有 1 至 64 个看得见的字。", fix="请改正后再保存。")
    try:
        return StaffMember.model_validate(
            {
                **values,
                "name": name,
                "post": values.get("post") or "other",
                "usually": [part for part in PARTS if part in usually],
                "in_enforcement": True,
            }
        )
    except ValidationError as error:
        raise UsageError("有一格写得太长，或者不在可以选的里面。", fix="请改正后再保存。") from error


def _entry(member: StaffMember) -> tomlkit.items.Table:
    """A table of the file: what is not given is left out."""
    table = tomlkit.table()
    defaults = {key: field.default for key, field in StaffMember.model_fields.items()}
    for key, value in json.loads(member.model_dump_json()).items():
        if value != defaults[key] and value != []:
            table.add(key, value)
    return table


class EntryChangedError(UsageError):
    """Another user has changed or removed an entry since it was shown."""


def _position(members: Sequence[StaffMember], digest: str) -> int:
    position = next((at for at, one in enumerate(members) if one.digest == digest), None)
    if position is None:
        raise EntryChangedError("这一项刚被别人改过或者删去了，没有办成。", fix="请刷新页面后再办。")
    return position
