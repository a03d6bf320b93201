"""End all messages of a channel for whoever opened the link in one."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from recovery.domain.contact.borrower import Borrower, ContactChange
from recovery.domain.contact.details import replaced
from recovery.domain.contact.unsubscribe import UnsubscribeClaim, stopped
from recovery.messages import render_unsubscribe_page
from recovery.ports.needs import HasBorrowers, HasInstitutions
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale

BY_LINK = "unsubscribe-link"


class UnsubscribePorts(HasBorrowers, HasInstitutions, Protocol):
    """People, and the day on which they stop messages."""


@retry_when_stale
def unsubscribe(claim: UnsubscribeClaim, now: datetime, ports: UnsubscribePorts) -> bool:
    """Stop the channel on every loan of the person; a repeat changes nothing.

    What waits to be sent reads the person again, and lapses. Return whether this call stopped it:
    of somebody who is not on record any more there is nothing to stop.
    """
    person = whose(claim, ports)
    if person is None:
        return False
    after = stopped(person, claim.channel)
    former = replaced(person, after)
    if not former:
        return False
    on = business_date(claim.institution_id, now, ports.institutions)
    return ports.borrowers.save_contact_details(after, ContactChange(on, "", former, by=BY_LINK))


def ask_to_unsubscribe(claim: UnsubscribeClaim, ports: HasBorrowers) -> str:
    """Return the page that asks; opening it stops nothing: mail programs open links unasked."""
    return render_unsubscribe_page("question", *_languages(whose(claim, ports)))


def say_unsubscribed(claim: UnsubscribeClaim, ports: HasBorrowers) -> str:
    """Return the page that says that it is done."""
    return render_unsubscribe_page("done", *_languages(whose(claim, ports)))


def say_unknown(languages: str | None) -> str:
    """Return the page for a link that is none of ours; ``languages`` are those of the browser."""
    tags = (each.partition(";")[0] for each in (languages or "").split(","))
    return render_unsubscribe_page("unknown", *tags)


def _languages(person: Borrower | None) -> tuple[str | None, ...]:
    return (person.language, person.second_language) if person else ()


def whose(claim: UnsubscribeClaim, ports: HasBorrowers) -> Borrower | None:
    """Return the person, None if they are not on record any more."""
    return next(iter(ports.borrowers.load_many([claim.person_id])), None)
