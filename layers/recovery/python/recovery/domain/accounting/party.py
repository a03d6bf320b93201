"""The parties of a loan: who owes it, who answers for it, and how far.

Nothing is presumed. Where the contract is silent, each principal debtor owes an equal share and the
shares are separate debts; each owes the whole only if the contract says so (CC 1137, 1138). A
guarantee goes as far as it says, in its limit and in whether the debtor's own means come first
(CC 1827, 1830).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_MINOR, range_problems

PartyRole = Literal["borrower", "co_borrower", "guarantor", "group_member"]
Liability = Literal["joint_and_several", "share"]
ROLES: tuple[PartyRole, ...] = get_args(PartyRole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One person in one role, on both days and every day between; ``until`` None is open-ended.

    ``liability`` None: the contract is silent. ``share_pct`` is the person's part among those in
    the same position; who has none shares the rest equally. ``limit_minor`` None covers the whole
    debt. ``subsidiary`` None: not said, which leaves a guarantor the benefit of excussion unless
    liable jointly and severally (CC 1830, 1831). An ended row stays; a change is a new row.
    """

    person_id: str
    role: PartyRole
    from_on: date
    until: date | None = None
    liability: Liability | None = None
    share_pct: Decimal | None = None
    limit_minor: int | None = None
    subsidiary: bool | None = None

    def holds(self, as_of: date) -> bool:
        """Whether the person is a party at ``as_of``."""
        return self.from_on <= as_of and (self.until is None or as_of <= self.until)

    @property
    def is_debtor(self) -> bool:
        """Whether the debt is the person's own.

        A group member owes her own loan; another's she owes only for a share that she took on.
        """
        if self.role == "group_member":
            return self.liability == "share"
        return self.role in ("borrower", "co_borrower")

    @property
    def is_surety(self) -> bool:
        """Whether the person answers for the debt of others."""
        if self.role == "group_member":
            return self.liability == "joint_and_several"
        return self.role == "guarantor"

    @property
    def comes_after_debtors(self) -> bool:
        """Whether the debtors' means must be tried before this person is asked (CC 1830, 1831)."""
        if not self.is_surety:
            return False
        if self.subsidiary is None:
            return self.liability != "joint_and_several"
        return self.subsidiary


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRecord:
    """A row with who recorded it and who ended it: ids of actors; an end has its reason.

    ``was_until`` is its last day before an agreement ended it earlier.
    """

    party: Party
    recorded_by: str
    recorded_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None
    was_until: date | None = None


def parties_at(parties: Iterable[Party], borrower_id: str, as_of: date) -> tuple[Party, ...]:
    """Return those in force at ``as_of``, the borrower first, whether recorded or not."""
    current = [each for each in parties if each.holds(as_of)]
    if all(each.role != "borrower" for each in current):
        current.append(Party(person_id=borrower_id, role="borrower", from_on=date.min))
    return tuple(sorted(current, key=lambda each: (ROLES.index(each.role), each.person_id)))


def weights(parties: Sequence[Party]) -> tuple[Fraction, ...]:
    """Return the part of each among these; they add up to 1 (CC 1138).

    Percentages that leave nothing to the others, or do not reach 100, are taken in proportion.
    """
    stated = [None if each.share_pct is None else Fraction(each.share_pct) for each in parties]
    without = stated.count(None)
    taken = sum((each for each in stated if each is not None), Fraction())
    rest = max(Fraction(), 100 - taken)
    parts = [rest / without if each is None else each for each in stated]
    whole = sum(parts, Fraction())
    return tuple(each / whole for each in parts)


def party_problems(party: Party) -> Iterator[Problem]:
    """Yield everything wrong with one row."""
    answers = party.role in ("guarantor", "group_member")
    if party.until is not None and party.until < party.from_on:
        yield Problem("until", "is before from_on", "Give a last day on or after the first")
    if party.share_pct is not None:
        if not 0 < party.share_pct <= 100:
            remedy = "Give a percentage above 0, up to 100"
            yield Problem("share_pct", "must be above 0 and at most 100", remedy, "out_of_range")
        if party.liability is None:
            remedy = "Say share, or joint_and_several if the contract says so"
            yield Problem("liability", "is missing for a stated share", remedy, "missing")
    if party.limit_minor is not None:
        if not answers:
            reason = f"does not apply to a {_in_words(party.role)}"
            yield Problem("limit", reason, "Leave it out; a limit is a guarantor's")
        yield from range_problems("limit", party.limit_minor, 1, MAX_MINOR)
    if party.subsidiary is not None and not answers:
        reason = f"does not apply to a {_in_words(party.role)}"
        yield Problem("subsidiary", reason, "Leave it out; only who answers for others can be")


def parties_problems(parties: Iterable[Party], borrower_id: str) -> Iterator[Problem]:
    """Yield everything wrong with the rows of one loan taken together, on any day."""
    rows = tuple(parties)
    for each in rows:
        if each.role == "borrower" and each.person_id != borrower_id:
            reason = f"{each.person_id} is not the borrower of the loan"
            remedy = "Record the person as co_borrower, or use the borrower's id"
            yield Problem("person_id", reason, remedy, "conflict")
        if each.role != "borrower" and each.person_id == borrower_id:
            reason = f"is the borrower and cannot be a {_in_words(each.role)} of the same loan"
            yield Problem(
                "person_id", reason, "Use another person, or the role borrower", "conflict"
            )
    for at, each in enumerate(rows):
        if any(_overlap(each, other) for other in rows[:at]):
            reason = f"{each.person_id} is already a party on these days"
            yield Problem("person_id", reason, "End the earlier row first", "duplicate")
    for day in sorted({each.from_on for each in rows}):
        current = parties_at(rows, borrower_id, day)
        for those in (debtors(current), sureties(current)):
            yield from _share_problems(those, day)


def debtors(parties: Iterable[Party]) -> tuple[Party, ...]:
    """Return those whose own debt it is."""
    return tuple(each for each in parties if each.is_debtor)


def sureties(parties: Iterable[Party]) -> tuple[Party, ...]:
    """Return those who answer for the debt of others."""
    return tuple(each for each in parties if each.is_surety)


def _share_problems(parties: Sequence[Party], on: date) -> Iterator[Problem]:
    stated = [each.share_pct for each in parties if each.share_pct is not None]
    total = sum(stated, Decimal())
    if not stated or (total < 100 and len(stated) < len(parties)):
        return
    if total != 100 or len(stated) < len(parties):
        reason = f"add up to {total} % on {on}, with {len(parties) - len(stated)} parties without"
        yield Problem("share_pct", reason, "Let the shares of all add up to 100", "out_of_range")


def _overlap(one: Party, other: Party) -> bool:
    return (
        one.person_id == other.person_id
        and one.from_on <= (other.until or date.max)
        and other.from_on <= (one.until or date.max)
    )


def _in_words(role: PartyRole) -> str:
    return role.replace("_", " ")
