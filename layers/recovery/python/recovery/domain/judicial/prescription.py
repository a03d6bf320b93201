"""When a claim prescribes, by its due date and by what was done about it since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from recovery.domain.judicial.facts import Act, Facts
from recovery.domain.judicial.finding import NO_PROCEDURE, Finding
from recovery.domain.judicial.law import Law, words_say
from recovery.domain.judicial.negotiation import is_proven


@dataclass(frozen=True, slots=True)
class Counted:
    """An act, and why it does or does not start the term again."""

    act: Act
    why_not: str = ""


def counted_acts(facts: Facts, law: Law) -> tuple[date, tuple[Counted, ...]]:
    """Return the last day on which a claim that is due may be made, and each act with its effect.

    An act counts only while the term runs: nothing revives what has prescribed. A request to
    negotiate that provably arrived is an act too.
    """
    assert facts.due is not None
    term, words = law.term("prescription"), law.find_words("interruption")
    last_day, found = law.last_day(term, facts.due), []
    for act in sorted(_acts(facts, law), key=lambda each: each.on):
        passes = words_say(words, act.kind) if words else None
        if not passes:
            why = "does not interrupt" if passes is False else "its effect is for a lawyer to say"
            found.append(Counted(act, why))
        elif act.on > last_day:
            found.append(Counted(act, "came after the claim had prescribed"))
        else:
            found.append(Counted(act))
            last_day = max(last_day, law.last_day(term, act.on))
    return last_day, tuple(found)


def prescription(facts: Facts, law: Law) -> Finding | None:
    """Return until when the claim may be made, or that it prescribed; None if not known when due.

    A claim that a court already decided prescribes by other rules.
    """
    if facts.due is None or facts.stage is not None or facts.due > law.on:
        return None
    last_day, acts = counted_acts(facts, law)
    listed = tuple(_row(each) for each in acts)
    details = {"interruptions": listed} if listed else {}
    if law.on <= last_day:
        rule = law.term("prescription")
        until = {"prescribes": last_day, "file_before": last_day}
        return Finding(effect="informs", rule=rule, details={**until, **details})
    return Finding(
        effect="stops",
        rule=law.point("prescription"),
        code="PRESCRIBED",
        leads_to=NO_PROCEDURE,
        details={"prescribed_after": last_day, "prescribed_on": last_day, **details},
    )


def _acts(facts: Facts, law: Law) -> Iterator[Act]:
    yield from facts.acts or ()
    request = facts.negotiation
    if request and request.received and is_proven(request, law):
        yield Act(on=request.received, kind="request to negotiate, received in writing")


def _row(counted: Counted) -> Mapping[str, str]:
    row = {"date": counted.act.on.isoformat(), "kind": counted.act.kind}
    row["counts"] = f"no: {counted.why_not}" if counted.why_not else "yes"
    return row
