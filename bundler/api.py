"""The public functions check, render, build and verify, which the commands of these names are written on.

``import bundler`` offers them as `bundler.check` and so on; ``docs/python.md`` says what is stable. What only one of them
needs is imported inside it: the commands import this module, and `check` must start quickly.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bundler import clock
from bundler.bind.volume_scope import VolumeScope
from bundler.bundle.checked_case import CheckedCase, check_case
from bundler.case.reader import ReadResult, read_case
from bundler.errors import CaseError, TemplateError, UsageError
from bundler.profile import Profile, load_profile
from bundler.regulation.papers import SERVICE_RECEIPTS, BundleKind, Item

if TYPE_CHECKING:
    from bundler.bundle.build import BuildResult, Progress
    from bundler.bundle.single_papers import PaperDrafter
    from bundler.bundle.supplement import EarlierBundle
    from bundler.case.model import Case
    from bundler.documents.document_definition import DocumentDefinition
    from bundler.ledger.case_change_log import HistoryEntry
    from bundler.sandbox import SandboxWorker
    from bundler.signature.signing import SigningKey
    from bundler.verification.rebuild import CaseAtHand
    from bundler.verification.verify import Verification

RETURN_NOTICE = "return_notice"
REMINDER_NOTICE = "reminder_notice"
"""The document that `render` fills from the check of a case: 核销（归档）材料退回补正通知单."""
_SERVICE_RECEIPT = "service_receipt"
_BUILDS = frozenset({"build", "batch"})


def check(
    case: str | Path,
    *,
    kind: BundleKind | str | None = None,
    today: date | None = None,
    profile: Profile | str | Path | None = None,
) -> CheckedCase:
    """Read a case with its files, and apply every rule of the gate. Nothing is written.

    Args:
        case: the case folder, or its case.json.
        kind: the kind of bundle to check for; None: the kind that the case itself calls for.
        today: the day on which time limits are judged; None: today in China.
        profile: the court, or the path of its profile; None: the court of the regulation.

    Returns:
        The case with its findings. A case that cannot be read is no error here: its `reading.unreadable` is true.

    Raises:
        UsageError: the profile cannot be read, or `kind` is no kind.
    """
    return check_case(str(case), kind=_kind(kind), today=today or _today(), profile=_profile(profile))


@dataclass(frozen=True, slots=True)
class RenderedPaper:
    """A paper of a case, as a file that is not written yet.

    Attributes:
        document: the code of its document, such as ``acceptance_notice``.
        title: the document's title.
        number: the registration number (登记号) of the case; empty for none.
        suffix: distinguishes it from the other papers of the same document; empty for a single one.
        format: ``docx`` or ``pdf``.
        data: the bytes of the file.
    """

    document: str
    title: str
    number: str
    suffix: str
    format: Literal["docx", "pdf"]
    data: bytes

    @property
    def file_name(self) -> str:
        """The name that the command ``render`` gives the file."""
        return f"{self.number}-{self.document}{self.suffix}.{self.format}"


def render(  # noqa: PLR0913 (the options of the command)
    case: str | Path | ReadResult,
    document: str | None,
    *,
    format: Literal["docx", "pdf"] = "docx",  # noqa: A002 (the name of the command's option)
    item: Item | str | None = None,
    profile: Profile | str | Path | None = None,
    templates: str | Path | None = None,
) -> Generator[RenderedPaper, None, None]:
    """Draft the papers of one document of a case, or of every document that the case can fill. Nothing is written.

    Arguments are checked at once, and each paper is drafted when the iteration reaches it, in a process with limits, which `close` ends.

    Args:
        case: the case folder, its case.json, or what `read_case` returned.
        document: the code of the document; None: every document whose fields the case has.
        format: a Word file to edit, or the PDF that is typeset from it.
        item: of a ``service_receipt``, the service alone that is meant; None: every service.
        profile: the court, or the path of its profile; None: the court of the regulation.
        templates: the folder of templates; None: the templates in the package.

    Raises:
        UsageError: there is no such document, or the profile cannot be read.
        CaseUnreadableError: the case cannot be read at all.
        CaseError: the case lacks a field that the document needs, or has one that cannot be read or printed.
        TemplateError: a template is broken.
        FontGlyphError: no font has one of the characters; only for PDF.
    """
    from bundler.bundle.single_papers import require_printable_case
    from bundler.documents.definitions import DOCUMENTS, find_missing_fields, find_templates_folder

    if item and document != _SERVICE_RECEIPT:
        raise UsageError("--item 只用于送达回证。", fix="请写 --doc service_receipt。")
    if item and item not in SERVICE_RECEIPTS:
        raise UsageError(f"“{item}”不是送达回证。", fix=f"请写其中一个：{'、'.join(SERVICE_RECEIPTS)}。")
    wanted = list(DOCUMENTS.values()) if document is None else [_document(document)]
    court, folder = _profile(profile), find_templates_folder(Path(templates) if templates else None)
    reading = case if isinstance(case, ReadResult) else read_case(case)
    if document == RETURN_NOTICE:
        return _render_return_notice(reading, wanted[0], format, court, folder)
    if document == REMINDER_NOTICE:
        return _render_reminders(reading, wanted[0], format, court, folder)
    printable = require_printable_case(reading)
    if document is None:
        wanted = [one for one in wanted if not find_missing_fields(one.id, printable)]
    return _render(reading, printable, wanted, format, Item(item) if item else None, court, folder)


def render_review(
    case: ReadResult | str | Path,
    *,
    profile: Profile | str | Path | None = None,
    templates: str | Path | None = None,
) -> bytes:
    """Typeset all papers that a case can fill as one PDF for a proof-reader: in the margin is where each value comes from.

    Args:
        case: the case folder, its case.json, or what `read_case` returned.
        profile: the court, or the path of its profile; None: the court of the regulation.
        templates: the folder of templates; None: the templates in the package.

    Raises:
        UsageError: the profile cannot be read.
        CaseUnreadableError: the case cannot be read at all.
        CaseError: the case can fill no paper, or has a field that cannot be read or printed.
        TemplateError: a template is broken.
        FontGlyphError: no font has one of the characters.
    """
    from bundler.bundle.review import review_pdf
    from bundler.bundle.single_papers import DRAFT_LIMITS, require_printable_case
    from bundler.documents.definitions import find_templates_folder
    from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError

    court, folder = _profile(profile), find_templates_folder(Path(templates) if templates else None)
    printable = require_printable_case(case if isinstance(case, ReadResult) else read_case(case))
    with SandboxWorker(DRAFT_LIMITS) as worker:
        try:
            return worker.run(review_pdf, printable, court, folder)
        except (LimitExceededError, WorkFailedError) as error:
            raise TemplateError(
                "校对稿做不出来：用的内存或者时间过多，或者模板已损坏。", fix="请检查模板，或者换用自带的模板。"
            ) from error


def _render(  # noqa: PLR0913, PLR0917 (the arguments of `render`, checked)
    reading: ReadResult,
    case: Case,
    documents: Iterable[DocumentDefinition],
    file_format: Literal["docx", "pdf"],
    item: Item | None,
    profile: Profile,
    templates: Path,
) -> Generator[RenderedPaper, None, None]:
    from bundler.bundle.single_papers import DRAFT_LIMITS, PaperDrafter
    from bundler.sandbox import SandboxWorker

    with SandboxWorker(DRAFT_LIMITS) as worker:
        drafter = PaperDrafter(profile, templates, worker)
        for document in documents:
            for suffix, word in drafter.papers(case, document, item):
                yield _paper(drafter, reading, document, case.registration.no or "", suffix, word, file_format)


def _render_return_notice(
    reading: ReadResult,
    document: DocumentDefinition,
    file_format: Literal["docx", "pdf"],
    profile: Profile,
    templates: Path,
) -> Generator[RenderedPaper, None, None]:
    """Check the case as of today, and draft the notice that returns it."""
    from bundler.bundle.single_papers import DRAFT_LIMITS, PaperDrafter, make_return_notice
    from bundler.sandbox import SandboxWorker

    with SandboxWorker(DRAFT_LIMITS) as worker:
        checked = check(reading.given, profile=profile)
        number, word = make_return_notice(checked, templates, _today())
        yield _paper(PaperDrafter(profile, templates, worker), reading, document, number, "", word, file_format)


def _render_reminders(
    reading: ReadResult,
    document: DocumentDefinition,
    file_format: Literal["docx", "pdf"],
    profile: Profile,
    templates: Path,
) -> Generator[RenderedPaper, None, None]:
    """Draft the reminders of what is due in a case as of today, one to each person."""
    from bundler.bundle.single_papers import DRAFT_LIMITS, PaperDrafter, require_printable_case
    from bundler.documents.drafting import fill_reminder_notice
    from bundler.ledger.case_deadlines import case_statuses
    from bundler.ledger.reminders import reminder_view, reminders_due
    from bundler.sandbox import SandboxWorker

    require_printable_case(reading)
    statuses = tuple(case_statuses([reading.folder], today=_today(), profile=profile))
    due = reminders_due(statuses, profile)
    if not due:
        raise CaseError("没有临近期限或者超过期限的事项，不用催办。", fix="期限到了再催办。")
    with SandboxWorker(DRAFT_LIMITS) as worker:
        drafter = PaperDrafter(profile, templates, worker)
        for number, reminder in enumerate(due, start=1):
            suffix = f"-{number}" if len(due) > 1 else ""
            word = fill_reminder_notice(reminder_view(reminder, profile, _today()), templates)
            yield _paper(drafter, reading, document, statuses[0].number, suffix, word, file_format)


def _paper(  # noqa: PLR0913, PLR0917 (the parts of a paper)
    drafter: PaperDrafter,
    reading: ReadResult,
    document: DocumentDefinition,
    number: str,
    suffix: str,
    word: bytes,
    file_format: Literal["docx", "pdf"],
) -> RenderedPaper:
    data = drafter.pdf(reading, document, word) if file_format == "pdf" else word
    return RenderedPaper(document.id, document.title, number, suffix, file_format, data)


def _document(document_id: str) -> DocumentDefinition:
    from bundler.documents.batch_documents import BATCH_DOCUMENTS
    from bundler.documents.definitions import DOCUMENTS

    if document_id == "submission_letter":
        raise UsageError("请示汇总一批案件，由 bundler batch 生成。", fix="请用 bundler batch 文件夹 -o 输出文件夹。")
    if document_id == "reception_register":
        raise UsageError(
            "接访登记汇总各案，由 bundler ledger 生成。",
            fix="请用 bundler ledger 文件夹 --reception 文件，日期用 --today。",
        )
    known = {**DOCUMENTS, **BATCH_DOCUMENTS}
    if document_id not in known:
        import difflib

        near = difflib.get_close_matches(document_id, known, n=1)
        hint = f"是不是“{near[0]}”？" if near else f"可用的代号：{'、'.join(known)}。"
        raise UsageError(f"没有“{document_id}”这份文书。", fix=hint)
    return known[document_id]


def build(  # noqa: PLR0913 (the options of the command)
    case: CheckedCase,
    target: str | Path | None = None,
    *,
    scope: VolumeScope = VolumeScope.WHOLE,
    supplement: str | Path | None = None,
    key: SigningKey | None = None,
    dry_run: bool = False,
    templates: str | Path | None = None,
    protected: Iterable[Path] = (),
    progress: Progress | None = None,
    worker: SandboxWorker | None = None,
) -> BuildResult:
    """Build the bundle of a complete case as one PDF, and add a line to the case's history.

    Args:
        case: what `check` returned.
        target: the file to write; None: named after the registration number (登记号), in the current folder.
        scope: the whole (全卷), or the volume that petitioners may read (正卷).
        supplement: an earlier bundle of the case, to which its new papers are added in another file; None: no supplement.
        key: the key to sign with; None: no signature.
        dry_run: plan and typeset, and write nothing.
        templates: the folder of templates; None: the templates in the package.
        protected: files besides the case's own and the earlier bundle that must not be replaced.
        progress: called with each step as a Chinese text, and once with the number of papers to join.
        worker: a process of `bundler.bundle.build.preloaded_worker`, which is not part of the stable interface.

    Raises:
        CaseError: the gate does not let the case through, the earlier bundle was changed, or a file cannot be bound.
        UsageError: the bundle would replace one of its inputs, or there is no such earlier bundle.
        OutputError: the bundle cannot be written.
        TemplateError: a template is broken.
        FontGlyphError: no font has one of the characters.
        FileChangedError: a file has changed since the check.
    """
    from bundler.bundle.build import BuildRequest, build_bundle
    from bundler.bundle.output_targets import bundle_file_name
    from bundler.documents.definitions import find_templates_folder

    old = Path(supplement) if supplement else None
    earlier = _earlier_bundle(case, old, templates) if old else None
    times = len(earlier.manifest.earlier) + 1 if earlier else 0
    number = case.check_result.registration_no or ""
    request = BuildRequest(
        templates=find_templates_folder(Path(templates) if templates else None),
        target=Path(target) if target else Path(bundle_file_name(number, scope, times)),
        protected=(*((old,) if old else ()), *protected),
        scope=scope,
        earlier=earlier,
        key=key,
        dry_run=dry_run,
    )
    built = build_bundle(case, request, progress or (lambda _: None), worker)
    return replace(built, history_error=_record(case, built)) if built.bound else built


def _record(case: CheckedCase, built: BuildResult) -> str:
    """Add a line to the case's history; why it could not be written, or an empty text."""
    from bundler.ledger.case_change_log import FileDigest, HistoryError, append_history

    try:
        append_history(case.reading.folder, "build", [FileDigest(one.path.name, one.sha256) for one in built.bound])
    except HistoryError as error:
        return str(error)
    return ""


