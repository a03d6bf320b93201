"""Which letters come before court, to whom, why, and what became of those that were sent.

Which steps a procedure needs is the pack's; each person has letters of their own. A wrong, unproven
or lapsed one needs a new one. Before a guarantor hears of it the borrower is warned; the guarantor
hears of amount and rights from a person first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from recovery.domain.judicial.finding import Decision, Finding
from recovery.domain.judicial.law import Law
from recovery.domain.judicial.letter_outlook import (
    BORROWER_FIRST,
    GUARANTOR_FIRST,
    MISSING,
    NOT_PROVEN,
    OUTDATED,
    PROTECTED,
    Addressee,
    Matter,
    Notice,
    Outlook,
    written_last,
)
from recovery.domain.judicial.letter_standing import standing
from recovery.domain.judicial.rules import LetterKind, Step

_DAY = timedelta(days=1)
_TRIES = 2  # of a warning that does not arrive: a guarantor is not kept in the dark for ever
_STEPS: dict[Step, LetterKind] = {
    "negotiation": "negotiation_request",
    "demand_letter": "demand_before_costs",
    "notice_of_balance": "balance_notice",
}


def letters_due(matter: Matter) -> tuple[Outlook, ...]:
    """Return how each letter stands that this case asks for; those due are to be written.

    Where the law is not known there are none: a person decides.
    """
    found = [*_of_transfer(matter), *_before_court(matter)]
    return tuple(_as_written(each, matter) for each in found)


def steps_needed(decision: Decision, law: Law) -> frozenset[Step]:
    """Return what the procedure needs first; nothing for one that the place does not know."""
    found = (each for each in law.procedures() if each.procedure == decision.procedure)
    return frozenset(step for each in found for step in each.needs)


def _before_court(matter: Matter) -> Iterator[Outlook]:
    needs = steps_needed(matter.decision, matter.law)
    kinds = [kind for step, kind in _STEPS.items() if step in needs]
    if not kinds:
        return
    asked = [each for each in matter.addressees if each.amount_minor > 0]
    debtors = [each for each in asked if not each.is_surety]
    sureties = [each for each in asked if each.is_surety]
    warnings = [_warning(each, matter) for each in debtors] if sureties else []
    yield from (_unless_held(each, matter) for each in warnings)
    for person in debtors:
        for kind in kinds:
            if found := standing(kind, person, matter):
                yield _unless_held(found, matter)
    for person in sureties:
        told = _guarantor_notice(person, debtors, warnings, matter)
        yield _unless_held(told, matter)
        for kind in kinds:
            if kind != "demand_before_costs" and (found := standing(kind, person, matter)):
                if found.state == "due" and told.state != "done":
                    found = replace(found, state="waits", code=GUARANTOR_FIRST)
                yield _unless_held(found, matter)


def _warning(debtor: Addressee, matter: Matter) -> Outlook:
    """Return how the warning that a guarantor will be told stands: it leaves some days."""
    sent = _notices("guarantor_warning", debtor.person_id, matter)
    about = Outlook(
        kind="guarantor_warning",
        person_id=debtor.person_id,
        state="due",
        rule=matter.law.letter("guarantor_warning"),
        code=MISSING,
        sent=sent[-1].fact_id if sent else "",
    )
    given = [each.fact for each in sent if each.fact.counts]
    if not given and len(sent) < _TRIES:
        return replace(about, code=NOT_PROVEN) if sent else about
    on = given[0].on if given else sent[-1].fact.on
    free_on = on + (matter.guarantor_told_after_days + 1) * _DAY
    if matter.law.on < free_on:
        return replace(about, state="running", code="", free_on=free_on)
    return replace(about, state="done", code="")


def _guarantor_notice(
    surety: Addressee, debtors: Sequence[Addressee], warnings: Sequence[Outlook], matter: Matter
) -> Outlook:
    sent = _notices("guarantor_notice", surety.person_id, matter)
    about = Outlook(
        kind="guarantor_notice",
        person_id=surety.person_id,
        state="due",
        rule=matter.law.letter("guarantor_notice"),
        code=MISSING,
        sent=sent[-1].fact_id if sent else "",
    )
    if any(each.fact.counts for each in sent):
        return replace(about, state="done", code="")
    if sent:
        about = replace(about, code=NOT_PROVEN)
    protected = {each.person_id for each in debtors if each.held_by}
    open_ = [e for e in warnings if e.state != "done" and e.person_id not in protected]
    if open_:
        days = [each.free_on for each in open_]
        free_on = max((day for day in days if day), default=None) if all(days) else None
        return replace(about, state="waits", code=BORROWER_FIRST, free_on=free_on)
    return about


def _of_transfer(matter: Matter) -> Iterator[Outlook]:
    """Yield the notice of a new creditor to each person: nothing else comes before it."""
    change_id = matter.untold_change
    if not change_id:
        return
    of_change = [each for each in matter.written if each.change_id == change_id]
    for person in matter.addressees:
        last = written_last(of_change, "transfer_notice", person.person_id)
        told = last is not None and last.ended not in ("", "not_delivered", "not_proven")
        tried = last is not None and last.ended
        yield Outlook(
            kind="transfer_notice",
            person_id=person.person_id,
            state="done" if told else "due",
            rule=matter.law.letter("transfer_notice"),
            code="" if told else NOT_PROVEN if tried else MISSING,
        )


def _unless_held(found: Outlook, matter: Matter) -> Outlook:
    """Hold what would be due while the person is protected, or something stops the case."""
    if found.state not in ("due", "waits"):
        return found
    person = next(e for e in matter.addressees if e.person_id == found.person_id)
    if person.held_by:
        return replace(found, state="held", code=PROTECTED, free_on=None)
    if stop := _stop(matter):
        return replace(found, state="held", code=stop.code, rule=stop.rule, free_on=None)
    return found


def _stop(matter: Matter) -> Finding | None:
    """Return what keeps every letter back: a stop, or friendly ways that are not exhausted."""
    for each in matter.decision.findings:
        friendly = getattr(each.rule, "point", "") == "amicable.exhausted"
        friendly = friendly and each.code not in matter.confirmed
        if each.effect == "stops" or (each.effect == "needs" and friendly):
            return each
    return None


def _as_written(found: Outlook, matter: Matter) -> Outlook:
    """A letter that is written and not sent yet is under way, unless the debt or the day passed."""
    if found.state != "due":
        return found
    last = written_last(matter.written, found.kind, found.person_id)
    if last is None or last.ended:
        return found
    person = next(e for e in matter.addressees if e.person_id == found.person_id)
    on, valid = matter.law.on, timedelta(days=matter.letter_valid_days)
    if last.kind == "transfer_notice":
        still_true = last.change_id == matter.untold_change
    else:
        same = last.principal_minor == person.principal_minor
        still_true = same and last.amount_minor <= person.amount_minor  # interest only grows
    if still_true and on <= last.written_on + valid:
        return replace(found, state="under_way", until=last.written_on + valid)
    return replace(found, code=OUTDATED)


def _notices(kind: LetterKind, person_id: str, matter: Matter) -> list[Notice]:
    return [
        each
        for each in matter.notices
        if each.fact.notice == kind and person_id in each.fact.persons
    ]
