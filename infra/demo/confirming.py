"""Asking people whether number and address are still theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from recovery.domain.contact.borrower import ContactChange


def confirm_details(person_id: str, day: date, ports: Any) -> None:
    """Record that the person said so at the branch on this day."""
    person = ports.borrowers.load(person_id)
    former = {"contact_confirmed_on": person.contact_confirmed_on}
    change = ContactChange(day, "", former, by="branch")
    confirmed = replace(person, contact_confirmed_on=day)
    ports.borrowers.save_contact_details(confirmed, change)
