"""What happens around a court: what a person checked before it, and each step once a suit is filed.

Facts of one loan, kept as said; the suit itself and its end are acts (see ``acts``). They change
nothing that is owed. What follows from them is worked out in ``judicial``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from recovery.domain.accounting.acts import Suit, SuitEnd

CourtStepKind = Literal[
    "receipt",
    "served",
    "opposed",
    "hearing",
    "deadline",
    "met",
    "cost",
    "refund",
    "cost_order",
    "interest_order",
    "judgment",
    "stayed",
    "resumed",
    "succession",
    "told",
    "way_back_offered",
    "homologated",
    "attached",
]
JudgmentFor = Literal["creditor", "part", "debtor"]
AnsweredBy = Literal["lawyer", "legal", "advisor"]
QUESTION = "QUESTION"  # the code by which a person answers what an approver asked
# By these a person says that an agreement was offered, or that the borrower wants none.
OFFERED, NOT_WANTED = "AGREEMENT_OFFERED", "AGREEMENT_NOT_WANTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreActionCheck:
    """A person who knows the law checked what comes before court.

    ``codes`` are those of the procedure decision that were met, such as MASC, or LAW_UNKNOWN where
    no pack knows the law; QUESTION answers what an approver asked, AGREEMENT_OFFERED and
    AGREEMENT_NOT_WANTED say what the borrower was offered, or answered. ``reference`` names the
    proof.
    """

    on: date
    codes: tuple[str, ...]
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtStep:
    """One step of the suit ``suit_id``.

    ``on`` is the day of the step, of a hearing or deadline that on which it was set. ``by_on`` is
    the last day to act, or the day of the hearing, which ``answered_by`` keeps; ``step_id`` names
    the fact that set what was ``met``. ``amount_minor`` is a cost, a refund, what a judgment or
    order says, or what was attached, in the loan's currency; ``income_minor`` the month's income
    that it is taken from. ``outcome`` says for whom the judgment is, ``final_on`` from when nobody
    can appeal it. ``reference`` names the paper: a receipt, a decision, a transfer.
    """

    suit_id: str
    on: date
    step: CourtStepKind
    by_on: date | None = None
    answered_by: AnsweredBy | None = None
    step_id: str = ""
    amount_minor: int | None = None
    income_minor: int | None = None
    outcome: JudgmentFor | None = None
    final_on: date | None = None
    reference: str = ""


CourtFact = PreActionCheck | CourtStep
COURT_KINDS: dict[str, type[CourtFact]] = {
    "pre_action_check": PreActionCheck,
    "court_step": CourtStep,
}


def court_code(fact: object) -> str | None:
    """Return what happened in a court as a code, such as "hearing"; None if nothing did."""
    match fact:
        case CourtStep():
            return fact.step
        case PreActionCheck():
            return "checked"
        case Suit():
            return "filed"
        case SuitEnd():
            return fact.outcome
    return None


def court_in_words(fact: CourtFact) -> str:
    """Describe it for the timeline, such as "suit S-1, hearing on 2026-09-01"."""
    if isinstance(fact, PreActionCheck):
        rest = [f"before court, checked: {' '.join(fact.codes)}"]
    else:
        rest = [f"suit {fact.suit_id}", fact.step.replace("_", " ")]
        rest += [f"for the {fact.outcome}"] if fact.outcome in ("creditor", "debtor") else []
        rest += ["for a part"] if fact.outcome == "part" else []
        rest += [f"by {fact.by_on}"] if fact.by_on else []
        rest += [f"final on {fact.final_on}"] if fact.final_on else []
        rest += [fact.step_id] if fact.step_id else []
    return ", ".join([*rest, *([f"reference {fact.reference}"] if fact.reference else [])])
