"""The packs' rules of limitation: how long a claim lives, which acts renew it, and for whom.

A rule that nobody verified, or that is past its review, never makes a claim live longer; it is
named, so that a lawyer can say whether it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from recovery.domain.accounting import acts
from recovery.domain.judicial.rules import JudicialRule
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_DAYS, range_problems
from recovery.domain.shared.packs import Rule, overlap_problems

# What is claimed under: the contract, a bill or note, a judgment or what the law treats like one.
ClaimKind = Literal["contract", "bill", "judgment"]
ActKind = Literal["demand", "acknowledgement", "payment", "negotiation_request", "claim_filed"]
Proof = acts.Proof
# How somebody stands to the person on whom an act was done.
Relation = Literal[
    "solidary_debtor",
    "separate_debtor",
    "guarantor",
    "solidary_guarantor",
    "debtor_of_guarantor",
    "debtor_of_solidary_guarantor",
    "fellow_guarantor",
]
_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationRule(JudicialRule):
    """How long a claim of this kind lives, from the day on which it could be made.

    A new period after an interruption is as long, at most ``again_years``, and never ends sooner
    than the one it replaces. ``interruptible`` False: no act renews it. ``each_instalment``: each
    has a clock of its own until the loan is called in, or else all have one from the last due date.
    ``acts_unread``: nobody has read whether an act renews it, so that none is sure to.
    ``ex_officio``: whether a court applies it unasked.
    """

    claim: ClaimKind
    years: int
    again_years: int | None = None
    interruptible: bool = True
    acts_unread: bool = False
    each_instalment: bool = True
    ex_officio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptionRule(Rule):
    """That an act renews the limitation period of the person on whom, or by whom, it was done.

    ``proofs`` are those that suffice; ``written``: only in writing. The new period starts on the
    day of the act. If the law lets time stand still meanwhile, it starts ``silence_days`` after an
    attempt that nobody answered, or when the talks or proceedings ended (``until_end``).
    ``failed_months``: a suit without success counts only for a new one within these months.
    """

    act: ActKind
    proofs: tuple[Proof, ...]
    written: bool = False
    silence_days: int | None = None
    until_end: bool = False
    failed_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachRule(Rule):
    """Whether acts on one person also renew the period of another, who stands to the first so."""

    acts: tuple[ActKind, ...]
    relation: Relation
    reaches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionRule(Rule):
    """Days that do not count, from ``first_on`` to ``last_on``.

    ``region`` is a country or an ISO 3166-2 code such as ES-V; it means the courts of that place.
    """

    region: str
    first_on: date
    last_on: date


P = TypeVar("P", bound=Rule)


def limitation_rule_problems(
    periods: tuple[LimitationRule, ...],
    interruptions: tuple[InterruptionRule, ...],
    reach: tuple[ReachRule, ...],
    suspensions: tuple[SuspensionRule, ...],
) -> Iterator[Problem]:
    """Yield what is wrong with a file's rules of limitation besides their ids and dates."""
    for path, period in _paths("limitation", periods):
        yield from range_problems(f"{path}.years", period.years, 1, 50)
        if period.again_years is not None:
            yield from range_problems(f"{path}.again_years", period.again_years, 1, period.years)
    for path, rule in _paths("interruptions", interruptions):
        for problem in _interruption_problems(rule):
            yield problem.within(path)
    for path, each in _paths("reach", reach):
        if not each.acts:
            yield Problem(f"{path}.acts", "are missing", "Say which acts are meant", "missing")
    for path, pause in _paths("suspensions", suspensions):
        if not _REGION.fullmatch(pause.region):
            remedy = "Use a country such as ES, or an ISO 3166-2 code such as ES-V"
            yield Problem(f"{path}.region", "is not a region", remedy)
        if pause.last_on < pause.first_on:
            remedy = "Give the last day that does not count"
            yield Problem(f"{path}.last_on", f"is before first_on, {pause.first_on}", remedy)
    yield from _alike(periods, interruptions, reach)


def _interruption_problems(rule: InterruptionRule) -> Iterator[Problem]:
    if not rule.proofs:
        yield Problem("proofs", "are missing", "Say which proofs suffice", "missing")
    if rule.silence_days is not None:
        yield from range_problems("silence_days", rule.silence_days, 1, MAX_DAYS)
        if rule.act != "negotiation_request":
            remedy = "Leave it out; nobody answers anything else"
            yield Problem("silence_days", f"means nothing after a {rule.act}", remedy)
    if rule.failed_months is not None:
        yield from range_problems("failed_months", rule.failed_months, 1, 120)
    if rule.act != "claim_filed" and rule.failed_months is not None:
        yield Problem("failed_months", f"means nothing after a {rule.act}", "Leave it out")


def _alike(
    periods: tuple[LimitationRule, ...],
    interruptions: tuple[InterruptionRule, ...],
    reach: tuple[ReachRule, ...],
) -> Iterator[Problem]:
    yield from overlap_problems(
        _paths("limitation", periods),
        lambda one, other: one.id != other.id and one.claim == other.claim,
        "the same claim",
    )
    yield from overlap_problems(
        _paths("interruptions", interruptions),
        lambda one, other: (
            one.id != other.id
            and one.act == other.act
            and not set(one.proofs).isdisjoint(other.proofs)
        ),
        "the same act and proof",
    )
    yield from overlap_problems(
        _paths("reach", reach),
        lambda one, other: (
            one.id != other.id
            and one.relation == other.relation
            and not set(one.acts).isdisjoint(other.acts)
        ),
        "the same act and relation",
    )


def _paths(name: str, rules: Iterable[P]) -> list[tuple[str, P]]:
    return [(f"{name}.{index}", each) for index, each in enumerate(rules)]
