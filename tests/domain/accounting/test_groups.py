"""The collection sheet of a meeting: own share first, peers next, once, and never lost."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.groups import (
    CollectionSheet,
    Group,
    Member,
    SheetPayment,
    SheetRow,
    check_count,
    contingent_minor,
    group_at,
    group_lateness,
    group_problems,
    sheet_payments,
    sheet_problems,
)
from recovery.domain.accounting.guarantees import Recourse, recourses
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.accounting.paid_shares import Account, PartyPayment, dues_of
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import RefusedError
from tests.builders import an_actor, fields

MET_ON = date(2026, 3, 2)
SOLIDARY = Group("G-1", tuple(Member(each, f"L-{each}") for each in "ABCDE"), True)
SILENT = replace(SOLIDARY, joint_and_several=False)


def sheet(handed: dict[str, int], due_minor: int | dict[str, int] = 100, **changes):
    dues = due_minor if isinstance(due_minor, dict) else dict.fromkeys(handed, due_minor)
    rows = tuple(SheetRow(who, minor, dues[who]) for who, minor in handed.items())
    taken = CollectionSheet(
        sheet_id="S-1",
        group_id="G-1",
        met_on=MET_ON,
        currency="EUR",
        total_minor=sum(handed.values()),
        rows=rows,
        recorded_by="officer",
    )
    return replace(taken, **changes)


S06 = sheet({"A": 100, "B": 100, "C": 0, "D": 130, "E": 130})


def amounts(payments: tuple[SheetPayment, ...]) -> dict[tuple[str, str], int]:
    """Return the amounts by (loan, payer)."""
    assert len({each.payment_id for each in payments}) == len(payments)
    return {(each.loan_id, each.payer_id): each.amount_minor for each in payments}


def test_s06_each_pays_her_own_and_two_peers_cover_the_one_who_is_short() -> None:
    payments = sheet_payments(SOLIDARY, S06)
    assert amounts(payments) == {
        ("L-A", "A"): 100,
        ("L-B", "B"): 100,
        ("L-D", "D"): 100,
        ("L-E", "E"): 100,
        ("L-C", "D"): 30,
        ("L-C", "E"): 30,
    }
    kinds = {(each.loan_id, each.payer_id): each.payer_kind for each in payments}
    assert kinds["L-C", "D"] == "group_member"
    assert kinds["L-D", "D"] == "borrower"
    assert {each.value_date for each in payments} == {MET_ON}


def test_s06_forty_stay_open_on_her_loan_and_the_recourse_of_both_is_known() -> None:
    for_c = [each for each in sheet_payments(SOLIDARY, S06) if each.loan_id == "L-C"]
    schedule = (Instalment(1, MET_ON, Components(100)),)
    position = allocate(
        schedule,
        [Payment(each.payment_id, each.value_date, each.amount_minor) for each in for_c],
        AllocationPolicy(),
    )
    paid = tuple(
        PartyPayment(
            payment_id=each.payment_id,
            payer_id=each.payer_id,
            payer_kind=each.payer_kind,
            amount_minor=each.amount_minor,
            value_date=each.value_date,
        )
        for each in for_c
    )
    loan = Account("C", dues_of(schedule, position), paid)
    assert loan.debt_minor() == 40
    assert recourses([], loan, MET_ON) == (
        Recourse("D", "C", 30, "peer", False, False),
        Recourse("E", "C", 30, "peer", False, False),
    )


def test_s06_without_a_clause_each_pays_only_her_own_and_more_is_her_credit() -> None:
    assert amounts(sheet_payments(SILENT, S06)) == {
        ("L-A", "A"): 100,
        ("L-B", "B"): 100,
        ("L-D", "D"): 130,
        ("L-E", "E"): 130,
    }


def test_the_same_sheet_synced_twice_means_the_same_payments() -> None:
    again = replace(S06, rows=tuple(reversed(S06.rows)), verified_by="teller")
    assert set(sheet_payments(SOLIDARY, S06)) == set(sheet_payments(SOLIDARY, again))
    other = replace(S06, sheet_id="S-2")
    ids = {each.payment_id for each in sheet_payments(SOLIDARY, S06)}
    assert ids.isdisjoint(each.payment_id for each in sheet_payments(SOLIDARY, other))


SHORT = sheet({"A": 100, "B": 40, "C": 0, "D": 190, "E": 100})


@pytest.mark.parametrize(
    ("covers", "for_b", "for_c"),
    [("in_proportion", 34, 56), ("as_listed", 60, 30)],  # 90 over, 60 and 100 lacking
)
def test_several_who_are_short_are_covered_as_the_group_agreed(covers, for_b, for_c) -> None:
    paid = amounts(sheet_payments(replace(SOLIDARY, covers=covers), SHORT))
    assert (paid["L-B", "D"], paid["L-C", "D"]) == (for_b, for_c)


def test_what_nobody_lacks_stays_with_who_brought_it() -> None:
    paid = amounts(sheet_payments(SOLIDARY, sheet({"A": 100, "B": 90, "C": 150, "D": 100})))
    assert paid["L-B", "C"] == 10
    assert paid["L-C", "C"] == 140


def test_a_sheet_that_is_not_the_groups_or_does_not_add_up_is_refused() -> None:
    assert not fields(sheet_problems(S06, SOLIDARY))
    assert fields(sheet_problems(replace(S06, total_minor=450), SOLIDARY)) == {"total"}
    nothing = sheet({"A": 0})
    assert fields(sheet_problems(nothing, SOLIDARY)) == {"total"}
    stranger = sheet({"A": 100, "X": 100})
    assert fields(sheet_problems(stranger, SOLIDARY)) == {"rows.1.person_id"}
    twice = replace(S06, rows=(*S06.rows, SheetRow("A", 0, 100)))
    assert fields(sheet_problems(twice, SOLIDARY)) == {"rows.0.person_id", "rows.5.person_id"}
    negative = sheet({"A": 100, "B": -10})
    assert fields(sheet_problems(negative, SOLIDARY)) == {"rows.1.amount"}


def test_cash_counts_when_another_person_counted_all_of_it() -> None:
    officer, teller = an_actor("Officer"), an_actor("Teller")
    of_officer = replace(S06, recorded_by=officer.id)
    check_count(of_officer, 460, teller)
    with pytest.raises(RefusedError) as refused:
        check_count(of_officer, 450, officer)
    assert fields(refused.value.problems) == {"counted", "verified_by"}


def test_a_service_may_record_and_count_as_it_stands_for_several_people() -> None:
    branch = an_actor("Branch", Role.SERVICE)
    check_count(replace(S06, recorded_by=branch.id), 460, branch)


def test_a_sheet_is_pending_until_it_is_verified_and_then_posted() -> None:
    assert S06.status == "pending"
    verified = replace(S06, verified_by="teller")
    assert verified.status == "verified"
    assert replace(verified, posted=True).status == "posted"


def test_a_change_of_members_is_a_version_of_its_own() -> None:
    later = replace(SOLIDARY, members=SOLIDARY.members[1:], from_on=MET_ON)
    first = replace(SOLIDARY, from_on=date(2026, 1, 1))
    assert group_at([later, first], date(2026, 3, 1)) == first
    assert group_at([first, later], MET_ON) == later
    assert group_at([first], date(2025, 12, 31)) is None


def test_a_group_has_each_member_and_loan_once_and_is_no_larger_than_a_meeting() -> None:
    assert not fields(group_problems(SOLIDARY))
    alone = replace(SOLIDARY, members=SOLIDARY.members[:1])
    assert fields(group_problems(alone)) == {"members"}
    crowd = tuple(Member(f"M-{each}", f"L-{each}") for each in range(41))
    assert fields(group_problems(replace(SOLIDARY, members=crowd))) == {"members"}
    twice = replace(SOLIDARY, members=(Member("A", "L-A"), Member("B", "L-A")))
    assert fields(group_problems(twice)) == {"members.0.loan_id", "members.1.loan_id"}


def test_member_and_group_are_late_apart() -> None:
    late = group_lateness({"A": 0, "C": 12, "D": 0})
    assert late.group_days_past_due == 12
    assert late.by_member["A"] == 0
    assert group_lateness({}).group_days_past_due == 0


def test_what_a_member_may_have_to_answer_for_is_the_others_debt_only_with_a_clause() -> None:
    outstanding = {"A": 500, "B": 300, "C": 40}
    assert contingent_minor(SOLIDARY, "A", outstanding) == 340
    assert contingent_minor(SILENT, "A", outstanding) == 0


handed = st.dictionaries(
    st.sampled_from("ABCDE"), st.tuples(st.integers(0, 300), st.integers(0, 200)), min_size=1
).filter(lambda rows: any(minor for minor, _ in rows.values()))


@given(handed, st.sampled_from(["in_proportion", "as_listed"]), st.booleans())
def test_the_payments_add_up_to_the_cash_of_each_member_and_overpay_nobody(
    rows, covers, is_solidary
) -> None:
    group = replace(SOLIDARY, covers=covers, joint_and_several=is_solidary)
    of_meeting = sheet(
        {who: minor for who, (minor, _) in rows.items()},
        {who: due_minor for who, (_, due_minor) in rows.items()},
    )
    payments = sheet_payments(group, of_meeting)
    by_payer, by_loan, from_peers = Counter(), Counter(), Counter()
    for each in payments:
        assert each.amount_minor > 0
        by_payer[each.payer_id] += each.amount_minor
        by_loan[each.loan_id] += each.amount_minor
        if each.payer_kind == "group_member":
            from_peers[each.loan_id] += each.amount_minor
    assert sum(each.amount_minor for each in payments) == of_meeting.total_minor
    for who, (minor, due_minor) in rows.items():
        assert by_payer[who] == minor
        assert from_peers[f"L-{who}"] <= max(0, due_minor - minor)
    if is_solidary:
        over = sum(max(0, minor - due) for minor, due in rows.values())
        lacking = sum(max(0, due - minor) for minor, due in rows.values())
        assert from_peers.total() == min(over, lacking)
    else:
        assert not from_peers
    assert not is_solidary or all(
        by_loan[f"L-{who}"] >= min(minor, due) for who, (minor, due) in rows.items()
    )
