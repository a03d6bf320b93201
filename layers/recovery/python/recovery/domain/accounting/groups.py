"""Groups: the collection sheet of a meeting, and whose instalment each amount pays.

Cash counts once it is verified. Each member's money pays her own share first. Where the contract
says in so many words that each answers for all, what is above it covers the members who are short,
who then owe it to their peers (CC 1144, 1145); otherwise it is her own credit (CC 1137, 1138).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from recovery.domain.accounting.loan import PayerKind
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.apportioning import apportion
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.limits import MAX_MINOR, range_problems
from recovery.domain.shared.money import to_decimal_text

Covers = Literal["in_proportion", "as_listed"]
MAX_MEMBERS = 40  # a meeting is posted loan by loan, and kept in one item


@dataclass(frozen=True, slots=True)
class Member:
    """One member and the loan that is her own."""

    person_id: str
    loan_id: str


@dataclass(frozen=True, slots=True)
class Group:
    """Members who meet, from a day on; a change is a further version, and the earlier ones stay.

    ``joint_and_several`` only where the contract expressly says so. ``covers``: the members who are
    short are covered in proportion to what they lack, or one after the other as listed.
    """

    group_id: str
    members: tuple[Member, ...]
    joint_and_several: bool = False
    covers: Covers = "in_proportion"
    from_on: date = date.min


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What one member handed over, and what she owed at the meeting, in minor units.

    What was due is kept as it was known when the sheet was recorded, so that the same sheet means
    the same payments whenever it is verified.
    """

    person_id: str
    handed_minor: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class SheetPayment:
    """One payment to post: whose loan, whose money."""

    payment_id: str
    loan_id: str
    payer_id: str
    payer_kind: PayerKind
    amount_minor: int
    value_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionSheet:
    """The signed list of one meeting; pending until someone has counted the cash.

    ``payments`` is what it means, fixed when it was recorded. ``verified_by`` is the id of an
    actor; ``posted`` once every payment is on its loan.
    """

    sheet_id: str
    group_id: str
    met_on: date
    currency: str
    total_minor: int
    rows: tuple[SheetRow, ...]
    recorded_by: str
    recorded_at: datetime | None = None
    payments: tuple[SheetPayment, ...] = ()
    verified_by: str | None = None
    verified_at: datetime | None = None
    posted: bool = False

    @property
    def status(self) -> Literal["pending", "verified", "posted"]:
        if self.posted:
            return "posted"
        return "pending" if self.verified_by is None else "verified"


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """A signed list: what each member handed over, in minor units, and the total."""

    group_id: str
    sheet_id: str
    met_on: date
    currency: str
    total_minor: int
    handed_minor: tuple[tuple[str, int], ...]


def group_at(versions: Iterable[Group], on: date) -> Group | None:
    """Return the version in force on this day; None before the first."""
    known = [each for each in versions if each.from_on <= on]
    return max(known, key=lambda each: each.from_on, default=None)


def group_problems(group: Group) -> Iterator[Problem]:
    """Yield everything wrong with a version to be recorded."""
    if not 2 <= len(group.members) <= MAX_MEMBERS:
        reason = f"must be between 2 and {MAX_MEMBERS}"
        remedy = "List every member; split a larger group"
        yield Problem("members", reason, remedy, "out_of_range")
    for name in ("person_id", "loan_id"):
        counted = Counter(getattr(each, name) for each in group.members)
        for at, each in enumerate(group.members):
            if counted[getattr(each, name)] > 1:
                reason = f"{getattr(each, name)} is listed more than once"
                remedy = "Give each member one loan of her own"
                yield Problem(f"members.{at}.{name}", reason, remedy, "duplicate")


def sheet_problems(sheet: CollectionSheet, group: Group) -> Iterator[Problem]:
    """Yield everything wrong with a sheet to be recorded."""
    members = {each.person_id for each in group.members}
    listed = Counter(each.person_id for each in sheet.rows)
    for at, row in enumerate(sheet.rows):
        if row.person_id not in members:
            remedy = "List the group's members only"
            reason = f"{row.person_id} is not a member of {group.group_id}"
            yield Problem(f"rows.{at}.person_id", reason, remedy, "not_found")
        if listed[row.person_id] > 1:
            reason = f"{row.person_id} is listed more than once"
            remedy = "Give each member one row"
            yield Problem(f"rows.{at}.person_id", reason, remedy, "duplicate")
        yield from range_problems(f"rows.{at}.amount", row.handed_minor, 0, MAX_MINOR)
    handed_minor = sum(each.handed_minor for each in sheet.rows)
    if handed_minor != sheet.total_minor or not handed_minor:
        handed = to_decimal_text(handed_minor, sheet.currency)
        total = to_decimal_text(sheet.total_minor, sheet.currency)
        remedy = "Send the amounts as signed, with their sum as the total, above zero"
        yield Problem("total", f"is {total}, but the rows add up to {handed}", remedy)


