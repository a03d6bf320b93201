"""Institutions and their people: names, time zones, business dates and policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Protocol

from recovery.domain.policy import Policy
from recovery.domain.shared.actor import Actor


class InstitutionNotFoundError(LookupError):
    """There is no institution with this id."""

    def __init__(self, institution_id: str) -> None:
        super().__init__(f"there is no institution {institution_id}")
        self.institution_id = institution_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """An institution, reviewed daily from ``review_at`` on in its own time zone (an IANA name).

    What every message says, each empty if unknown: the ``phone`` to call or complain at (E.164),
    the ``pay_account`` and ``pay_link`` (https) to pay to, who gives ``debt_advice`` for free and
    independently, the ``registration_mark`` of who collects for others, and the
    ``grievance_officer`` to turn to. Replies are heard at ``reply_to`` (an e-mail address) and
    ``sms_number`` (E.164), which text messages are sent from.
    """

    institution_id: str
    name: str
    time_zone: str
    review_at: time
    phone: str = ""
    pay_account: str = ""
    pay_link: str = ""
    debt_advice: str = ""
    registration_mark: str = ""
    grievance_officer: str = ""
    reply_to: str = ""
    sms_number: str = ""


@dataclass(frozen=True, slots=True)
class InstitutionDay:
    """An institution's review progress; the ``replay`` clock simulates the time of day too."""

    business_date: date | None = None
    reviewed_through: date | None = None
    clock: str = "wall"


class InstitutionRepository(Protocol):
    """Stores institutions."""

    def list_ids(self) -> list[str]:
        """List every institution's id, in order."""

    def find(self, institution_id: str) -> Institution:
        """Return the institution. Raises InstitutionNotFoundError."""

    def name(self, institution_id: str) -> str: ...
    def time_zone(self, institution_id: str) -> str: ...
    def day(self, institution_id: str) -> InstitutionDay: ...
    def actors(self, institution_id: str) -> list[Actor]:
        """List the people on record, by id."""

    def save_actor(self, institution_id: str, actor: Actor) -> None:
        """Add the person, or change name and roles."""

    def policy(self, institution_id: str, as_of: date) -> Policy:
        """Return the policy in force at this date."""

    def policies(self, institution_id: str) -> Sequence[Policy]:
        """List every version on record; empty means the default applies."""
