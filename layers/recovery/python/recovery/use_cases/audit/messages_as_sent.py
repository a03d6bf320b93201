"""What a person was told about a loan, word for word where it can be proven.

Of a text only a fingerprint is kept. It is written again from what was known at that moment, with
the texts of this version: where the fingerprint is the same, these were the words. Where it is not,
the words are not shown, and the gap is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from recovery.domain.accounting.fact import Recorded
from recovery.domain.contact.borrower import Contact
from recovery.domain.contact.contact_rules import Channel
from recovery.domain.contact.plan import PLEASE_CALL, wish_of
from recovery.domain.loan_state import standings_of
from recovery.domain.shared.iso_dates import iso
from recovery.messages import RenderedMessage, fingerprint
from recovery.use_cases.audit.as_known import Then
from recovery.use_cases.contact.kind_said import kind_said
from recovery.use_cases.contact.limits import limits_for
from recovery.use_cases.contact.write_message import Message, write
from recovery.use_cases.portfolio.conduct_records import details_on, known_before
from recovery.use_cases.portfolio.past import loan_on
from recovery.use_cases.shared.rules import rules_of

_WRITTEN_AGAIN = "written again from the record: it has the fingerprint of the text that was sent"
_NO_PRINT = "no fingerprint of the words was kept"
_OTHER = "what it was written with is no longer there: the words are not shown"


def messages_as_sent(then: Then) -> Iterator[dict[str, Any]]:
    """Yield each message to the borrower about the loan until the day, oldest first."""
    found = then.borrowers.contacts(then.stored.loan.borrower_id)
    about = ((key, e) for key, e in found.items() if key.startswith(f"{then.loan_id}/"))
    for key, contact in sorted(about, key=lambda each: (each[1].contacted_on, each[0])):
        if not contact.may_have_been_sent or key.count("/") != 2:
            continue
        words, proof = _words(key, contact, then)
        yield {
            "message_id": key,
            "kind": kind_said(key, contact),
            "channel": contact.channel,
            "on": contact.contacted_on.isoformat(),
            "at": contact.at.isoformat() if contact.at else None,
            "sent": contact.provider_id is not None,
            "delivery": contact.fate or "no news of it",
            "delivery_on": iso(contact.fate_on),
            "fingerprint": contact.words,
            "words": words,
            "words_proof": proof,
        }


def _words(key: str, contact: Contact, then: Then) -> tuple[dict[str, str] | None, str]:
    if contact.words is None:
        return None, _NO_PRINT
    try:
        written = _written(key, contact, then)
    except Exception:  # what it was about may be gone, or its kind: then nothing is shown
        return None, _OTHER
    if fingerprint(written) != contact.words:
        return None, _OTHER
    if contact.channel == "sms":
        return {"text": written.sms}, _WRITTEN_AGAIN
    return {"subject": written.subject, "text": written.text}, _WRITTEN_AGAIN


def _written(key: str, contact: Contact, then: Then) -> RenderedMessage:
    wish = wish_of(key)[1]
    stored, on = then.stored, contact.contacted_on
    rules = rules_of(stored.loan.institution_id, on, then.ports.institutions)
    recorded = known_before(then.all_recorded, contact)
    loan = loan_on(stored, recorded, rules)
    charges = rules.charges(loan.loan, loan.state)
    standing = standings_of(loan.loan, loan.state, rules.policy, on, charges).collectible
    person = then.ports.borrowers.load(stored.loan.borrower_id)
    changes = then.ports.borrowers.contact_changes(person.borrower_id)
    person = details_on(person, changes, on, contact.taken_at)[0]
    moment = contact.at or contact.taken_at
    assert moment is not None
    channel: Channel = "sms" if contact.channel == "sms" else "email"
    limits = limits_for(person, rules.policy.contact)
    message = Message(
        wish=wish,
        stored=loan,
        standing=standing,
        borrower=person,
        channel=channel,
        policy=rules.policy,
        as_of=on,
        local=moment,
        now=contact.taken_at or moment,
        neutral=contact.said == PLEASE_CALL,
        must_say=limits.must_say(channel, moment.date()),
    )
    institution = then.ports.institutions.find(stored.loan.institution_id)
    return write(message, institution, _Writing(then, recorded, on))


@dataclass(frozen=True)
class _Writing:
    """The ports of writing, which know no more than when the message went."""

    then: Then
    known: Recorded
    on: date

    @property
    def loans(self) -> Any:
        return self

    def recorded(self, loan_id: str) -> Recorded:
        return self.known

    @property
    def borrowers(self) -> Any:
        return self.then.ports.borrowers

    @property
    def people(self) -> Any:
        return replace(self.then, day=self.on).people
