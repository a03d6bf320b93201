"""What a debtor says about one loan: promises to pay and disputes, and how they end.

They change nothing that is owed. The rules about them are in ``agreements``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class DisputeKind(StrEnum):
    """What is disputed. ``not_mine``: the person says that the loan was never theirs."""

    PAID_ALREADY = "paid_already"
    WRONG_AMOUNT = "wrong_amount"
    CHARGES = "charges"
    TERMS = "terms"
    NOT_MINE = "not_mine"
    OTHER = "other"


class DisputeOutcome(StrEnum):
    """How a dispute ends; ``fraud_proven`` only one about a loan that is not the person's."""

    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    FRAUD_PROVEN = "fraud_proven"


@dataclass(frozen=True, slots=True)
class Promise:
    """On ``on`` somebody promised that ``amount_minor`` will be paid on ``pay_on``.

    ``channel`` is how it was said, such as phone; ``pay_by`` how the money will come. A payment
    counts with a value date up to ``grace_days`` late, and has ``posting_days`` more to be posted.
    ``tolerance_minor`` may be missing. ``reminder``: the person wants one the day before.
    """

    on: date
    amount_minor: int
    pay_on: date
    channel: str
    pay_by: str | None = None
    grace_days: int = 0
    posting_days: int = 0
    tolerance_minor: int = 0
    reminder: bool = False

    @property
    def last_value_date(self) -> date:
        """The last value date of a payment that keeps it."""
        return self.pay_on + timedelta(days=self.grace_days)

    @property
    def judged_on(self) -> date:
        """The first day on which it is broken if nothing came."""
        return self.last_value_date + timedelta(days=self.posting_days + 1)


@dataclass(frozen=True, slots=True)
class PromiseEnd:
    """On ``on`` the person took the promise back."""

    promise_id: str
    on: date


@dataclass(frozen=True, slots=True)
class Dispute:
    """On ``on`` the person disputed ``amount_minor``, or None: the whole loan.

    ``answer_by`` is the last day for the answer, ``blocks`` what rests until then. ``not_by`` are
    the names of people who may neither investigate nor decide, such as the officer whom it
    concerns.
    """

    on: date
    about: DisputeKind
    answer_by: date
    blocks: tuple[str, ...]
    amount_minor: int | None = None
    not_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DisputeEnd:
    """On ``on`` the dispute was answered in writing, or the person took it back. ``answer`` is what
    the person reads."""

    dispute_id: str
    on: date
    outcome: DisputeOutcome
    answer: str = ""


@dataclass(frozen=True, slots=True)
class PromiseState:
    """A promise with what was paid on it so far, kept with the loan's state.

    ``own_minor`` came from the debtor and ``others_minor`` from third parties, both in time.
    ``ended_on`` is when it was taken back. ``told`` is the outcome last announced, "" while open.
    """

    promise_id: str
    promise: Promise
    own_minor: int = 0
    others_minor: int = 0
    ended_on: date | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer that the person gets in writing: to a ``dispute`` or a ``complaint``."""

    to: str
    fact_id: str
    outcome: str
    on: date
