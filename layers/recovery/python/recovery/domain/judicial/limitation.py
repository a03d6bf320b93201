"""Limitation clocks: until when each person can be sued for each part of a debt, and why.

Each clock has two days. ``prescribes_on`` counts only acts and rules that are vouched for: after it
nobody sues. ``may_prescribe_on`` would hold if everything that may count did: between the two it is
for a lawyer to say. A later day never revives a clock without an act, and an act after the last day
comes too late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from recovery.domain.judicial.claim_rules import ClaimPack, vouched
from recovery.domain.judicial.limitation_acts import LimitationAct, Obligor, Weighed, weigh
from recovery.domain.judicial.limitation_periods import Law, Periods, follow, period_of
from recovery.domain.judicial.limitation_rules import ClaimKind, LimitationRule, SuspensionRule

Status = Literal["not_due", "running", "pending", "unsettled", "unverified", "time_barred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePart:
    """A part of the debt that falls due on one day: an instalment, or all of it."""

    part: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationFacts:
    """What the clocks follow from.

    ``called_in_on`` is the day on which the loan was called in: what was not due yet then has one
    clock from that day. ``region`` is the place whose courts are competent, such as ES-V; None
    where nobody said.
    """

    claim: ClaimKind
    parts: tuple[DuePart, ...]
    obligors: tuple[Obligor, ...]
    acts: tuple[LimitationAct, ...] = ()
    called_in_on: date | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How long one person can be sued for these parts.

    A ``pending`` clock stands still while a court decides, and has no last day. ``counted`` are the
    acts that renewed it, ``not_counted`` those that did not, ``suspended`` the days left out.
    """

    person_id: str
    parts: tuple[str, ...]
    claim: ClaimKind
    started_on: date
    prescribes_on: date | None
    may_prescribe_on: date | None
    status: Status
    rule: LimitationRule
    counted: tuple[Weighed, ...]
    not_counted: tuple[Weighed, ...]
    suspended: tuple[SuspensionRule, ...] = ()

    @property
    def may_be_sued(self) -> bool:
        """Whether a step in court may rest on this clock."""
        return self.status in ("running", "pending")

    @property
    def is_barred(self) -> bool:
        """Whether nothing may be claimed, threatened or asked for."""
        return self.status in ("time_barred", "unsettled")


def limitation_clocks(facts: LimitationFacts, pack: ClaimPack, as_of: date) -> tuple[Clock, ...]:
    """Return a clock for each person and each part that has one of its own, by start and person.

    Acts after ``as_of`` are not known yet.
    """
    acts = sorted((each for each in facts.acts if each.on <= as_of), key=_in_order)
    weighed = {
        person.person_id: [weigh(act, person, facts.obligors, pack, as_of) for act in acts]
        for person in facts.obligors
    }
    return tuple(
        _clock(facts, person.person_id, parts, start, weighed[person.person_id], pack, as_of)
        for parts, start in _starts(facts, pack, as_of)
        for person in facts.obligors
    )


def _in_order(act: LimitationAct) -> tuple[date, str]:
    return act.on, act.act_id


def _starts(
    facts: LimitationFacts, pack: ClaimPack, as_of: date
) -> Iterator[tuple[tuple[str, ...], date]]:
    """Yield the parts that share a clock, with the day on which they could be asked for."""
    ordered = sorted(facts.parts, key=lambda each: (each.due_on, each.part))
    called_in = facts.called_in_on
    if called_in is not None and called_in > as_of:
        called_in = None
    rule = period_of(pack, facts.claim, ordered[-1].due_on)
    if not rule.each_instalment:
        last = ordered[-1].due_on
        yield tuple(each.part for each in ordered), min(last, called_in or last)
        return
    together = tuple(
        each.part for each in ordered if called_in is not None and each.due_on > called_in
    )
    for each in ordered:
        if each.part not in together:
            yield (each.part,), each.due_on
    if together and called_in is not None:
        yield together, called_in


def _clock(
    facts: LimitationFacts,
    person_id: str,
    parts: tuple[str, ...],
    start: date,
    weighed: Sequence[Weighed],
    pack: ClaimPack,
    as_of: date,
) -> Clock:
    acts = [_of_parts(each, parts) for each in weighed]
    sure_days, all_days = _suspensions(facts, pack, as_of)
    sure_law = Law(pack=pack, suspensions=sure_days, as_of=as_of)
    sure = follow(facts.claim, start, acts, sure_law, may=False)
    most = follow(facts.claim, start, acts, replace(sure_law, suspensions=all_days), may=True)
    return Clock(
        person_id=person_id,
        parts=parts,
        claim=sure.claim,
        started_on=sure.start,
        prescribes_on=sure.end,
        may_prescribe_on=most.end,
        status=_status(sure, most, as_of),
        rule=sure.rule,
        counted=tuple(sure.counted),
        not_counted=tuple(sure.not_counted),
        suspended=tuple(dict.fromkeys(sure.suspended)),
    )


def _of_parts(weighed: Weighed, parts: tuple[str, ...]) -> Weighed:
    """Leave out an act that is only about other instalments."""
    about = weighed.act.parts
    if about is None or not about.isdisjoint(parts):
        return weighed
    return replace(weighed, why="other_instalment", may_count=False)


def _status(sure: Periods, most: Periods, as_of: date) -> Status:
    if sure.start > as_of:
        return "not_due"
    verified = vouched(sure.rule, as_of)
    if sure.end is None:
        return "pending" if verified else "unverified"
    if as_of <= sure.end:
        return "running" if verified else "unverified"
    over = most.end is not None and most.end < as_of
    return "time_barred" if over and verified else "unsettled"


def _suspensions(
    facts: LimitationFacts, pack: ClaimPack, as_of: date
) -> tuple[tuple[SuspensionRule, ...], tuple[SuspensionRule, ...]]:
    """Return those that hold for the place, and all with those of which that is not sure."""
    found = () if pack.own is None else pack.own.suspensions
    maybe = [each for each in found if _may_mean(each, facts.region)]
    maybe.sort(key=lambda each: (each.first_on, each.id))
    sure = [
        each
        for each in maybe
        if vouched(each, as_of) and (facts.region is not None or "-" not in each.region)
    ]
    return tuple(sure), tuple(maybe)


def _may_mean(rule: SuspensionRule, region: str | None) -> bool:
    """Whether the courts of the region may be meant; those of a place nobody named always may."""
    return region is None or region == rule.region or region.startswith(f"{rule.region}-")
