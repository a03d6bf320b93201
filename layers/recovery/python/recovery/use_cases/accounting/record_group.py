"""Record who is in a group from a day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from recovery.domain.accounting.groups import Group, group_problems
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasGroups, HasLoans
from recovery.use_cases.shared.retrying import retry_when_stale


class GroupPorts(HasGroups, HasLoans, Protocol):
    """What recording a group needs: each member has a loan of her own."""


@dataclass(frozen=True, slots=True)
class GroupTaken:
    """The version on record, and whether this call recorded it (a repeat does not)."""

    group: Group
    recorded: bool


@retry_when_stale
def record_group(group: Group, ports: GroupPorts) -> GroupTaken:
    """Record a version of the group; repeating it changes nothing.

    Raises RefusedError with everything that is wrong with it, also for a day with another version
    or before the last one: what was taken in at a meeting stays as it was.
    """
    versions = ports.groups.versions(group.group_id)
    if group in versions:
        return GroupTaken(group, recorded=False)
    problems = list(group_problems(group))
    last = max((each.from_on for each in versions), default=None)
    if last is not None and group.from_on <= last:
        reason = f"{group.from_on} is not after {last}, from when the group is on record"
        problems.append(Problem("from_on", reason, "Use a later day", "conflict"))
    loans = {e.loan.loan_id: e for e in ports.loans.load_many([m.loan_id for m in group.members])}
    problems += _loan_problems(group, loans)
    if problems:
        raise RefusedError(*problems)
    ports.groups.add_version(group)
    return GroupTaken(group, recorded=True)


def _loan_problems(group: Group, loans: Mapping[str, StoredLoan]) -> Iterator[Problem]:
    currencies = {each.loan.currency for each in loans.values()}
    for at, member in enumerate(group.members):
        stored = loans.get(member.loan_id)
        if stored is None:
            reason = f"{member.loan_id} is not on record"
            yield Problem(f"members.{at}.loan_id", reason, "Check the id", "not_found")
        elif stored.loan.borrower_id != member.person_id:
            reason = f"{member.person_id} is not the borrower of {member.loan_id}"
            remedy = "Give each member's own loan"
            yield Problem(f"members.{at}.person_id", reason, remedy, "conflict")
    if len(currencies) > 1:
        reason = f"have loans in several currencies: {', '.join(sorted(currencies))}"
        yield Problem("members", reason, "Record a group for each currency", "conflict")


def group_document(group: Group) -> dict[str, object]:
    """Return one version for the API."""
    return {
        "group_id": group.group_id,
        "from_on": group.from_on.isoformat(),
        "joint_and_several": group.joint_and_several,
        "covers": group.covers,
        "members": [
            {"person_id": each.person_id, "loan_id": each.loan_id} for each in group.members
        ],
    }
