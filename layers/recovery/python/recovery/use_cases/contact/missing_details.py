"""What nobody recorded keeps people from being told anything: one task for the institution."""

from __future__ import annotations

from datetime import date, timedelta

from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.shared.actor import Role

_TIME_TO_ASK = timedelta(days=7)
_WHAT_TO_DO = {
    "place": "people without a known country or time zone are told nothing: record where they live",
    "consent": "people whom nobody asked may not be written to: ask for their yes and record it",
    "address": "people without an address are told nothing: ask for a number or an e-mail address",
    "registration_mark": "messages that have to name the registration mark are not sent: record it",
    "grievance_officer": "messages that have to name a grievance officer are not sent: record one",
}


def ask_for(missing: str, person_id: str, loan_id: str, as_of: date) -> Task:
    """Return the task, the same however many people it is about in a month.

    ``missing`` is ``place``, ``consent`` or ``address`` of people, a field of the institution that
    messages have to say, or ``language.`` and the language that nobody wrote texts in. The person
    is the first whom it kept from being told.
    """
    kind, _, language = missing.partition(".")
    if kind == "language":
        reason = f"no text in {language}: record a second language of whoever reads it"
    else:
        reason = _WHAT_TO_DO[missing]
    return Task(
        task_id=f"{missing}.{as_of:%Y-%m}",
        kind=TaskKind.MISSING_DETAILS,
        person_id=person_id,
        loan_id=loan_id,
        role=Role.SUPERVISOR,
        reason=reason,
        opened_on=as_of,
        do_by=as_of + _TIME_TO_ASK,
    )
