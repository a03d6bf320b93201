"""Institutions, their daily reviews and the clock."""

from __future__ import annotations

from datetime import date, datetime

from recovery.domain.policy import Policy, policy_in_force
from recovery.domain.shared.actor import Actor
from recovery.ports.institutions import (
    Institution,
    InstitutionDay,
    InstitutionNotFoundError,
)
from recovery.ports.shared import StaleWriteError
from tests.builders import an_institution


class FakeInstitutionRepository:
    """Tests set ``days[institution_id]``, as the daily review's state machine would."""

    def __init__(self, *institutions: Institution) -> None:
        self._institutions = {
            each.institution_id: each for each in institutions or (an_institution(),)
        }
        self._policies: dict[tuple[str, date, int], Policy] = {}
        self._actors: dict[tuple[str, str], Actor] = {}
        self.days: dict[str, InstitutionDay] = {}

    def list_ids(self) -> list[str]:
        return sorted(self._institutions)

    def find(self, institution_id: str) -> Institution:
        if institution_id not in self._institutions:
            raise InstitutionNotFoundError(institution_id)
        return self._institutions[institution_id]

    def name(self, institution_id: str) -> str:
        return self.find(institution_id).name

    def time_zone(self, institution_id: str) -> str:
        return self.find(institution_id).time_zone

    def save(self, institution: Institution, *, only_if_new: bool = False) -> bool:
        if only_if_new and institution.institution_id in self._institutions:
            return False
        self._institutions[institution.institution_id] = institution
        return True

    def actors(self, institution_id: str) -> list[Actor]:
        return [self._actors[key] for key in sorted(self._actors) if key[0] == institution_id]

    def save_actor(self, institution_id: str, actor: Actor) -> None:
        self._actors[institution_id, actor.id] = actor

    def day(self, institution_id: str) -> InstitutionDay:
        return self.days.get(institution_id, InstitutionDay())

    def policy(self, institution_id: str, as_of: date) -> Policy:
        return policy_in_force(self.policies(institution_id), as_of)

    def policies(self, institution_id: str) -> list[Policy]:
        return [self._policies[key] for key in sorted(self._policies) if key[0] == institution_id]

    def save_policy(self, institution_id: str, policy: Policy) -> None:
        key = (institution_id, policy.effective_from, policy.version)
        if self._policies.setdefault(key, policy) != policy:
            raise StaleWriteError(f"version {policy.version} of the policy was changed")


class FakeDailyReviews:
    """``started`` are (institution, date)."""

    def __init__(self) -> None:
        self.started: list[tuple[str, date]] = []

    def start(self, institution_id: str, until: date) -> None:
        self.started.append((institution_id, until))


class FakeClock:
    """Stays at ``at``, an aware datetime, until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at
