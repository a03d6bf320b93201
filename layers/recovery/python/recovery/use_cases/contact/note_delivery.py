"""Take up what a provider told of a message: mark what is dead, say again what reached nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from recovery.domain.contact.address import Fate
from recovery.domain.contact.borrower import Borrower, Contact, ContactChange
from recovery.domain.contact.delivery import DeliveryNews, find_address, with_news
from recovery.domain.contact.details import replaced
from recovery.domain.contact.plan import wish_of
from recovery.domain.contact.silence import Reached, counted
from recovery.domain.outbox import Outbox, fate_entry, outbox_id
from recovery.domain.policy import Policy
from recovery.domain.wish_answers import withdraw_answer
from recovery.ports.accounting import LoanChange, LoanNotFoundError
from recovery.ports.contact import SentMessage
from recovery.ports.needs import (
    HasBorrowers,
    HasBus,
    HasInstitutions,
    HasLoans,
    HasTasks,
    HasTimeline,
)
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.route_tasks import open_tasks
from recovery.use_cases.contact.limits import limits_for
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_until_fresh, retry_when_stale

_DAY = timedelta(days=1)
_CAME_BACK = (Fate.BOUNCED, Fate.NOT_NOW)
_ANSWERS_LATER = (Fate.DELIVERED,)  # what it says never replaces worse news


class NotingPorts(HasBorrowers, HasLoans, HasInstitutions, HasTasks, HasTimeline, HasBus, Protocol):
    """What taking up the news needs."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Whether the address is dead since this news, and whether its message is said again."""

    died: bool = False
    again: bool = False


def note_delivery(
    sent: SentMessage, news: DeliveryNews, now: datetime, ports: NotingPorts
) -> Noted:
    """Take up the news; a repeat changes nothing.

    What is told of an address that the person has no more says nothing of the new one. Raises
    StaleWriteError while the message is still being sent: the news comes again.
    """
    found = ports.borrowers.load_many([sent.person_id])
    if not found:
        return Noted()
    on = business_date(sent.institution_id, now, ports.institutions)
    policy = ports.institutions.policy(sent.institution_id, on)
    contact = _confirmed(sent, news, now, ports)
    is_new = contact is None or _is_news(contact, news)
    died = _mark(sent, news, on, policy, ports) if is_new else False
    if contact is None:
        return Noted(died)  # it was said again since
    if is_new:
        retry_until_fresh(
            lambda: ports.borrowers.note_fate(sent.person_id, sent.message_id, news.fate, on)
        )
    again = news.fate in _CAME_BACK and _say_again(sent, news, on, ports)
    if is_new and news.fate is Fate.DELIVERED:
        _count_arrived(sent, on, ports)
    if news.fate is not Fate.DELIVERED:
        _find_address(sent.person_id, on, policy, ports)
    return Noted(died, again)


def _confirmed(
    sent: SentMessage, news: DeliveryNews, now: datetime, ports: HasBorrowers
) -> Contact | None:
    """Return the contact that the news is about, None if the message was sent again since.

    That there is news of it settles whether a message was sent whose sender stopped before it could
    say so.
    """
    contact = ports.borrowers.contact(sent.person_id, sent.message_id)
    if contact and contact.leased_until and not contact.provider_id:
        if contact.leased_until > now:
            raise StaleWriteError("the message is being sent")
        ports.borrowers.confirm_contact(sent.person_id, sent.message_id, news.provider_id)
        contact = ports.borrowers.contact(sent.person_id, sent.message_id)
    return contact if contact and contact.provider_id == news.provider_id else None


def _is_news(contact: Contact, news: DeliveryNews) -> bool:
    if contact.fate and news.fate in _ANSWERS_LATER:
        return False
    return contact.fate != news.fate


@retry_when_stale
def _mark(
    sent: SentMessage, news: DeliveryNews, on: date, policy: Policy, ports: HasBorrowers
) -> bool:
    """Record the news on the person; return whether the address is dead since then."""
    person = ports.borrowers.load(sent.person_id)
    after = with_news(person, news, on, policy.contact.dead_after_returns)
    if former := replaced(person, after):
        change = ContactChange(on, "", former, by="provider")
        ports.borrowers.save_contact_details(after, change)
    return _is_dead(after, news) and not _is_dead(person, news)


def _is_dead(person: Borrower, news: DeliveryNews) -> bool:
    return person.dead_since(news.channel) is not None


def _say_again(sent: SentMessage, news: DeliveryNews, on: date, ports: NotingPorts) -> bool:
    """Let the loan wish again for what reached nobody; the gate chooses the way that is left.

    Where the same address stays the only way, it is tried again on the next day.
    """
    loan_id, wish = wish_of(sent.message_id)
    entry = fate_entry(wish, news.channel, news.fate, news.cause, on)
    again_on = on if news.fate is Fate.BOUNCED else on + _DAY

    def step() -> bool:
        try:
            stored = ports.loans.load(loan_id)
        except LoanNotFoundError:
            return False
        state = withdraw_answer(stored.state, wish, again_on)
        if state is stored.state:
            return False
        contacts = counted(state.contacts, wish.kind, Reached.NOT_DELIVERED, on)
        state = replace(state, contacts=contacts)
        outbox = Outbox(outbox_id(state.version + 1), on, timeline=(entry,))
        ports.loans.commit(LoanChange(stored.loan, stored.loan, state, outbox))
        return True

    return retry_until_fresh(step)


def _count_arrived(sent: SentMessage, on: date, ports: HasLoans) -> None:
    """Count on its loan that a message that asks something reached the person."""
    loan_id, wish = wish_of(sent.message_id)

    def step() -> None:
        try:
            stored = ports.loans.load(loan_id)
        except LoanNotFoundError:
            return
        state = stored.state
        contacts = counted(state.contacts, wish.kind, Reached.ARRIVED, on)
        if contacts != state.contacts:
            after = replace(state, version=state.version + 1, contacts=contacts)
            ports.loans.save_state(after, stored.loan)

    retry_until_fresh(step)


def _find_address(person_id: str, on: date, policy: Policy, ports: NotingPorts) -> None:
    """Let somebody ask how to reach the person, once nothing that we send can arrive."""
    person = ports.borrowers.load(person_id)
    do_by = on + policy.cases.tasks.follow_up_within_days * _DAY
    limits = limits_for(person, policy.contact)
    task = find_address(person, limits, ports.tasks.of_person(person_id), on, do_by)
    if task:
        open_tasks([task], ports)
