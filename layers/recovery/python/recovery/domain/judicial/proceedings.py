"""The suits about one loan, each as its steps on record say; nothing here moves money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from recovery.domain.accounting.acts import Suit, SuitEnd
from recovery.domain.accounting.court_steps import CourtStep
from recovery.domain.accounting.fact import FactRecord, Recorded

_TO_ACT = ("deadline", "hearing", "served", "opposed")
PENDING, TITLE = "pending", "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """A day of the court's: a hearing, or the last day to act; ``step_id`` is the fact's."""

    step_id: str
    suit_id: str
    what: str
    by_on: date
    answered_by: str = "lawyer"
    met: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """``final_on`` is from when nobody can appeal it; None while somebody can, or it is unknown."""

    on: date
    outcome: str
    amount_minor: int | None = None
    final_on: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceedings:
    """One suit as it stands. Amounts are minor units of the loan's currency.

    ``costs_minor`` were spent, ``refunded_minor`` came back, ``awarded_minor`` are costs that an
    order lays on the debtor: only these may be asked of them. ``stayed_since`` is set while it
    rests. ``homologated_on``: the court approved an agreement, which is a title itself.
    """

    suit_id: str
    suit: Suit
    receipt: str = ""
    served_on: date | None = None
    opposed_on: date | None = None
    to_do: tuple[ToDo, ...] = ()
    costs_minor: int = 0
    refunded_minor: int = 0
    awarded_minor: int = 0
    interest_minor: int = 0
    judgment: Judgment | None = None
    stayed_since: date | None = None
    successor_since: date | None = None
    told: tuple[str, ...] = ()
    way_back_offered_on: date | None = None
    homologated_on: date | None = None
    attached_minor: int = 0
    end: SuitEnd | None = None
    steps: tuple[tuple[str, CourtStep], ...] = field(default=(), repr=False)

    @property
    def is_pending(self) -> bool:
        return self.end is None

    @property
    def title_on(self) -> date | None:
        """Return the day of the title that can be enforced; None if there is none."""
        if self.homologated_on:
            return self.homologated_on
        won = self.judgment if self.judgment and self.judgment.outcome != "debtor" else None
        if won and won.final_on:
            return won.final_on
        return self.end.on if self.end and self.end.outcome == "upheld" else None

    def title_minor(self) -> int | None:
        """Return what the title says is owed; None if nobody said."""
        if self.judgment and self.judgment.outcome != "debtor":
            return self.judgment.amount_minor
        if self.end and self.end.outcome == "upheld" and self.end.amount_minor is not None:
            return self.end.amount_minor
        return self.suit.amount_minor

    def waits(self) -> tuple[ToDo, ...]:
        """Return what is still to be done, the nearest day first; nothing once it ended."""
        if self.end:
            return ()
        open_ones = (each for each in self.to_do if not each.met)
        return tuple(sorted(open_ones, key=lambda each: (each.by_on, each.step_id)))


def proceedings_of(records: Iterable[FactRecord]) -> tuple[Proceedings, ...]:
    """Return every suit of these facts that count, the first filed first."""
    facts = list(records)
    ends = {e.fact.suit_id: e.fact for e in facts if isinstance(e.fact, SuitEnd)}
    steps: dict[str, list[tuple[str, CourtStep]]] = {}
    for each in facts:
        if isinstance(each.fact, CourtStep):
            steps.setdefault(each.fact.suit_id, []).append((each.fact_id, each.fact))
    found = (
        _folded(each.fact_id, each.fact, steps.get(each.fact_id, []), ends.get(each.fact_id))
        for each in facts
        if isinstance(each.fact, Suit)
    )
    return tuple(sorted(found, key=lambda each: (each.suit.on, each.suit_id)))


def court_of(records: Iterable[FactRecord]) -> str:
    """Return "title" once any suit was decided for the creditor, else "pending" while one is with
    the court, else ""."""
    suits = proceedings_of(records)
    if any(each.title_on for each in suits):
        return TITLE
    return PENDING if any(each.is_pending for each in suits) else ""


def left_minor(suit: Proceedings, recorded: Recorded) -> int | None:
    """Return what is left of a suit's claim after the payments since it was filed; None if nobody
    said how much it is. It never falls below 0.

    Costs and interest of the proceedings are owed only as an order says.
    """
    claimed = suit.title_minor() if suit.title_on else suit.suit.amount_minor
    if claimed is None:
        return None
    history, since = recorded.history(), suit.suit.on
    paid = sum(each.amount_minor for each in history.payments if each.value_date >= since)
    paid -= sum(each.amount_minor for each in history.chargebacks if each.on >= since)
    return max(0, claimed + suit.awarded_minor + suit.interest_minor - paid)


def _folded(
    suit_id: str, suit: Suit, steps: list[tuple[str, CourtStep]], end: SuitEnd | None
) -> Proceedings:
    steps.sort(key=lambda each: (each[1].on, each[0]))
    said = [step for _, step in steps]
    return Proceedings(
        suit_id=suit_id,
        suit=suit,
        receipt=next((e.reference for e in said if e.step == "receipt"), ""),
        served_on=_first(said, "served"),
        opposed_on=_first(said, "opposed"),
        to_do=tuple(_to_do(steps)),
        costs_minor=_sum(said, "cost"),
        refunded_minor=_sum(said, "refund"),
        awarded_minor=_sum(said, "cost_order"),
        interest_minor=_sum(said, "interest_order"),
        judgment=_judgment(said),
        stayed_since=_stayed(said),
        successor_since=_first(said, "succession"),
        told=tuple(each.reference for each in said if each.step == "told"),
        way_back_offered_on=max((e.on for e in said if e.step == "way_back_offered"), default=None),
        homologated_on=_first(said, "homologated"),
        attached_minor=_sum(said, "attached"),
        end=end,
        steps=tuple(steps),
    )


def _first(steps: Sequence[CourtStep], kind: str) -> date | None:
    return next((each.on for each in steps if each.step == kind), None)


def _sum(steps: Sequence[CourtStep], kind: str) -> int:
    return sum(each.amount_minor or 0 for each in steps if each.step == kind)


def _stayed(steps: Sequence[CourtStep]) -> date | None:
    since: date | None = None
    for each in steps:
        if each.step == "stayed":
            since = since or each.on
        elif each.step == "resumed":
            since = None
    return since


def _judgment(steps: Sequence[CourtStep]) -> Judgment | None:
    """Return the last one: a higher court's takes the place of the one before."""
    found = [each for each in steps if each.step == "judgment"]
    if not found:
        return None
    last = found[-1]
    return Judgment(
        on=last.on,
        outcome=last.outcome or "creditor",
        amount_minor=last.amount_minor,
        final_on=last.final_on,
        reference=last.reference,
    )


def _to_do(steps: Sequence[tuple[str, CourtStep]]) -> Iterator[ToDo]:
    met = {step.step_id for _, step in steps if step.step == "met"}
    for step_id, step in steps:
        if step.step in _TO_ACT and step.by_on:
            yield ToDo(
                step_id=step_id,
                suit_id=step.suit_id,
                what=step.step,
                by_on=step.by_on,
                answered_by=step.answered_by or "lawyer",
                met=step_id in met,
            )
