"""Whether a case may go up to the superior court, or has gone up already: nothing is sent twice (Art. 14)."""

from __future__ import annotations

from enum import StrEnum

from bundler.case.model import Case


class SubmissionState(StrEnum):
    """Where the request for write-off (核销) of a case stands."""

    NEW = "new"
    REPORTED = "reported"
    WRITTEN_OFF = "written_off"
    SENT_BACK = "sent_back"
    AGAIN = "again"

    @property
    def label(self) -> str:
        """The Chinese word for it."""
        return {
            "new": "待上报",
            "reported": "已上报",
            "written_off": "已核销",
            "sent_back": "上级退回",
            "again": "退回后重新申请",
        }[self.value]

    @property
    def may_go_up(self) -> bool:
        """Whether the next submission may have the case."""
        return self in {SubmissionState.NEW, SubmissionState.AGAIN}


def submission_state(case: Case, *, is_sending_recorded: bool) -> SubmissionState | None:
    """Where the request of a case stands; None where it asks for no write-off.

    A case that the superior court sent back goes up again once its write-off is requested anew, later than the answer.

    Args:
        case: the case.
        is_sending_recorded: `bundler submitted` recorded the day of the report. A day that was only filled in tells what is
            planned, and keeps no case out of the submission.
    """
    write_off = case.write_off
    if write_off is None:
        return None
    if write_off.answer == "written_off":
        return SubmissionState.WRITTEN_OFF
    if write_off.answer == "returned":
        asked, answered = write_off.requested_on, write_off.answered_on
        return SubmissionState.AGAIN if asked and answered and asked > answered else SubmissionState.SENT_BACK
    return SubmissionState.REPORTED if write_off.reported_on and is_sending_recorded else SubmissionState.NEW
