"""Made-up borrowers, each recognizable wherever their data turns up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest

BORROWER_COLUMNS = (
    "borrower_id",
    "name",
    "language",
    "country",
    "time_zone",
    "email",
    "phone",
    "preferred_channel",
    "email_consent",
    "sms_consent",
    "contact_confirmed_on",
)
_numbers = count(1)
EVERYBODY: list[Person] = []


@dataclass(frozen=True, slots=True)
class Person:
    """A borrower with a unique name, address and phone."""

    id: str
    name: str
    email: str
    phone: str
    language: str = "es-PE"
    country: str = "PE"
    preferred_channel: str = "email"
    time_zone: str = "America/Lima"

    @property
    def row(self) -> tuple[str, ...]:
        """A row of borrowers.csv."""
        return (
            self.id,
            self.name,
            self.language,
            self.country,
            self.time_zone,
            self.email,
            self.phone,
            self.preferred_channel,
            "true",
            "true",
            f"{datetime.now(UTC).date()}",
        )


def somebody_at_work_now(loan_id: str) -> Person:
    """Make up a borrower in a place where messages may be sent at this moment.

    Skips the test where there is none: at a weekend.
    """
    now = datetime.now(UTC)
    for country, block, zone in (
        ("KE", "+25470000", "Africa/Nairobi"),
        ("PE", "+5190000", "America/Lima"),
        ("PH", "+63900000", "Asia/Manila"),
    ):
        local = now.astimezone(ZoneInfo(zone))
        if local.weekday() < 5 and 9 <= local.hour < 18:
            return person_of(loan_id, phone_block=block, country=country, time_zone=zone)
    pytest.skip("no place where messages may be sent at this hour")


def person_of(loan_id: str, *, phone_block: str = "+5190000", **changes: str) -> Person:
    """Make up the borrower of this loan."""
    number = next(_numbers)
    values = {
        "id": f"B-{loan_id}",
        "name": f"Milagros Quispehuaman{number}",
        "email": f"milagros.{number}@example.org",
        "phone": f"{phone_block}{number:04}",
    }
    person = Person(**{**values, **changes})
    EVERYBODY.append(person)
    return person
