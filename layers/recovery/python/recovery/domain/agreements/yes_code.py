"""The yes by a code: what was shown is what is said yes to, by whoever reads the debtor's messages.

A code is for one debtor and one option as it was shown: another offer, or other terms, need another
code. It lasts for minutes and for few tries. What is kept of it is a hash that takes longer to
break by trial than the code lasts.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from recovery.domain.accounting.agreed import Agreement, Offer
from recovery.domain.accounting.fact import Recorded
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import Problem

DIGITS = 6
LASTS = timedelta(minutes=10)
MOST_TRIES = 3
MOST_CODES, WITHIN = 5, timedelta(days=1)
_AGAIN = "Ask for a new code"


@dataclass(frozen=True, slots=True, kw_only=True)
class YesCode:
    """A code that was sent to a debtor by ``channel``; ``terms`` is the hash of what it accepts.

    ``salt`` and ``digest`` are hexadecimal. ``tries`` counts the answers, each before it is
    compared. ``answered_by`` typed the right one, at ``answered_at``.
    """

    code_id: str
    loan_id: str
    offer_id: str
    option: str
    terms: str
    person_id: str
    channel: str
    salt: str
    digest: str
    asked_by: Actor
    asked_at: datetime
    until: datetime
    tries: int = 0
    answered_by: Actor | None = None
    answered_at: datetime | None = None

    def matches(self, typed: str) -> bool:
        """Whether this is the code, in a time that does not tell how near it is."""
        digest = digest_of(typed, self.salt, self.person_id, self.terms)
        return hmac.compare_digest(digest, self.digest)


def terms_of(loan_id: str, offer_id: str, offer: Offer, option: str, currency: str) -> str:
    """Return the hash of one option as it was offered: any other date or amount gives another.

    Raises LookupError if it was not offered.
    """
    found = offer.find(option)
    if found is None:
        raise LookupError(f"{option} was not offered")
    shown = {
        "loan_id": loan_id,
        "offer_id": offer_id,
        "on": offer.on,
        "expires_on": offer.expires_on,
        "currency": currency,
        "option": asdict(found),
    }
    text = json.dumps(shown, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(code: str, salt: str, person_id: str, terms: str) -> str:
    """Return what is kept of a code, for this person and these terms alone."""
    bound = f"{salt} {person_id} {terms}".encode()
    # About 50 ms each: a million codes take longer than one lasts.
    return hashlib.scrypt(code.encode(), salt=bound, n=2**14, r=8, p=1, dklen=32).hex()


def newest_of(codes: Iterable[YesCode], person_id: str) -> YesCode | None:
    """Return the last code sent to the person; the others do not count any more."""
    own = [each for each in codes if each.person_id == person_id]
    return max(own, key=lambda each: each.code_id, default=None)


def next_id(codes: Iterable[YesCode]) -> str:
    """Return the id of the next code for the offer; ids sort as codes were asked for."""
    return f"{max((int(each.code_id) for each in codes), default=0) + 1:06}"


def asking_problems(codes: Sequence[YesCode], person_id: str, now: datetime) -> Iterator[Problem]:
    """Yield why the person gets no further code for this offer now."""
    lately = [e for e in codes if e.person_id == person_id and now - e.asked_at < WITHIN]
    if len(lately) >= MOST_CODES:
        reason = f"got {len(lately)} codes for this offer within a day"
        yield Problem("person_id", reason, "Try again tomorrow, or let them sign", "conflict")


def answering_problems(code: YesCode, terms: str, now: datetime) -> Iterator[Problem]:
    """Yield why an answer to this code is not even compared."""
    if code.terms != terms:
        yield Problem("option", "is not what the code was sent for", _AGAIN, "conflict")
    elif code.answered_at is None and now >= code.until:
        reason = f"expired after {LASTS // timedelta(minutes=1)} minutes"
        yield Problem("code", reason, _AGAIN, "conflict")
    elif code.answered_at is None and code.tries >= MOST_TRIES:
        yield Problem("code", f"was tried {code.tries} times", _AGAIN, "conflict")


def wrong_code(code: YesCode) -> Problem:
    """Say that the answer is not the code, and how many tries are left after this one."""
    left = MOST_TRIES - code.tries
    reason = f"is not the one that was sent; tries left: {left}"
    return Problem("code", reason, "Look again" if left else _AGAIN, "conflict")


def tried(code: YesCode) -> YesCode:
    """Count an answer."""
    return replace(code, tries=code.tries + 1)


def answered(code: YesCode, by: Actor, now: datetime) -> YesCode:
    """Keep that the right code was typed, by whom and when."""
    return replace(code, answered_by=by, answered_at=now)


def yes_problems(
    codes: Sequence[YesCode], signers: Iterable[str], agreed: Agreement, terms: str, on: Recorded
) -> Iterator[Problem]:
    """Yield which signers have not said yes to these terms by a code, since the last agreement to
    this offer: what was undone needs a new yes."""
    used_at = max(
        (
            each.recorded_at
            for each in on.facts
            if isinstance(each.fact, Agreement) and each.fact.offer_id == agreed.offer_id
        ),
        default=None,
    )
    for person_id in signers:
        code = newest_of(codes, person_id)
        if code is None or code.answered_at is None or code.terms != terms:
            reason = f"lacks a yes by code from {person_id} to {agreed.option}"
            yield Problem("signed_by", reason, "Send a code, and answer with it", "missing")
        elif used_at and code.answered_at <= used_at:
            reason = f"has a yes from {person_id} that was used for an agreement before"
            yield Problem("signed_by", reason, "Send a new code", "conflict")