def _earlier_bundle(case: CheckedCase, path: Path, templates: str | Path | None) -> EarlierBundle:
    """Read the bundle that a supplement is added to, and prove it by building it anew from the case.

    Raises:
        UsageError: it cannot be read, or is not the last of its books (册).
        CaseError: it was changed, or belongs to another case.
    """
    from bundler.bundle.supplement import EarlierBundle
    from bundler.verification.observe_file import UnreadableError
    from bundler.verification.verify import verify as verify_file

    hand = _case_at_hand(case.reading.folder, case.profile, templates, is_later=True)
    try:
        verification = verify_file(path, case=hand)
    except UnreadableError:
        raise UsageError(f"“{path}”不在，或者不是能读的文件。", fix="请用 --supplement 给出原来的卷宗。") from None
    manifest, seal = verification.observed.manifest, verification.observed.seal
    if manifest is None or seal is None or not is_proved(verification, case.reading.folder):
        raise CaseError(
            f"原卷“{path}”核对不一致，没有成卷：{verification.problems[0].message}",
            fix="请用 bundler verify --case 核对，改用原件。",
        )
    if manifest.registration_no != case.check_result.registration_no:
        raise CaseError(f"原卷的登记号是“{manifest.registration_no}”，与本案不同，没有成卷。", fix="请核对案件和原卷。")
    if manifest.part.number != manifest.part.of:
        raise UsageError(f"“{path}”不是最后一册。", fix="补充材料接在最后一册后面，请给出最后一册。")
    return EarlierBundle(
        path, verification.observed.sha256, seal.length, manifest, verification.observed.manifest_sha256
    )


