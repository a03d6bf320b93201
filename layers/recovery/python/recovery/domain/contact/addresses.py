"""The addresses of people, in the one form in which they are compared."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.domain.contact.borrower import Borrower


def normalised(address: str) -> str:
    """Return a phone number or e-mail address without what does not tell it from another.

    Capital letters of an e-mail address do not count, spaces and dashes of a number neither.
    """
    if "@" in address:
        return address.strip().casefold()
    return "+" * address.strip().startswith("+") + "".join(filter(str.isdigit, address))


def address_on(person: Borrower, channel: str) -> str | None:
    """Return the person's address on ``email`` or ``sms``."""
    return person.email if channel == "email" else person.phone


def addresses_of(person: Borrower) -> Iterator[str]:
    """Yield the person's addresses as they are compared."""
    yield from (normalised(each) for each in (person.email, person.phone) if each)


def has_address(person: Borrower, channel: str, address: str) -> bool:
    """Whether the address is the one on record for this channel."""
    known = address_on(person, channel)
    return known is not None and normalised(known) == normalised(address)
