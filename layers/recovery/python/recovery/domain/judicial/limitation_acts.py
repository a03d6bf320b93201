"""Which acts renew a limitation period for whom, and why the others do not.

Nothing is presumed: an act without proof reaches nobody, and whether an act on one person reaches
another is what the pack says of how they stand to each other (in Spain CC 1974 and 1975). Where no
vouched rule says, an act does not count, and is named as one that may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from recovery.domain.judicial.claim_rules import ClaimPack, ClaimRules, vouched
from recovery.domain.judicial.limitation_rules import (
    ActKind,
    InterruptionRule,
    Proof,
    ReachRule,
    Relation,
)
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.packs import Rule

Why = Literal[
    "no_rule",
    "proof_fails",
    "not_in_writing",
    "form_unknown",
    "does_not_reach",
    "reach_unknown",
    "unverified_rule",
    "before_due",
    "too_late",
    "not_interruptible",
    "other_instalment",
    "failed_suit",
]

WHY_TEXTS: dict[Why, str] = {
    "no_rule": "no rule says what such an act does; ask a lawyer",
    "proof_fails": "without proof that it arrived it reaches nobody",
    "not_in_writing": "the law counts it only in writing",
    "form_unknown": "it counts only in a writing that demands, and nobody said so",
    "does_not_reach": "an act on the other person does not reach this one",
    "reach_unknown": "no rule says whether an act on the other person reaches this one",
    "unverified_rule": "the rule that would count it is not verified; ask a lawyer",
    "before_due": "it came before this part could be claimed",
    "too_late": "it came after the last day",
    "not_interruptible": "no act renews this period",
    "other_instalment": "it was about other parts",
    "failed_suit": "the suit failed: it only leaves time for a new one",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligor:
    """Somebody who owes the debt or answers for it.

    ``solidary``: liable for the whole beside the others, because the contract says so; without
    that nobody is (CC 1137, 1822).
    """

    person_id: str
    role: Literal["debtor", "guarantor"]
    solidary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationAct:
    """Something that may renew the period: on whom it was done, or by whom, and with what proof.

    ``on`` is the day on which it reached the person, or came from the person; of a request to
    negotiate the day of the attempt, of a suit that of filing. ``written`` None: not said. A
    request has ``received_on`` if it arrived, ``answered`` if talks began, and ``ended_on`` when
    they were over; of a suit ``ended_on`` is the final decision, and ``upheld`` whether it was won.
    ``parts`` None: the whole debt.
    """

    act_id: str
    act: ActKind
    on: date
    persons: tuple[str, ...]
    proof: Proof
    written: bool | None = None
    received_on: date | None = None
    answered: bool = False
    ended_on: date | None = None
    upheld: bool | None = None
    parts: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What an act does for one person's clock.

    ``why`` None: it counts. One that ``may_count`` would by a rule that nobody vouches for, or for
    which there is none. ``rules`` are those that say so; ``direct``: it was done on this person.
    """

    act: LimitationAct
    why: Why | None
    may_count: bool
    rules: tuple[Rule, ...]
    direct: bool = False
    relation: Relation | None = None

    @property
    def rule(self) -> InterruptionRule | None:
        """The rule by which the act renews the period, if one knows the act."""
        return next((each for each in self.rules if isinstance(each, InterruptionRule)), None)


def relation(one: Obligor, other: Obligor) -> Relation:
    """Return how ``other`` stands to ``one``, on whom an act was done."""
    if one.role == "debtor" and other.role == "debtor":
        return "solidary_debtor" if one.solidary and other.solidary else "separate_debtor"
    if one.role == "debtor":
        return "solidary_guarantor" if other.solidary else "guarantor"
    if other.role == "debtor":
        return "debtor_of_solidary_guarantor" if one.solidary else "debtor_of_guarantor"
    return "fellow_guarantor"