def verify(  # noqa: PLR0913 (the options of the command)
    file: str | Path,
    *,
    case: str | Path | None = None,
    sha256: str | None = None,
    trust: bytes | None = None,
    profile: Profile | str | Path | None = None,
    templates: str | Path | None = None,
) -> Verification:
    """Check whether a bundle is still what it was when it was built. Nothing is written.

    Args:
        file: the bundle.
        case: the case folder, from which the bundle is built anew and compared; None: it is compared with itself alone.
        sha256: the digest that the file should have, as 64 hexadecimal digits.
        trust: trusted certificates (PEM), with which the signer is checked; None: the signature's integrity alone.
        profile: the court, or the path of its profile; None: the court of the regulation. It is used with `case` alone.
        templates: the folder of templates; None: the templates in the package. It is used with `case` alone.

    Raises:
        UnreadableError: the file cannot be read. A file that is no bundle is no error: `Verification.ours` is false.
        UsageError: the profile cannot be read.
        OutputError: there is no room for the bundle that is built anew.
    """
    from bundler.verification.verify import verify as verify_file

    hand = _case_at_hand(Path(case), _profile(profile), templates) if case else None
    return verify_file(Path(file), case=hand, sha256=sha256, trust=trust)


def is_proved(verification: Verification, folder: Path) -> bool:
    """Whether a verification with a case proves that the bundle comes from it, so that it may be signed or added to.

    A bundle that cannot be compared any more (other surroundings, a case that went on) is proved as a file: by this user's
    own record of what he built, or by the case's history, unless its pages contradict the case in the same surroundings.

    Args:
        verification: the result of `verify` with the case.
        folder: the case folder.
    """
    from bundler.bundle.bundles_built_here import was_built_here
    from bundler.verification.rebuilt_bundle_comparison import CASE_CODES, DIFFERENCE_CODES

    if verification.ok:
        return verification.comparison is not None
    codes, digest = {problem.code for problem in verification.problems}, verification.observed.sha256
    if not codes <= CASE_CODES:
        return False
    comparison = verification.comparison
    contradicts = bool(codes & DIFFERENCE_CODES) and not (comparison and comparison.surroundings)
    outputs = {one.sha256 for entry in _history_entries(folder) for one in entry.outputs if entry.action in _BUILDS}
    return was_built_here(digest) or (digest in outputs and not contradicts)