def check_count(sheet: CollectionSheet, counted_minor: int, counted_by: Actor) -> None:
    """Raise RefusedError unless exactly the total was counted, and not by who recorded the sheet.

    A service stands for many people, whom only it can tell apart.
    """
    problems = []
    if counted_minor != sheet.total_minor:
        counted = to_decimal_text(counted_minor, sheet.currency)
        total = to_decimal_text(sheet.total_minor, sheet.currency)
        remedy = "Count again, or record the corrected list as a new sheet"
        problems.append(Problem("counted", f"is {counted}, the sheet says {total}", remedy))
    if counted_by.is_person and counted_by.id == sheet.recorded_by:
        remedy = "Let someone else count the cash"
        problems.append(Problem("verified_by", "recorded the sheet", remedy, "conflict"))
    if problems:
        raise RefusedError(*problems)


def sheet_payments(group: Group, sheet: CollectionSheet) -> tuple[SheetPayment, ...]:
    """Return the payments that the sheet means, the same with the same ids however often asked.

    They add up to the sheet's total.
    """
    loans = {each.person_id: each.loan_id for each in group.members}
    own = {each.person_id: each.handed_minor for each in sheet.rows}
    for_peers: list[tuple[str, str, int]] = []
    if group.joint_and_several:
        for_peers = list(_covered(group, sheet.rows))
    for payer, _, minor in for_peers:
        own[payer] -= minor
    amounts = [*((each, each, minor) for each, minor in own.items()), *for_peers]
    return tuple(
        SheetPayment(
            payment_id=_payment_id(sheet, loans[of], payer),
            loan_id=loans[of],
            payer_id=payer,
            payer_kind="borrower" if payer == of else "group_member",
            amount_minor=minor,
            value_date=sheet.met_on,
        )
        for payer, of, minor in amounts
        if minor
    )


@dataclass(frozen=True, slots=True)
class GroupLateness:
    """Two figures that are never mixed: each member's days past due, and the group's.

    The group is as late as its latest member; no other member is late for it.
    """

    by_member: Mapping[str, int]
    group_days_past_due: int


def group_lateness(days_past_due: Mapping[str, int]) -> GroupLateness:
    """Return both figures from the days past due of each member's own loan."""
    return GroupLateness(dict(days_past_due), max(days_past_due.values(), default=0))


def contingent_minor(group: Group, person_id: str, outstanding_minor: Mapping[str, int]) -> int:
    """Return what a member may have to answer for beside her own loan; 0 without a clause.

    ``outstanding_minor`` is by member.
    """
    if not group.joint_and_several:
        return 0
    return sum(minor for member, minor in outstanding_minor.items() if member != person_id)


def _covered(group: Group, rows: Iterable[SheetRow]) -> Iterator[tuple[str, str, int]]:
    """Yield payer, member who is short, and amount; each peer gives in proportion to her excess."""
    listed = {each.person_id: each for each in rows}
    over = {who: row.handed_minor - row.due_minor for who, row in listed.items()}
    gives = {who: minor for who, minor in over.items() if minor > 0}
    lacks = {who: -minor for who, minor in over.items() if minor < 0}
    covered_minor = min(sum(gives.values()), sum(lacks.values()))
    given = dict(zip(gives, apportion(covered_minor, tuple(gives.values())), strict=True))
    for member, minor in _shorts(group, lacks, covered_minor):
        # Each takes of what the givers have left, so that both sides come out even.
        parts = apportion(minor, tuple(given.values()))
        for payer, part in zip(tuple(given), parts, strict=True):
            given[payer] -= part
            if part:
                yield payer, member, part


def _shorts(
    group: Group, lacks: Mapping[str, int], covered_minor: int
) -> Iterator[tuple[str, int]]:
    if group.covers == "in_proportion":
        yield from zip(lacks, apportion(covered_minor, tuple(lacks.values())), strict=True)
        return
    left = covered_minor
    for member in (each.person_id for each in group.members if each.person_id in lacks):
        taken = min(left, lacks[member])
        left -= taken
        yield member, taken


def _payment_id(sheet: CollectionSheet, loan_id: str, payer_id: str) -> str:
    same = "#".join((sheet.group_id, sheet.sheet_id, loan_id, payer_id))
    return f"sheet-{hashlib.sha256(same.encode()).hexdigest()[:32]}"
