"""What was offered to a borrower in difficulty, and what was agreed: facts of one loan.

An offer changes nothing; it shows that every way was considered. A payment plan leaves the schedule
as it is; what makes a new schedule comes with a schedule version. The rules are in ``agreements``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

SETTLEMENT = "settlement"


@dataclass(frozen=True, slots=True)
class Part:
    """One dated amount, in minor units."""

    due_date: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class OfferedOption:
    """One option as it was shown, in minor units of the loan's currency.

    ``payments`` is all that the borrower pays from then on, ``parts`` the arrears in a plan.
    ``action`` is the new schedule that was asked of the engine, as JSON; "" where the schedule
    stays. ``approved_by`` is the least role that may approve it.
    """

    kind: str
    payments: tuple[Part, ...]
    parts: tuple[Part, ...]
    extra_minor: int
    largest_month_minor: int
    let_go_minor: int
    approved_by: str
    action: str = ""

    @property
    def total_minor(self) -> int:
        return sum(each.amount_minor for each in self.payments)


@dataclass(frozen=True, slots=True)
class RefusedOption:
    """A kind of help that was considered, and the code why it is not offered."""

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class Offer:
    """On ``on`` these options were offered, until ``expires_on``, the last day for a yes.

    ``assessment_id`` and ``policy_version`` are what they were measured by. ``signers`` are the
    debtors, who all have to say yes; ``guarantors`` answer for them, and are free unless they
    consent to more time (CC 1851).
    """

    on: date
    expires_on: date
    difficulty: str
    assessment_id: str
    policy_version: int
    overdue_minor: int
    days_past_due: int
    options: tuple[OfferedOption, ...]
    refused: tuple[RefusedOption, ...]
    signers: tuple[str, ...]
    guarantors: tuple[str, ...] = ()

    def find(self, kind: str) -> OfferedOption | None:
        """Return the option of this kind; None if it was not offered."""
        return next((each for each in self.options if each.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Agreement:
    """On ``on`` the debtors said yes to one option of an offer; it is in force from that day.

    ``yes`` is how they said it, ``proof`` the id of the paper or recording, ``witness`` who heard
    it. ``objected`` are debtors who objected in writing; ``lost`` are guarantors who did not
    consent, whose guarantee is given up knowingly.
    ``payments`` are those of the plan, until its last part; both are empty where a new schedule
    says what is due. Of a settlement they are all, and there are no parts: once they are in, the
    rest is let go. A payment counts up to ``grace_days`` late and has ``posting_days`` more to be
    posted; ``tolerance_minor`` may be missing in all, and goes on to the next payment. After a
    breach the plan is cured if all that was missing comes within ``refit_days``.
    """

    on: date
    offer_id: str
    option: str
    yes: str
    proof: str
    signed_by: tuple[str, ...]
    approved_by: str
    payments: tuple[Part, ...] = ()
    parts: tuple[Part, ...] = ()
    witness: str = ""
    consented: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    objected: tuple[str, ...] = ()
    grace_days: int = 0
    posting_days: int = 0
    tolerance_minor: int = 0
    refit_days: int = 0

    @property
    def arrears_minor(self) -> int:
        """The arrears that the plan pays."""
        return sum(each.amount_minor for each in self.parts)

    @property
    def settles(self) -> bool:
        """Whether it ends the debt for less."""
        return self.option == SETTLEMENT

    def last_value_date(self, part: Part) -> date:
        """The last value date of money that pays a part in time."""
        return part.due_date + timedelta(days=self.grace_days)

    def judged_on(self, part: Part) -> date:
        """The first day on which the plan is breached if a part did not come."""
        return self.last_value_date(part) + timedelta(days=self.posting_days + 1)


@dataclass(frozen=True, slots=True)
class AgreementEnd:
    """On ``on`` the agreement was called off, by the person or because another takes its place."""

    agreement_id: str
    on: date


@dataclass(frozen=True, slots=True)
class Booked:
    """On ``on`` the core banking system booked the schedule that the fact ``schedule_id`` made,
    under its own ``reference``."""

    schedule_id: str
    on: date
    reference: str = ""


class Forborne(NamedTuple):
    """The mark of a concession: since when, how late the loan was then, and from which day on its
    probation counts at the earliest. Written as a row, as it stays with the loan's state."""

    since: date
    days_past_due: int
    counts_from: date


@dataclass(frozen=True, slots=True)
class Turn:
    """From ``on`` the plan is ``status``, if nothing more is paid."""

    on: date
    status: str


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan as the ledger says, kept with the loan's state.

    ``turns`` are in order of their days, the last of the past first. ``told`` is the status last
    announced, "" before any. ``settles``: what it pays ends the debt for less.
    """

    agreement_id: str
    agreed_on: date
    turns: tuple[Turn, ...]
    told: str = ""
    settles: bool = False
