"""Made-up borrowers, each recognizable wherever their data turns up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

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

    @property
    def row(self) -> tuple[str, ...]:
        """A row of borrowers.csv."""
        return (
            self.id,
            self.name,
            self.language,
            self.country,
            "America/Lima",
            self.email,
            self.phone,
            self.preferred_channel,
            "true",
            "true",
        )


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
