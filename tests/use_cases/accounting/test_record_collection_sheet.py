"""S06: a group's meeting with one member short, recorded offline and synced twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recovery.domain.accounting.groups import Group, Member, SheetRequest
from recovery.domain.accounting.loan import Components
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import NotOnRecordError, RefusedError, SheetConflictError
from recovery.ports.accounting import SheetExistsError, StoredLoan
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.accounting.read_parties import read_parties
from recovery.use_cases.accounting.record_collection_sheet import (
    find_sheet,
    record_sheet,
    sheet_document,
    verify_sheet,
)
from recovery.use_cases.accounting.record_group import record_group
from recovery.use_cases.monitoring.read_standing import read_standing
from recovery.use_cases.shared import retrying
from tests.builders import a_loan, a_schedule, a_state, an_actor, fields

OFFICER, TELLER = an_actor("Officer"), an_actor("Teller")
MET_ON = date(2026, 2, 2)
GROUP = Group(
    "G-1", tuple(Member(each, f"L-{each}") for each in "ABCDE"), True, from_on=date(2026, 1, 5)
)
SIGNED_LIST = SheetRequest(
    "G-1",
    "S-1",
    MET_ON,
    "EUR",
    46_000,
    (("A", 10_000), ("B", 10_000), ("D", 13_000), ("E", 13_000), ("C", 0)),
)


@pytest.fixture
def ports(wiring):
    """Five members who owe 100 each since yesterday."""
    for each in "ABCDE":
        loan = a_loan(f"L-{each}", borrower_id=each, schedule=a_schedule(3, Components(10_000)))
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    record_group(GROUP, wiring)
    return wiring


def record(ports, request: SheetRequest = SIGNED_LIST, by=OFFICER):
    return record_sheet(request, by, ports.now(), ports)


def verify(ports, counted_minor: int = 46_000, by=TELLER):
    sheet = find_sheet("G-1", "S-1", ports)
    return verify_sheet(sheet, counted_minor, by, ports.now(), ports)


def overdue(ports) -> dict[str, str]:
    standings = {each: read_standing(f"L-{each}", ports.now(), ports) for each in "ABCDE"}
    return {each: standing["overdue"]["total"] for each, standing in standings.items()}


def test_nothing_counts_before_the_cash_is_verified(ports) -> None:
    taken = record(ports)
    assert taken.recorded
    assert sheet_document(taken.sheet)["status"] == "pending"
    assert set(overdue(ports).values()) == {"100.00"}


def test_synced_twice_and_verified_it_is_posted_once(ports) -> None:
    first, second = record(ports), record(ports)
    assert (first.sheet, second.recorded) == (second.sheet, False)
    sheet = verify(ports)
    assert sheet.status == "posted"
    assert verify(ports) == sheet
    assert not record(ports).recorded
    assert overdue(ports) == {"A": "0.00", "B": "0.00", "C": "40.00", "D": "0.00", "E": "0.00"}
    posted = [each for loan in "ABCDE" for each in ports.loans.recorded(f"L-{loan}").payments]
    assert len(posted) == len(sheet.payments) == 6
    assert sum(each.payment.amount_minor for each in posted) == 46_000


def test_the_two_peers_who_helped_have_recourse_and_owe_nothing_more(ports) -> None:
    record(ports)
    verify(ports)
    recourses = read_parties("L-C", ports.now(), ports)["recourses"]
    assert [(each["holder_id"], each["amount"], each["basis"]) for each in recourses] == [
        ("D", "30.00", "peer"),
        ("E", "30.00", "peer"),
    ]
    for each in "ABDE":
        parties = read_parties(f"L-{each}", ports.now(), ports)
        assert (parties["recourses"], parties["parties"]) == ([], [])
        assert [debt["person_id"] for debt in parties["owed_by"]] == [each]


def test_without_an_express_clause_each_pays_only_her_own(ports) -> None:
    record_group(replace(GROUP, joint_and_several=False, from_on=date(2026, 2, 1)), ports)
    record(ports)
    verify(ports)
    assert overdue(ports)["C"] == "100.00"
    assert ports.loans.recorded("L-C").payments == ()
    paid = ports.loans.load("L-D").state.position.paid
    assert [each.total for each in paid] == [10_000, 3_000, 0]  # on to her own next instalment


def test_a_member_who_is_not_listed_gave_nothing(ports) -> None:
    listed = tuple(row for row in SIGNED_LIST.handed_minor if row[0] != "C")
    taken = record(ports, replace(SIGNED_LIST, handed_minor=listed))
    assert {each.person_id: each.handed_minor for each in taken.sheet.rows}["C"] == 0
    assert not record(ports).recorded  # the same list, with her named
    verify(ports)
    assert overdue(ports)["C"] == "40.00"


def test_what_was_due_at_the_meeting_stays_what_the_sheet_is_about(ports) -> None:
    """Verified after D paid elsewhere too, her money is not taken for another."""
    record(ports)
    before = find_sheet("G-1", "S-1", ports).payments
    record_sheet(
        replace(SIGNED_LIST, sheet_id="S-2", total_minor=10_000, handed_minor=(("D", 10_000),)),
        OFFICER,
        ports.now(),
        ports,
    )
    second = find_sheet("G-1", "S-2", ports)
    verify_sheet(second, 10_000, TELLER, ports.now(), ports)
    assert verify(ports).payments == before


def test_a_count_that_differs_or_by_the_recorder_posts_nothing(ports) -> None:
    record(ports)
    with pytest.raises(RefusedError) as refused:
        verify(ports, 45_000, OFFICER)
    assert fields(refused.value.problems) == {"counted", "verified_by"}
    assert find_sheet("G-1", "S-1", ports).status == "pending"
    assert set(overdue(ports).values()) == {"100.00"}


def test_an_interrupted_posting_is_completed_by_the_same_call(ports, monkeypatch) -> None:
    record(ports)
    commit, calls = ports.loans.commit, []

    def fails_once(*changes, **more):
        calls.append(changes)
        if len(calls) == 3:
            raise ConnectionError("cut off")
        commit(*changes, **more)

    monkeypatch.setattr(ports.loans, "commit", fails_once)
    with pytest.raises(ConnectionError):
        verify(ports)
    assert find_sheet("G-1", "S-1", ports).status == "verified"
    assert verify(ports).status == "posted"
    assert overdue(ports)["C"] == "40.00"
    posted = [each for loan in "ABCDE" for each in ports.loans.recorded(f"L-{loan}").payments]
    assert sum(each.payment.amount_minor for each in posted) == 46_000


def test_two_who_record_at_once_record_one_sheet(ports, monkeypatch) -> None:
    first = record(ports).sheet
    found = iter([None, first])
    monkeypatch.setattr(ports.groups, "sheet", lambda *_: next(found))
    assert record(ports).sheet == first
    monkeypatch.setattr(ports.groups, "sheet", lambda *_: None)
    with pytest.raises(SheetExistsError):
        record(ports)


def test_another_sheet_with_the_id_is_a_conflict(ports) -> None:
    record(ports)
    for other in (
        replace(SIGNED_LIST, total_minor=45_000),
        replace(SIGNED_LIST, handed_minor=(("A", 46_000),)),
        replace(SIGNED_LIST, handed_minor=(*SIGNED_LIST.handed_minor, ("A", 10_000))),
    ):
        with pytest.raises(SheetConflictError):
            record(ports, other)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"total_minor": 45_000}, "total"),
        ({"currency": "USD"}, "currency"),
        ({"met_on": date(2026, 2, 9)}, "met_on"),
        ({"handed_minor": (("X", 46_000),)}, "rows.0.person_id"),
    ],
)
def test_a_sheet_that_could_not_be_posted_is_refused(ports, changes, field) -> None:
    with pytest.raises(RefusedError) as refused:
        record(ports, replace(SIGNED_LIST, **changes))
    assert fields(refused.value.problems) == {field}


def test_a_meeting_before_a_members_loan_is_refused(ports) -> None:
    later = a_loan("L-F", borrower_id="F", disbursed_on=date(2026, 2, 2))
    ports.loans.add_loan(StoredLoan(later, a_state(later)), [])
    members = (Member("A", "L-A"), Member("F", "L-F"))
    record_group(Group("G-2", members, from_on=date(2026, 1, 5)), ports)
    request = replace(
        SIGNED_LIST,
        group_id="G-2",
        met_on=date(2026, 1, 31),
        total_minor=100,
        handed_minor=(("A", 100),),
    )
    with pytest.raises(RefusedError) as refused:
        record(ports, request)
    assert fields(refused.value.problems) == {"met_on"}


def test_an_unknown_group_or_sheet_is_not_found(ports) -> None:
    for changes in ({"group_id": "G-9"}, {"met_on": date(2026, 1, 4)}):
        with pytest.raises(NotOnRecordError):
            record(ports, replace(SIGNED_LIST, **changes))
    with pytest.raises(NotOnRecordError):
        find_sheet("G-1", "S-9", ports)


def test_a_branchs_system_may_record_and_verify(ports) -> None:
    branch = an_actor("Branch", Role.SERVICE)
    record(ports, by=branch)
    assert verify(ports, by=branch).status == "posted"


def test_a_group_is_recorded_once_and_changes_by_a_later_version(ports, monkeypatch) -> None:
    assert not record_group(GROUP, ports).recorded
    for early in (GROUP.from_on, date(2026, 1, 1)):
        with pytest.raises(RefusedError) as refused:
            record_group(replace(GROUP, covers="as_listed", from_on=early), ports)
        assert fields(refused.value.problems) == {"from_on"}
    later = replace(GROUP, members=GROUP.members[1:], from_on=date(2026, 3, 1))
    assert record_group(later, ports).recorded
    assert ports.groups.versions("G-1") == (GROUP, later)

    def stale(_):
        raise StaleWriteError("another version of that day")

    monkeypatch.setattr(retrying.time, "sleep", lambda _: None)
    monkeypatch.setattr(ports.groups, "add_version", stale)
    with pytest.raises(StaleWriteError):
        record_group(replace(GROUP, from_on=date(2026, 4, 1)), ports)


def test_a_group_of_other_peoples_loans_is_refused(ports) -> None:
    dollars = a_loan("L-F", borrower_id="F", currency="USD")
    ports.loans.add_loan(StoredLoan(dollars, a_state(dollars)), [])
    members = (Member("A", "L-B"), Member("X", "L-X"), Member("F", "L-F"))
    with pytest.raises(RefusedError) as refused:
        record_group(Group("G-2", members), ports)
    assert fields(refused.value.problems) == {
        "members.0.person_id",
        "members.1.loan_id",
        "members",
    }