def _history_entries(folder: Path) -> tuple[HistoryEntry, ...]:
    """The entries of a case's history; none where one of them was changed, or it cannot be read."""
    from bundler.ledger.case_change_log import HistoryError, read_history

    try:
        history = read_history(folder if folder.is_dir() else folder.parent)
    except HistoryError:
        return ()
    return () if history.broken else history.entries


def _case_at_hand(
    folder: Path, profile: Profile, templates: str | Path | None, *, is_later: bool = False
) -> CaseAtHand:
    """The case with which a bundle is compared, with the digests of case.json that its history names."""
    from bundler.documents.definitions import find_templates_folder
    from bundler.verification.rebuild import CaseAtHand

    recorded = frozenset(entry.case_sha256 for entry in _history_entries(folder))
    templates_folder = find_templates_folder(Path(templates) if templates else None)
    return CaseAtHand(folder, profile, templates_folder, recorded, is_later=is_later)


def _today() -> date:
    return clock.now().date()


def _kind(kind: BundleKind | str | None) -> BundleKind | None:
    if not kind:
        return None
    if kind not in set(BundleKind):
        raise UsageError(f"没有“{kind}”这个类别。", fix=f"可用的类别：{'、'.join(BundleKind)}。")
    return BundleKind(kind)


def _profile(profile: Profile | str | Path | None) -> Profile:
    return profile if isinstance(profile, Profile) else load_profile(Path(profile) if profile else None)
