"""A payment pattern: a named behaviour that shows its evidence, and what patterns are found in.

Patterns serve to help in time, never to blame: what a third party paid is not the borrower's own
punctuality, and only a contact that arrived can go unanswered. Every pattern is found anew at each
review from what is known then, so a payment that is dated back, or arrives out of order, changes
them as if it had always been there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from recovery.domain.monitoring.pattern_policy import PatternPolicy
from recovery.domain.monitoring.payment_lines import PaymentLine


class PatternKind(StrEnum):
    """The patterns, in the order in which they are told."""

    FIRST_PAYMENT_DEFAULT = "first_payment_default"
    LATE_LAST_TIME = "late_last_time"
    FREQUENT_DELAYS = "frequent_delays"
    DRIFTING_LATER = "drifting_later"
    INCOMPLETE_PAYMENTS = "incomplete_payments"
    SHRINKING_PAYMENTS = "shrinking_payments"
    BEHIND_AT_CHECKPOINT = "behind_at_checkpoint"
    BROKEN_PROMISES = "broken_promises"
    SILENCE_AFTER_CONTACT = "silence_after_contact"
    ROLLED_RISK = "rolled_risk"
    SEVERAL_LOANS_ONE_STRAIN = "several_loans_one_strain"
    SEASONAL = "seasonal"
    IRREGULAR_BUT_SOUND = "irregular_but_sound"
    EARLY_PAYER = "early_payer"
    ON_TIME_IN_A_ROW = "on_time_in_a_row"
    PARTLY_AHEAD = "partly_ahead"


REASSURING = frozenset(
    {
        PatternKind.IRREGULAR_BUT_SOUND,
        PatternKind.EARLY_PAYER,
        PatternKind.ON_TIME_IN_A_ROW,
        PatternKind.PARTLY_AHEAD,
    }
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row: an instalment, when it was due and paid off (None: not yet), and what was paid."""

    number: int
    due_date: date
    paid_off_on: date | None
    paid_minor: int
    loan_id: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern found.

    ``level`` is 1 or more and grows with its strength; ``count`` of ``looked_at`` show it.
    ``evidence`` is empty where the counts are all that is kept, as for promises.
    """

    kind: PatternKind
    level: int
    count: int
    looked_at: int
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Contacts:
    """How often we turned to the person since their last answer or payment.

    ``arrived`` counts only what demonstrably reached them in a language they read, while no stop
    held; ``not_delivered``, ``no_language`` and ``stopped`` count the rest, which is never silence.
    ``since`` is the day of the first of them.
    """

    arrived: int = 0
    not_delivered: int = 0
    no_language: int = 0
    stopped: int = 0
    since: date | None = None


NO_CONTACTS = Contacts()


@dataclass(frozen=True, slots=True)
class OwnPayment:
    """What the borrower paid on one day, in minor units."""

    on: date
    amount_minor: int


@dataclass(frozen=True, kw_only=True)  # no slots: what is due is found once
class Behaviour:
    """What is known of a borrower's behaviour at ``as_of``.

    ``lines`` are the loan's instalments, ``elsewhere`` those of the person's other loans, past ones
    too. ``payments`` are the borrower's own, where they are known one by one. ``promises`` are
    (kept or met, missed). ``rolled`` counts restructurings, and loans repaid by a new one while in
    arrears.
    """

    as_of: date
    lines: tuple[PaymentLine, ...]
    elsewhere: tuple[PaymentLine, ...] = ()
    payments: tuple[OwnPayment, ...] = ()
    promises: tuple[int, int] = (0, 0)
    contacts: Contacts = NO_CONTACTS
    rolled: int = 0

    def due(self) -> tuple[PaymentLine, ...]:
        """Return the instalments of this and earlier loans that were due before ``as_of``, or paid
        off by then, oldest first; not those that third parties paid on time."""
        return self._due

    @cached_property
    def _due(self) -> tuple[PaymentLine, ...]:
        known = [
            each
            for each in (*self.elsewhere, *self.lines)
            if self.is_known(each) and (not each.by_others or self.is_own(each))
        ]
        return tuple(sorted(known, key=_in_order))

    def is_own(self, line: PaymentLine) -> bool:
        """Whether this instalment tells of the borrower: what others paid on time does not."""
        return not line.by_others or line.days_late(self.as_of) > 0

    def is_known(self, line: PaymentLine) -> bool:
        """Whether it is known by now if this instalment was paid on time."""
        return line.due_date < self.as_of or line.paid_off_on is not None


def _in_order(line: PaymentLine) -> tuple[date, str, int]:
    return line.due_date, line.loan_id, line.number


Finder = Callable[[Behaviour, PatternPolicy], Pattern | None]


def pattern(
    kind: PatternKind, level: int, rows: list[PaymentLine], looked_at: int, count: int | None = None
) -> Pattern:
    """Return a pattern with these lines as its evidence."""
    evidence = tuple(
        Evidence(each.number, each.due_date, each.paid_off_on, each.paid_minor, each.loan_id)
        for each in rows
    )
    return Pattern(kind, level, len(rows) if count is None else count, looked_at, evidence)
