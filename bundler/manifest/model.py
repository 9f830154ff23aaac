"""The model of ``manifest.json``: what a bundle contains, page by page, and what it was made from.

No value depends on the day on which a bundle is made: the same case gives the same bytes.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from bundler.bind.volume_scope import VolumeScope
from bundler.regulation.papers import BundleKind, Item
from bundler.regulation.rule_codes import Severity

VERSION = 1
MANIFEST_NAME = "manifest.json"
CASE_NAME = "case.json"
TOOL_NAME = "petition-bundler"
"""The program that `Tool.name` names."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, le=10**15)]
Folio = Annotated[int, Field(ge=1, le=10**6)]


class _ManifestModel(BaseModel):
    """A frozen part of the manifest; unknown keys are errors, and types are not guessed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, str_max_length=20_000, defer_build=True
    )


class ManifestPage(_ManifestModel):
    """A page of the file, in order.

    Attributes:
        label: its page label: the 页号, or 封面, 目录-n, 备考表.
        sha256: the digest of its content (see ``docs/archive.md``).
        links: the 页号 to which its links lead, in order.
    """

    label: str
    sha256: Digest
    links: tuple[Folio, ...] = ()


class ManifestPaper(_ManifestModel):
    """A line of the index.

    Attributes:
        number: its 序号.
        item: the item under which it is bound.
        origin: where its pages come from: ``file``, ``word``, ``generated``, ``absent`` or ``list``.
    """

    number: Annotated[int, Field(ge=1)]
    item: Item
    title: str
    origin: Literal["generated", "file", "word", "absent", "list"]
    first_page: Folio
    last_page: Folio


class ManifestSource(_ManifestModel):
    """An attached file, or a range of its pages, as it was bound.

    Attributes:
        pages: the range that was bound, such as ``1-3``; None for the whole file.
        changed: what binding changed about it, in Chinese; empty where nothing visible or active was changed.
        reading: the digest of the record of what was read on it, from which the text layer of its pages was written; None,
            and not written, where it was not read.
    """

    file: str
    sha256: Digest
    size: Count
    media_type: str
    items: tuple[Item, ...]
    pages: str | None = None
    first_page: Folio
    last_page: Folio
    changed: tuple[str, ...] = ()
    reading: Digest | None = None

    @model_serializer(mode="wrap")
    def _leave_out_reading(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A bundle without readings is the same as ever."""
        values: dict[str, Any] = write(self)
        if self.reading is None:
            del values["reading"]
        return values


class LeftOut(_ManifestModel):
    """A paper that this volume leaves out, identified only by its digest."""

    items: tuple[Item, ...]
    sha256: Digest | None = None
    pages: str | None = None


class Part(_ManifestModel):
    """第 n 册 of m."""

    number: Annotated[int, Field(ge=1)] = 1
    of: Annotated[int, Field(ge=1)] = 1


class CaseFile(_ManifestModel):
    """The case.json from which the bundle was made."""

    sha256: Digest
    size: Count
    embedded: bool


class Tool(_ManifestModel):
    """The program that made the bundle.

    Attributes:
        name: always `TOOL_NAME`.
        version: its release.
        libraries: the releases of the libraries on which the bytes of typeset pages depend, by name; empty in the
            bundles of releases that did not note them.
    """

    name: str
    version: str
    libraries: dict[str, str] = {}


class NamedRegulation(_ManifestModel):
    """The regulation under which a bundle was made, where it is not the first shipped one.

    Attributes:
        title, number: its title and its 文号.
        sha256: the digest of its file.
    """

    title: str
    number: str
    sha256: Digest


class ManifestFinding(_ManifestModel):
    """A warning or information of the gate that does not depend on the day of the check."""

    rule: str
    severity: Severity
    article: str | None
    item: Item | None
    message: str


class EarlierManifest(_ManifestModel):
    """An earlier bundle to which papers were added: its manifest, embedded under its own name, and its page count."""

    file: str
    sha256: Digest
    pages: Annotated[int, Field(ge=1)]


class Manifest(_ManifestModel):
    """``manifest.json``.

    Attributes:
        pages: how many pages of this file have a 页号.
        page_digests: every page of the file, in order.
        left_out: the papers that a 正卷 leaves out.
        templates, fonts: digests by file name.
        profile: digest of the profile's values.
        regulation: the regulation whose items the bundle has; None, and not written, for the first shipped one.
        earlier: the bundles to which this one adds papers, oldest first.
    """

    version: Literal[1] = 1
    registration_no: str
    kind: BundleKind
    volume: VolumeScope = VolumeScope.WHOLE
    part: Part = Part()
    pages: Count
    papers: tuple[ManifestPaper, ...]
    sources: tuple[ManifestSource, ...]
    left_out: tuple[LeftOut, ...] = ()
    page_digests: tuple[ManifestPage, ...]
    case: CaseFile
    templates: dict[str, Digest]
    profile: Digest
    regulation: NamedRegulation | None = None
    fonts: dict[str, Digest]
    tool: Tool
    findings: tuple[ManifestFinding, ...]
    earlier: tuple[EarlierManifest, ...] = ()

    @model_serializer(mode="wrap")
    def _leave_out_regulation(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A bundle under the first shipped regulation is the same as ever."""
        values: dict[str, Any] = write(self)
        if self.regulation is None:
            del values["regulation"]
        return values

    @property
    def folios(self) -> tuple[int, ...]:
        """The 页号 of its pages, in order."""
        return tuple(int(page.label) for page in self.page_digests if page.label.isdecimal())


class PaperManifest(_ManifestModel):
    """``manifest.json`` of a single paper: what it was drafted from. Of the case it holds only the digest.

    Attributes:
        document: the document's id.
        pages: how many pages this file has.
        word: digest of the filled Word file that was typeset.
        template: digest of the Word template.
        profile, fonts: as in a bundle's manifest.
    """

    version: Literal[1] = 1
    registration_no: str | None
    document: str
    title: str
    pages: Count = 0
    word: Digest
    case: CaseFile
    template: Digest
    profile: Digest
    fonts: dict[str, Digest]
    tool: Tool
