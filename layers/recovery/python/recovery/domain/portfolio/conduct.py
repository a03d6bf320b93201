"""The conduct report: what the records say of how people were contacted, and whom we left out.

It judges from the records alone, by plain rules of its own: with what decides on messages it shares
values and the packs' data, and no function, so that a fault there is seen here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Instalment
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.person_facts import PersonFactRecord
from recovery.domain.cases.approval import PendingDecision
from recovery.domain.cases.record import Step
from recovery.domain.cases.tasks import Task
from recovery.domain.contact.borrower import Borrower, Contact
from recovery.domain.contact.contact_rules import ContactRules
from recovery.domain.contact.policy import ContactPolicy

RULES: Mapping[str, str] = {
    "outside_hours": "outside the hours of law, policy or the person",
    "outside_days": "on a day or holiday when nobody is contacted",
    "unknown_place": "to somebody whose place is not known",
    "too_many_messages": "messages over a cap",
    "too_many_calls": "calls over a cap",
    "too_many_conversations": "conversations over a cap",
    "too_many_visits": "visits over a cap",
    "day_of_a_payment": "a demand on the day of a payment",
    "quiet_days": "a demand within the quiet days after a payment",
    "not_owed": "a demand while nothing was overdue",
    "same_text_twice": "the same text twice in a row",
    "same_text_often": "the same text more than three times",
    "opted_out": "to somebody who said no",
    "no_basis": "without the yes that the law asks for",
    "barred": "to a barred number",
    "seen_by_others": "of a debt where others may see it",
    "unconfirmed": "of a debt to an address not confirmed lately",
    "restrained": "while something held us back",
    "during_a_promise": "pressing during a promise",
    "disputed_part": "about a disputed part",
    "reminded_without_need": "a reminder to somebody who always paid on time",
    "notice_answered": "a judicial step after an answered notice",
    "notice_without_proof": "a judicial step without a proved notice",
    "too_few_deciders": "one person's decision where two were needed",
    "left_out_for_language": "people left out: no text in a language of theirs",
    "left_out_for_data": "people left out: place, address or consent missing",
}
LOOKED_AT = ("people", "messages", "calls", "visits", "judicial_steps", "decisions")


@dataclass(frozen=True, slots=True)
class Law:
    """A place where the person may have been, with its rules as data.

    ``own`` is None for a country without rules. The local time of each zone counts.
    """

    own: ContactRules | None
    careful: ContactRules
    zones: tuple[tzinfo, ...]
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Details:
    """The person as on record on a day; ``places`` is empty if it was not known where they were.

    ``readable``: there are texts in a language that they named.
    """

    person: Borrower
    places: tuple[Law, ...]
    readable: bool


@dataclass(frozen=True, slots=True)
class LoanThen:
    """What was known of a loan at the moment of a message, with late charges until that day.

    ``recorded`` is what was on record then.
    """

    schedule: tuple[Instalment, ...]
    position: Position
    recorded: Recorded
    rescheduled: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One message that was, or may have been, sent.

    ``kind`` is what was said, ``meant`` what was to be said. ``about`` is the due date it was
    about. ``details`` are the person's that day: several if they were changed on it, as it is not
    on record which came first. ``loan`` is None if the loan cannot be read.
    """

    message_id: str
    loan_id: str
    kind: str
    meant: str
    about: date
    contact: Contact
    details: tuple[Details, ...]
    policy: ContactPolicy
    loan: LoanThen | None = None

    @property
    def on(self) -> date:
        return self.contact.contacted_on


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """A notice before judicial recovery. ``proved``: its receipt and content can be shown.

    ``since`` is the moment it went, ``answered_by_minor`` how much money answers it, 0 if none
    does.
    """

    on: date
    since: datetime | None
    answered_by_minor: int
    proved: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on record, the business date it was taken on, and how many people a filing took
    then."""

    decision: PendingDecision
    on: date
    approvals: int = 1


@dataclass(frozen=True, slots=True)
class LoanRecord:
    """What is on record of a loan besides messages.

    ``notices`` are the oldest first, ``steps`` all steps of its cases.
    """

    loan_id: str
    recorded: Recorded
    notices: tuple[NoticeGiven, ...] = ()
    steps: tuple[Step, ...] = ()
    decisions: tuple[Decided, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonConduct:
    """Everything on record of how one person was treated.

    ``said`` are all messages, the oldest first, ``now`` the details at the end of the period.
    ``owes``: the person owes something then.
    """

    person_id: str
    said: tuple[Said, ...]
    now: Details
    facts: tuple[PersonFactRecord, ...] = ()
    tasks: tuple[Task, ...] = ()
    loans: tuple[LoanRecord, ...] = ()
    owes: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One case that breaks a rule: ids and the day, no words. ``ref`` is the message, task or
    decision that it is about."""

    rule: str
    on: date
    person_id: str
    loan_id: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """From ``first`` to ``last``, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(slots=True)
class ConductReport:
    """What was looked at in the period, and what was found.

    ``unjudged`` counts messages of which the moment or the words are not on record: older versions
    did not keep them.
    """

    period: Period
    looked_at: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    unjudged: int = 0

    def count(self, rule: str) -> int:
        """Return how often a rule was broken."""
        return sum(each.rule == rule for each in self.findings)

    def add(self, other: ConductReport) -> None:
        """Take in a part."""
        self.looked_at.update(other.looked_at)
        self.findings += other.findings
        self.unjudged += other.unjudged


def chosen(findings: Iterable[Finding], period: Period) -> Iterator[Finding]:
    """Yield the findings of the period."""
    return (each for each in findings if each.on in period)
