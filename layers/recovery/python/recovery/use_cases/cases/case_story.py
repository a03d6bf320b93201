"""Tell the story of a loan's cases: what was due, paid, said, promised, decided, by date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Protocol, TypedDict

from recovery.documents.accounting.loan_document import LoanDocument
from recovery.domain.cases.approval import PendingDecision
from recovery.domain.cases.record import CaseRecord
from recovery.domain.outbox import TimelineEntry
from recovery.ports.needs import HasCases, HasTimeline, LoansAndInstitutions
from recovery.use_cases.accounting.read_loan import read_loan

# What a reader looks for; any other kind of entry is told under its own name.
_WORDS = {
    "payment": "paid",
    "message": "said",
    "notice": "said",
    "reply": "heard",
    "promise": "promised",
    "agreement": "agreed",
    "decision": "decided",
    "stage": "moved",
}


class StoryPorts(LoansAndInstitutions, HasCases, HasTimeline, Protocol):
    """The loan, its cases and its timeline."""


class Happened(TypedDict):
    """One thing that happened, on a day."""

    on: str
    what: str
    text: str


class CaseStory(TypedDict):
    """One case from its opening to its end; ``until`` is None while it is open.

    ``path`` are its stages with date and reason; ``happened`` everything in order, with what was
    due before and unpaid when it began first.
    """

    case_id: str
    state: str
    since: str | None
    until: str | None
    advisor_task: str | None
    execution: str | None
    path: list[dict[str, str]]
    happened: list[Happened]
    decisions: list[dict[str, Any]]


class LoanStory(TypedDict):
    """Where the loan stands, and its cases in order."""

    loan_id: str
    currency: str
    standing: dict[str, Any]
    cases: list[CaseStory]


def tell_cases(loan_id: str, now: datetime, ports: StoryPorts) -> LoanStory:
    """Tell each case of the loan. Raises LoanNotFoundError."""
    loan = read_loan(loan_id, now, ports)
    entries = list(ports.timeline.read(loan_id))
    decisions = ports.cases.decisions_of(loan_id)
    today = date.fromisoformat(str(loan["standing"]["as_of"]))
    return {
        "loan_id": loan_id,
        "currency": loan["contract"]["currency"],
        "standing": dict(loan["standing"]),
        "cases": [
            _story(record, today, loan, entries, decisions)
            for record in ports.cases.cases_of(loan_id)
        ],
    }


def _story(
    record: CaseRecord,
    today: date,
    loan: LoanDocument,
    entries: list[TimelineEntry],
    decisions: list[PendingDecision],
) -> CaseStory:
    since = record.path[0].on if record.path else None
    until = record.path[-1].on if record.path and record.outcome else None
    happened: list[Happened] = []
    if since:
        happened = [*_due(loan, since, until or today), *_told(entries, since, until or today)]
    return {
        "case_id": record.case_id,
        "state": record.outcome or record.stage or "opening",
        "since": str(since) if since else None,
        "until": str(until) if until else None,
        "advisor_task": record.advisor_task,
        "execution": record.execution_id,
        "path": [
            {"on": str(step.on), "stage": step.stage, "reason": step.reason} for step in record.path
        ],
        "happened": sorted(happened, key=lambda each: each["on"]),
        "decisions": [_decision(each) for each in decisions if each.case_id == record.case_id],
    }


def _due(loan: LoanDocument, since: date, until: date) -> Iterator[Happened]:
    """Tell each instalment that fell due in the case, or was unpaid when it began."""
    currency = loan["contract"]["currency"]
    for each in loan["schedule"]:
        on, paid_off_on = date.fromisoformat(each["due_date"]), each["paid_off_on"]
        was_paid = paid_off_on is not None and date.fromisoformat(paid_off_on) < since
        if on <= until and (on >= since or not was_paid):
            text = f"instalment {each['number']}: {each['due']['total']} {currency}"
            yield {"on": str(on), "what": "due", "text": text}


def _told(entries: list[TimelineEntry], since: date, until: date) -> Iterator[Happened]:
    for each in entries:
        if since <= each.on <= until:
            what = _WORDS.get(each.kind, each.kind)
            yield {"on": str(each.on), "what": what, "text": each.text}


def _decision(decision: PendingDecision) -> dict[str, Any]:
    asked, decided = decision.asked_by.in_words(), decision.decided_by
    return {
        "decision_id": decision.decision_id,
        "kind": decision.kind,
        "asked_by": asked,
        "asked_at": decision.asked_at.isoformat(),
        "because": decision.reason,
        "outcome": decision.outcome,
        "decided_by": decided.in_words() if decided else None,
        "decided_at": decision.decided_at.isoformat() if decision.decided_at else None,
        "decided_because": decision.decided_because,
    }
