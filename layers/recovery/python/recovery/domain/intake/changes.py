"""Whether a delivery changes so much contact data that a person has to look first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recovery.domain.intake.policy import IntakePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanges:
    """What a delivery would change, counted in people.

    Only people on record before count. ``people_on_one_phone`` and ``people_on_one_address`` are
    the most who would have one new number or address in common.
    """

    known_people: int
    changed_phones: int = 0
    changed_addresses: int = 0
    people_on_one_phone: int = 0
    people_on_one_address: int = 0


@dataclass(frozen=True, slots=True)
class MassChange:
    """Too much to take up unseen; the reasons name no person."""

    reasons: tuple[str, ...]


def mass_change(changes: ContactChanges, policy: IntakePolicy) -> MassChange | None:
    """Return why the changes have to wait for a decision; None if they may be taken up."""
    reasons = tuple(_reasons(changes, policy))
    return MassChange(reasons) if reasons else None


def _reasons(changes: ContactChanges, policy: IntakePolicy) -> Iterator[str]:
    for one, many, changed, sharing in (
        ("phone number", "phone numbers", changes.changed_phones, changes.people_on_one_phone),
        ("address", "addresses", changes.changed_addresses, changes.people_on_one_address),
    ):
        # In whole numbers: the share itself may have no end of digits.
        is_large = changed * 100 > policy.max_changed_pct * changes.known_people
        if is_large and changed >= policy.mass_change_from_people:
            yield (
                f"changes the {many} of {changed} of {changes.known_people} people,"
                f" more than {policy.max_changed_pct} %"
            )
        if sharing > policy.max_people_per_contact:
            yield f"gives {sharing} people one {one}, more than {policy.max_people_per_contact}"
