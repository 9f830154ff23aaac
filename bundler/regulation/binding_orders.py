"""The order in which each kind of bundle binds its papers; a paper that an order does not name precedes the other papers."""

from __future__ import annotations

from bundler.regulation.articles import ART_14
from bundler.regulation.papers import PAPERS, BundleKind, Item

ARCHIVE_ORDER: tuple[Item, ...] = (
    Item.REGISTRATION,
    Item.TRANSFER_PROOF,
    Item.LEADER_INSTRUCTION,
    Item.SUPERIOR_NOTICE,
    Item.ACCEPTANCE_NOTICE,
    Item.ACCEPTANCE_SERVICE,
    Item.EXPLANATION_NOTICE,
    Item.EXPLANATION_SERVICE,
    Item.INVESTIGATION,
    Item.HEARING_RECORD,
    Item.INTERVIEW,
    Item.EVIDENCE,
    Item.APPROVAL,
    Item.REPLY_OPINION,
    Item.REPLY_SERVICE,
    Item.JURISDICTION_NOTE,
    Item.LEGAL_DOCUMENT,
    Item.CONVERSATION_RECORD,
    Item.MEASURES,
    Item.COMMITMENT,
    Item.OTHER,
)
"""Binding order of an archive bundle: the nine items, each followed by the papers that belong to it."""

WRITE_OFF_ORDER: tuple[Item, ...] = (
    Item.WRITE_OFF_REQUEST,
    Item.LEGAL_DOCUMENT,
    Item.CONVERSATION_RECORD,
    Item.MEASURES,
    Item.COMMITMENT,
    *(item for item in ARCHIVE_ORDER if PAPERS[item].number == 0 or PAPERS[item].article != ART_14),
)
"""Binding order of a write-off: the request and Art. 14's materials precede Art. 16's items."""

DECLINED_ORDER: tuple[Item, ...] = (
    Item.REGISTRATION,
    Item.EXPLANATION_NOTICE,
    Item.TRANSFER_PROOF,
    Item.EVIDENCE,
    Item.LEGAL_DOCUMENT,
    Item.SUPERIOR_NOTICE,
    Item.INTERVIEW,
    Item.EXPLANATION_SERVICE,
    Item.JURISDICTION_NOTE,
    Item.OTHER,
)
"""Binding order of a declined case (Art. 15): registration, notice, the ground's proofs, service, others."""

BINDING_ORDERS: dict[BundleKind, tuple[Item, ...]] = {
    BundleKind.ARCHIVE: ARCHIVE_ORDER,
    BundleKind.WRITE_OFF: WRITE_OFF_ORDER,
    BundleKind.DECLINED: DECLINED_ORDER,
}
