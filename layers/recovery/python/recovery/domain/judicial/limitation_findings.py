"""What the limitation clocks mean for a decision: until when to file, or that it is too late.

The clocks are those of ``limitation.py``; nothing about time is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from recovery.domain.judicial.claim_rules import vouched
from recovery.domain.judicial.facts import Facts, Negotiation
from recovery.domain.judicial.finding import NO_PROCEDURE, PERSON, Asked, Detail, Finding
from recovery.domain.judicial.law import Law
from recovery.domain.judicial.limitation import Clock, DuePart, LimitationFacts, limitation_clocks
from recovery.domain.judicial.limitation_acts import (
    WHY_TEXTS,
    LimitationAct,
    Obligor,
    Weighed,
)
from recovery.domain.judicial.limitation_rules import ClaimKind, SuspensionRule
from recovery.domain.judicial.negotiation import is_proven

PRESCRIBED = "PRESCRIBED"
_PARTS, _DEFENDANT = "LEAVE_OUT_PRESCRIBED_PARTS", "LEAVE_OUT_PRESCRIBED_DEFENDANT"
DEBTOR = "debtor"  # where a claim has one clock only
_WHOLE = "debt"
_REQUEST = "request to negotiate, received with proof"


def clocks_of(facts: Facts, law: Law) -> tuple[Clock, ...]:
    """Return the clocks of the debt itself; () where nobody said when it fell due.

    A claim that a court already decided prescribes by other rules, and what is not due has none.
    """
    if facts.stage is not None:
        return ()
    if facts.history is not None:
        found = limitation_clocks(_with_request(facts, facts.history, law), law.claims, law.on)
        return tuple(each for each in found if each.status != "not_due")
    if facts.due is None or facts.due > law.on:
        return ()
    return (_clock("contract", facts.due, _acts(facts, law), law, facts.region),)


def note_clock(facts: Facts, law: Law) -> Clock | None:
    """Return the clock of the action on a note; None where nobody said when it fell due."""
    if facts.due is None or facts.due > law.on:
        return None
    return _clock("bill", facts.due, _acts(facts, law), law, facts.region)


def judgment_clock(on: date, law: Law) -> Clock:
    """Return the clock of a decision of this day."""
    return _clock("judgment", on, (), law)


def limitation(facts: Facts, law: Law) -> Iterator[Finding]:
    """Yield until when the claim may be made, what of it is too old, or that all of it is.

    A clock that is over unless a lawyer finds that something counts stops too.
    """
    clocks = clocks_of(facts, law)
    own = [each for each in clocks if each.person_id in _debtors(facts)]
    live = [each for each in own if not each.is_barred]
    if not own:
        return
    if not live:
        yield _too_late(own, facts, law)
        return
    old = [each for each in own if not set(each.parts) <= facts.parts_left_out]
    for code, barred in (
        (_PARTS, [each for each in old if each.is_barred]),
        (_DEFENDANT, _barred_defendants(facts, clocks)),
    ):
        if barred:
            rows: dict[str, Detail] = {"limitation": tuple(_clock_row(each) for each in barred)}
            yield Finding(effect="needs", rule=barred[0].rule, code=code, details=rows)
    first = min(live, key=lambda each: each.prescribes_on or date.max)
    details = dict(_listed(facts, first))
    if first.prescribes_on is not None:
        details |= {"prescribes": first.prescribes_on, "file_before": first.prescribes_on}
    for each in (first, *(other for other in live if other.rule is not first.rule)):
        rests_on_it = (
            each.rule.holds(law.on) or each.status == "unverified"
        )  # else its days are over
        yield Finding(
            effect="permits" if rests_on_it else "informs",
            rule=each.rule,
            details=details if each is first else {},
        )


def for_a_lawyer(facts: Facts, law: Law) -> Iterator[Asked]:
    """Yield what may change a last day and nobody is sure of."""
    for each in facts.acts or ():
        if each.meaning is None:
            yield Asked("interruptions", f"what {each.kind[:60]!r} of {each.on} does is not known")
    clocks = clocks_of(facts, law)
    for says in dict.fromkeys(each.rule.says for each in clocks if each.rule.confidence == "U"):
        yield Asked("law", says)
    may = {
        f"whether the {_named(each)} of {each.act.on} renewed the period: "
        + _why(each).removesuffix("; ask a lawyer")
        for clock in clocks
        for each in clock.not_counted
        if each.may_count and clock.status not in ("running", "pending")
    }
    yield from (Asked("interruptions", f"a lawyer says {each}") for each in sorted(may))
    unsettled = [each for each in clocks if each.status == "unsettled"]
    by_place = [each.may_prescribe_on for each in unsettled if _depends_on_place(facts, law, each)]
    if last := max((each for each in by_place if each is not None), default=None):
        why = f"in some provinces days were left out: there the last day is {last}"
        yield Asked("region", why)
    for rule in _unread_pauses(law, unsettled):
        why = f"whether the days from {rule.first_on} to {rule.last_on} count is not verified"
        yield Asked("suspension", f"{why}: {rule.source}")


def _depends_on_place(facts: Facts, law: Law, clock: Clock) -> bool:
    region = facts.region if facts.history is None else facts.history.region
    pauses = () if law.claims.own is None else law.claims.own.suspensions
    local = [each for each in pauses if "-" in each.region and _lies_within(each, clock)]
    by_acts = any(each.may_count for each in clock.not_counted)
    return region is None and bool(local) and not by_acts


def _unread_pauses(law: Law, clocks: Sequence[Clock]) -> Iterator[SuspensionRule]:
    """Yield pauses that would keep a claim alive if anybody vouched for them."""
    for each in () if law.claims.own is None else law.claims.own.suspensions:
        if not vouched(each, law.on) and any(_lies_within(each, clock) for clock in clocks):
            yield each


def _lies_within(rule: SuspensionRule, clock: Clock) -> bool:
    end = clock.may_prescribe_on
    return end is not None and rule.last_on > clock.started_on and rule.first_on <= end


def _debtors(facts: Facts) -> set[str]:
    if facts.history is None:
        return {DEBTOR}
    return {each.person_id for each in facts.history.obligors if each.role == "debtor"}


def _barred_defendants(facts: Facts, clocks: Sequence[Clock]) -> list[Clock]:
    """Return a clock of each defendant of whom nothing can be claimed any more."""
    found = []
    for name in facts.debtors:
        own = [each for each in clocks if each.person_id == name]
        if own and all(each.is_barred for each in own):
            found.append(own[-1])
    return found


def _too_late(own: Sequence[Clock], facts: Facts, law: Law) -> Finding:
    """Return that it is too late, or that a person says: no verified rule says how long it lives.

    One that only its review has passed was read: that day it was too late.
    """
    last = max(own, key=lambda each: each.prescribes_on or date.max)
    if last.rule.confidence == "U":
        code = law.point("law.unknown").code
        return Finding(effect="stops", rule=last.rule, code=code, leads_to=PERSON)
    days: dict[str, Detail] = {}
    if last.prescribes_on is not None:
        days = {"prescribed_after": last.prescribes_on, "prescribed_on": last.prescribes_on}
    if last.status == "unsettled" and last.may_prescribe_on is not None:
        days["may_prescribe_on"] = last.may_prescribe_on
    return Finding(
        effect="stops",
        rule=last.rule,
        code=PRESCRIBED,
        leads_to=NO_PROCEDURE,
        details={**days, **_listed(facts, last)},
    )


def _clock(
    kind: ClaimKind,
    start: date,
    acts: tuple[LimitationAct, ...],
    law: Law,
    region: str | None = None,
) -> Clock:
    facts = LimitationFacts(
        claim=kind,
        parts=(DuePart(part=_WHOLE, due_on=start),),
        obligors=(Obligor(person_id=DEBTOR, role="debtor"),),
        acts=acts,
        region=region,
    )
    [clock] = limitation_clocks(facts, law.claims, law.on)
    return clock


def _acts(facts: Facts, law: Law) -> tuple[LimitationAct, ...]:
    """Return what was done that the law knows, a proven request to negotiate among it."""
    said = tuple(each.meaning for each in facts.acts or () if each.meaning is not None)
    return (*said, *_request(facts.negotiation, (DEBTOR,), law))


def _with_request(facts: Facts, history: LimitationFacts, law: Law) -> LimitationFacts:
    """Add the requests to negotiate, for whom they went to; to the only party if nobody said whom.

    A history that has requests of its own has them all.
    """
    if any(each.act == "negotiation_request" for each in history.acts):
        return history
    people = {each.person_id for each in history.obligors}
    acts = list(history.acts)
    for each in (facts.negotiation, *facts.other_negotiations):
        if each is None:
            continue
        alone = tuple(people) if len(people) == 1 else ()
        reached = tuple(sorted(people & set(each.to))) if each.to else alone
        if reached:
            acts += _request(each, reached, law)
    return replace(history, acts=tuple(acts))


def _request(
    request: Negotiation | None, persons: tuple[str, ...], law: Law
) -> Iterator[LimitationAct]:
    if request and request.received and is_proven(request, law):
        yield LimitationAct(
            act_id=_REQUEST,
            act="negotiation_request",
            on=request.received,
            persons=persons,
            proof="proven",
            written=True,
            received_on=request.received,
            answered=request.reply,
            ended_on=request.closed,
        )


def _listed(facts: Facts, clock: Clock) -> Mapping[str, Detail]:
    """List every act with its effect on this clock, in order."""
    in_words = facts.history is None
    rows = [_act_row(each, "yes", in_words=in_words) for each in clock.counted]
    rows += [_act_row(each, f"no: {_why(each)}", in_words=in_words) for each in clock.not_counted]
    rows += [
        {"date": each.on.isoformat(), "kind": each.kind, "counts": "no: nobody knows what it does"}
        for each in facts.acts or ()
        if each.meaning is None
    ]
    ordered = tuple(sorted(rows, key=lambda each: (each["date"], each["kind"])))
    return {"interruptions": ordered} if ordered else {}


def _act_row(weighed: Weighed, counts: str, *, in_words: bool) -> dict[str, str]:
    """Show an act as it was told; one of a history by its kind, proof and id."""
    act = weighed.act
    told = act.act_id if in_words else f"{_named(weighed)} {act.act_id}, proof: {act.proof}"
    row = {"date": act.on.isoformat(), "kind": told, "counts": counts}
    return row | ({"source": weighed.rules[0].source} if weighed.rules else {})


def _why(weighed: Weighed) -> str:
    return WHY_TEXTS[weighed.why] if weighed.why else ""


def _named(weighed: Weighed) -> str:
    return weighed.act.act.replace("_", " ")


def _clock_row(clock: Clock) -> dict[str, str]:
    until = clock.prescribes_on.isoformat() if clock.prescribes_on else ""
    parts = ", ".join(clock.parts)
    return {"person": clock.person_id, "parts": parts, "prescribes": until, "status": clock.status}