def weigh(
    act: LimitationAct, person: Obligor, obligors: Sequence[Obligor], pack: ClaimPack, as_of: date
) -> Weighed:
    """Return whether the act counts for this person, as known and vouched for at ``as_of``."""

    def of_act(rules: ClaimRules) -> Iterator[InterruptionRule]:
        return (each for each in rules.interruptions if each.act == act.act)

    known = pack.in_force(of_act, act.on)
    if not known:
        return Weighed(act=act, why="no_rule", may_count=True, rules=())
    rule = next((each for each in known if act.proof in each.proofs), None)
    if rule is None:
        return Weighed(act=act, why="proof_fails", may_count=False, rules=known)
    if rule.written and not act.written:
        unsaid = act.written is None
        why: Why = "form_unknown" if unsaid else "not_in_writing"
        return Weighed(act=act, why=why, may_count=unsaid, rules=(rule,))
    if person.person_id in act.persons:
        sure = vouched(rule, as_of)
        return Weighed(
            act=act,
            why=None if sure else "unverified_rule",
            may_count=not sure,
            rules=(rule,),
            direct=True,
        )
    on_whom = [each for each in obligors if each.person_id in act.persons]
    found = [_reached(act, rule, relation(each, person), pack, as_of) for each in on_whom]
    return min(found, key=lambda each: (each.why is not None, not each.may_count))


def _reached(
    act: LimitationAct, rule: InterruptionRule, stands: Relation, pack: ClaimPack, as_of: date
) -> Weighed:
    def of_relation(rules: ClaimRules) -> Iterator[ReachRule]:
        return (each for each in rules.reach if each.relation == stands and act.act in each.acts)

    reach = next(iter(pack.in_force(of_relation, act.on)), None)
    rules = (rule,) if reach is None else (rule, reach)
    why: Why | None = None
    may_count = False
    if reach is None:
        why, may_count = "reach_unknown", True
    elif not reach.reaches:
        why = "does_not_reach"
        may_count = not vouched(reach, as_of)
    elif not all(vouched(each, as_of) for each in rules):
        why, may_count = "unverified_rule", True
    return Weighed(act=act, why=why, may_count=may_count, rules=rules, relation=stands)


def act_problems(
    acts: Iterable[LimitationAct], obligors: Sequence[Obligor], parts: frozenset[str]
) -> Iterator[Problem]:
    """Yield what is wrong with acts, as ``<index>.<field>``."""
    people = {each.person_id for each in obligors}
    seen: set[str] = set()
    for index, act in enumerate(acts):
        for problem in _act_problems(act, people, parts):
            yield problem.within(str(index))
        if act.act_id in seen:
            reason = f"{act.act_id[:40]!r} is used twice"
            yield Problem(f"{index}.id", reason, "Give each act an id of its own", "duplicate")
        seen.add(act.act_id)


def _act_problems(act: LimitationAct, people: set[str], parts: frozenset[str]) -> Iterator[Problem]:
    known = ", ".join(sorted(people))
    if not act.persons:
        yield Problem("persons", "are missing", f"Say on whom it was done: {known}", "missing")
    for unknown in sorted(set(act.persons) - people):
        reason = f"{unknown[:40]!r} neither owes the debt nor answers for it"
        yield Problem("persons", reason, f"Use ids among: {known}", "not_found")
    for missing in sorted((act.parts or frozenset()) - parts):
        reason = f"there is no part {missing[:40]!r}"
        yield Problem("parts", reason, "Use the numbers of its instalments", "not_found")
    for field in ("received_on", "ended_on"):
        day = getattr(act, field)
        if day is not None and day < act.on:
            yield Problem(field, f"is before the act, {act.on}", "Give a day on or after it")
    request, suit = act.act == "negotiation_request", act.act == "claim_filed"
    if act.ended_on is not None and not (request or suit):
        yield Problem("ended_on", f"means nothing for a {act.act}", "Leave it out")
    if act.upheld is not None and (act.ended_on is None or not suit):
        yield Problem(
            "upheld", "means nothing before a suit has ended", "Give ended_on, or neither"
        )
    if (act.received_on is not None or act.answered) and not request:
        yield Problem("received_on", f"means nothing for a {act.act}", "Leave it out")
