"""S12: a flood, and a decree that gives residents of some places three months and then nine of
interest alone. Given five loans, one current, one 45 days late, one of two debtors with a
guarantor, a large business, one next door. When the decree is put on record as a dated rule, looked
at by place, and the applications of 20 November are accepted on 28 November. Then nothing falls due
from the day on which they asked, what was unpaid included, no interest runs, later dates move, days
are frozen, what was sent meanwhile is apologised for, charges are gone, and one undo takes it back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from recovery.documents.portfolio.relief_applications import read_applications
from recovery.documents.portfolio.relief_rule import read_relief_rule
from recovery.domain.accounting.collateral import Collateral, Valuation
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.loan import Components, LoanProfile
from recovery.domain.accounting.party import Party
from recovery.domain.accounting.policy import AccountingPolicy
from recovery.domain.agreements.relief_rule import ReliefRule
from recovery.domain.contact.policy import ContactPolicy, MessageRule
from recovery.domain.shared.errors import NotAllowedError, RefusedError
from recovery.use_cases.accounting.read_parties import read_parties
from recovery.use_cases.accounting.record_collateral import record_collateral
from recovery.use_cases.accounting.record_party import record_party
from recovery.use_cases.portfolio.relief import Asked, Relieved, relieve_loans
from recovery.use_cases.portfolio.undo_relief import ReliefUndone, undo_relief
from tests.builders import a_borrower, a_policy, a_schedule
from tests.life import ANOTHER, OFFICER, SUPERVISOR, Life

ASKED, ACCEPTED = date(2024, 11, 20), date(2024, 11, 28)
LENT = date(2024, 3, 5)
DECREE = """
id = "es.flood_2024"
source = "RDL 6/2024 arts. 32 to 37"
confidence = "H"
valid_from = 2024-11-12
valid_to = 2025-02-07
review_by = 2025-02-08
months = 3
interest_only_months = 9
on_application = true
needs_proof = true
by_law = true
guarantors_second = true
largest_turnover = "6000000.00"
currency = "EUR"
[whom]
places = ["Paiporta", "Catarroja"]
secured = false
"""
APPLICATIONS = """loan_id,applied_on,applicant,proof,turnover,objected_by
CURRENT,2024-11-20,,PADRON-1,,
LATE,2024-11-20,,PADRON-2,,
TWO,2024-11-20,B-TWO-2,PADRON-3,,
LARGE,2024-11-20,,PADRON-4,7000000.00,
NEXT,2024-11-20,,PADRON-5,,
"""


def lend(life: Life, loan_id: str, **profile: str) -> None:
    life.lend(
        loan_id,
        f"B-{loan_id}",
        disbursed_on=LENT,
        schedule=a_schedule(24, Components(10_000, 1_000), date(2024, 4, 5)),
        annual_rate_pct=Decimal(5),
        profile=LoanProfile(**{"place": "Paiporta", "law": "ES", "purpose": "consumer", **profile}),
    )


@pytest.fixture
def life(wiring) -> Life:
    charge = LateCharge(amount_minor=500)
    asks = MessageRule(kind="we_would_like_to_help", days_past_due=48)  # on 22 November
    policy = a_policy(
        version=2,
        accounting=AccountingPolicy(late_charges=(charge,)),
        messages=(*ContactPolicy().messages[:3], asks),
    )
    wiring.institutions.save_policy("umoja", policy)
    life = Life(wiring, LENT + timedelta(days=1))
    for loan_id in ("CURRENT", "LATE", "TWO"):
        lend(life, loan_id)
    lend(life, "LARGE", purpose="business")
    lend(life, "NEXT", place="Valencia")
    for person_id in ("B-TWO-2", "G-1"):
        life.ports.borrowers.save_contact_details(a_borrower(person_id))
    for person_id, role in (("B-TWO-2", "co_borrower"), ("G-1", "guarantor")):
        liability = "joint_and_several"
        party = Party(person_id=person_id, role=role, from_on=LENT, liability=liability)
        record_party("TWO", party, ANOTHER, life.ports.now(), life.ports)
    for month in range(4, 12):
        for loan_id in ("CURRENT", "LATE", "TWO", "LARGE", "NEXT"):
            if loan_id != "LATE" or month < 10:
                life.until(date(2024, month, 5))
                life.pay(loan_id, 11_000)
    life.until(ACCEPTED)
    life.say("LATE", "charge", fact_id="FEE-1", component="fee", amount="3.00", on="2024-11-22")
    return life


def rule(**changes: object) -> ReliefRule:
    return replace(read_relief_rule(DECREE), **changes)


def run(life: Life, text: str = APPLICATIONS, *, dry_run: bool = False, **changes) -> Relieved:
    decided = changes.pop("decided", frozenset())
    decree = rule(**changes)
    applications, problems = read_applications(text, decree.currency)
    assert problems == []
    asked = Asked(
        rule=decree,
        applications={each.loan_id: each for each in applications},
        decided=frozenset(decided),
    )
    done = relieve_loans(asked, "umoja", ANOTHER, life.ports.now(), life.ports, dry_run=dry_run)
    assert done.failed == []
    life.settle()
    return done


def undo(life: Life, **changes) -> ReliefUndone:
    by, now = changes.pop("by", ANOTHER), life.ports.now()
    done = undo_relief("es.flood_2024", "umoja", "a mistake", by, now, life.ports, **changes)
    assert done.failed == []
    life.settle()
    return done


def reasons(done: Relieved) -> dict[str, tuple[set[str], bool]]:
    return {e.loan_id: ({why.code for why in e.reasons}, e.by_person) for e in done.refused}


def test_the_dry_run_shows_who_gets_it_and_changes_nothing(life: Life) -> None:
    before = {each: life.ports.loans.load(each) for each in ("CURRENT", "LATE", "TWO")}
    sent = len(life.ports.messenger.emails)
    done = run(life, dry_run=True)
    assert [each.loan.loan_id for each in done.granted] == ["CURRENT", "LATE", "TWO"]
    assert reasons(done) == {
        "LARGE": ({"turnover"}, False),
        "NEXT": ({"other_place"}, False),
    }
    late = done.granted[1]
    assert (late.start, late.until) == (ASKED, date(2025, 2, 19))
    assert late.overdue_minor >= 22_000 and late.charges_minor == 300
    assert late.next_due_on == date(2025, 3, 5)
    assert {each: life.ports.loans.load(each) for each in before} == before
    assert len(life.ports.messenger.emails) == sent


def test_nothing_falls_due_for_three_months_and_then_interest_alone(life: Life) -> None:
    run(life)
    loan = life.ports.loans.load("CURRENT").loan
    after = [each for each in loan.schedule if each.due_date >= ASKED and each.due.total]
    assert after[0].due_date == date(2025, 3, 5)
    assert [each.due.principal for each in after[:10]] == [0] * 9 + [10_000]
    # A month's interest by the contract, which is flat: 5 % a year of 2,400.00.
    assert {each.due.interest for each in after[:9]} == {1_000}
    assert loan.schedule[-1].due_date == date(2027, 3, 5)  # twelve months later than agreed
    assert sum(each.due.principal for each in loan.schedule) == 240_000


def test_what_was_unpaid_rests_too_and_the_days_are_frozen(life: Life) -> None:
    assert life.standing("LATE")["days_past_due"] >= 45
    run(life)
    standing = life.standing("LATE")
    assert (standing["overdue"]["total"], standing["days_past_due"]) == ("0.00", 0)
    state = life.ports.loans.load("LATE").state
    assert state.facts.frozen_days_past_due == 46  # on 20 November, kept beside the new schedule
    assert state.facts.pauses[0].from_date == ASKED - timedelta(days=1)
    loan = life.ports.loans.load("LATE").loan
    assert sum(each.due.principal for each in loan.schedule) == 240_000
    assert not any(each.due.penalty for each in loan.schedule if each.due_date >= ASKED)
    life.until(date(2025, 2, 19))
    assert life.standing("LATE")["overdue"]["total"] == "0.00"


def test_charges_of_the_time_between_are_gone(life: Life) -> None:
    run(life)
    fees = sum(each.due.fee for each in life.ports.loans.load("LATE").loan.schedule)
    assert fees == 0


def test_the_letter_speaks_for_the_lender_and_says_sorry_for_what_was_sent(life: Life) -> None:
    sent = len(life.ports.messenger.emails)
    run(life)
    letters = {
        to: text
        for to, subject, text, _ in life.ports.messenger.emails[sent:]
        if subject == "We give you more time"
    }
    assert set(letters) == {f"b-{each}@example.org" for each in ("current", "late", "two")}
    assert "We are sorry" in letters["b-late@example.org"]
    assert "We are sorry" not in letters["b-current@example.org"]
    for text in letters.values():
        assert "RDL" not in text and "decree" not in text and "law" not in text.casefold()
    entries = [each.text for each in life.ports.timeline.entries("LATE")]
    assert any("apologises for" in each for each in entries)


def test_nobody_presses_meanwhile_and_afterwards_life_goes_on(life: Life) -> None:
    run(life)
    sent = len(life.ports.messenger.emails)
    life.until(date(2025, 2, 19))
    subjects = {subject for _, subject, _, _ in life.ports.messenger.emails[sent:]}
    at = {to for to, _, _, _ in life.ports.messenger.emails[sent:]}
    assert "b-late@example.org" not in at, subjects
    life.until(date(2025, 3, 20))
    assert life.standing("LATE")["days_past_due"] == 15


def test_one_debtors_request_is_enough_unless_another_objected(life: Life) -> None:
    objected = APPLICATIONS.replace("B-TWO-2,PADRON-3,,", "B-TWO-2,PADRON-3,,B-TWO")
    done = run(life, objected)
    assert reasons(done)["TWO"] == ({"objection"}, True)
    [task] = life.tasks("relief")
    assert (task.loan_id, task.role) == ("TWO", "supervisor")
    granted = run(life, objected, decided={"TWO", "NEXT"})  # what is refused stays refused
    assert [each.loan.loan_id for each in granted.granted] == ["TWO"]


def test_the_guarantor_may_ask_that_the_debtors_are_tried_first(life: Life) -> None:
    def after_debtors() -> list[bool]:
        parties = read_parties("TWO", life.ports.now(), life.ports)["owed_by"]
        return [each["after_debtors"] for each in parties if each["person_id"] == "G-1"]

    assert after_debtors() == [False]
    run(life)
    assert after_debtors() == [True]


@pytest.mark.parametrize(
    ("row", "code", "by_person"),
    [
        ("LATE,2025-02-08,,PADRON-2,,", "too_early", False),  # that day is still to come
        ("LATE,2024-11-11,,PADRON-2,,", "too_early", False),
        ("LATE,2024-11-20,,,,", "proof_missing", True),
        ("LATE,2024-11-20,B-OTHER,PADRON-2,,", "not_a_debtor", False),
        ("LARGE,2024-11-20,,PADRON-4,,", "turnover_unknown", True),
        ("NONE,2024-11-20,,PADRON-4,,", "unknown", False),
    ],
)
def test_what_does_not_fit_is_refused_or_for_a_person_with_the_reason(
    life: Life, row: str, code: str, by_person: bool
) -> None:
    header = APPLICATIONS.splitlines()[0]
    done = run(life, f"{header}\n{row}\n", dry_run=True)
    [(codes, for_a_person)] = reasons(done).values()
    assert code in codes and for_a_person == by_person


def test_a_late_application_is_refused(life: Life) -> None:
    done = run(life, valid_to=date(2024, 11, 19), dry_run=True)
    assert reasons(done)["CURRENT"] == ({"too_late"}, False)


def test_a_secured_loan_is_none_of_those_it_is_for(life: Life) -> None:
    pledge = Collateral(
        collateral_id="S-1",
        kind="pledged_savings",
        person_id="B-CURRENT",
        from_on=LENT,
        valuations=(Valuation(LENT, 100_000),),
    )
    record_collateral("CURRENT", pledge, ANOTHER, life.ports.now(), life.ports)
    life.settle()
    assert reasons(run(life, dry_run=True))["CURRENT"] == ({"security"}, False)


def test_more_time_without_a_law_asks_the_guarantor_first(life: Life) -> None:
    done = run(life, by_law=False, dry_run=True)
    assert reasons(done)["TWO"] == ({"guarantors"}, True)


def test_running_it_again_completes_it_and_changes_nothing_twice(life: Life) -> None:
    commit, calls = life.ports.loans.commit, []

    def crashing(*changes, **options) -> None:
        calls.append(changes)
        if len(calls) > 1:
            raise RuntimeError("the machine stopped")
        commit(*changes, **options)

    life.ports.loans.commit = crashing
    asked = {e.loan_id: e for e in read_applications(APPLICATIONS, "EUR")[0]}
    first = relieve_loans(
        Asked(rule=rule(), applications=asked), "umoja", ANOTHER, life.ports.now(), life.ports
    )
    assert [len(first.granted), len(first.failed)] == [1, 2]
    life.ports.loans.commit = commit
    life.settle()
    again = run(life)
    assert (again.unchanged, len(again.granted)) == (["CURRENT"], 2)
    assert len(run(life).unchanged) == 3


def test_one_undo_takes_the_whole_back(life: Life) -> None:
    def books() -> dict[str, object]:
        return {
            each: (stored.loan.schedule, stored.state.position, stored.state.restraints)
            for each in ("CURRENT", "LATE", "TWO")
            for stored in [life.ports.loans.load(each)]
        }

    before = books()
    run(life)
    assert books() != before
    looked = undo(life, dry_run=True)
    assert sorted(looked.undone) == ["CURRENT", "LATE", "TWO"]
    done = undo(life)
    assert (sorted(done.undone), done.letters) == (["CURRENT", "LATE", "TWO"], 3)
    assert books() == before
    assert undo(life).undone == []
    calls = [each for each in life.tasks("call") if "relief-undone" in each.task_id]
    assert len(calls) == 3  # whoever had the letter hears of it from a person first
    again = run(life)  # and it can be granted anew
    assert len(again.granted) == 3
    assert len(undo(life).undone) == 3
    assert books() == before


def test_its_parts_are_not_undone_alone(life: Life) -> None:
    run(life)
    with pytest.raises(RefusedError, match="came with relief"):
        life.say("CURRENT", "undo", ANOTHER, undoes="RE-es.flood_2024.S")
    life.say("CURRENT", "undo", ANOTHER, undoes="RE-es.flood_2024")
    assert life.standing("CURRENT")["held_by"] == []


def test_a_payment_made_meanwhile_is_kept(life: Life) -> None:
    life.pay("LATE", 11_000, on=date(2024, 11, 25))
    run(life)
    paid = sum(each.total for each in life.ports.loans.load("LATE").state.position.paid)
    credit = life.ports.loans.load("LATE").state.position.credit_minor
    assert paid + credit == 6 * 11_000 + 11_000


def test_only_a_supervisor_grants_or_undoes_it_and_one_on_application_needs_applications(
    life: Life,
) -> None:
    for by in (OFFICER,):
        with pytest.raises(NotAllowedError):
            relieve_loans(Asked(rule=rule()), "umoja", by, life.ports.now(), life.ports)
        with pytest.raises(NotAllowedError):
            undo(life, by=by)
    with pytest.raises(RefusedError, match="who wants this relief has to ask for it"):
        relieve_loans(Asked(rule=rule()), "umoja", SUPERVISOR, life.ports.now(), life.ports)


def test_the_lenders_own_relief_for_a_place_needs_no_application(life: Life) -> None:
    own = rule(
        on_application=False, needs_proof=False, valid_to=None, starts_on=ASKED,
        interest_only_months=0, largest_turnover_minor=None, relief_id="paiporta-help",
        by_law=True,
    )  # fmt: skip
    done = relieve_loans(Asked(rule=own), "umoja", SUPERVISOR, life.ports.now(), life.ports)
    life.settle()
    assert [each.loan.loan_id for each in done.granted] == ["CURRENT", "LARGE", "LATE", "TWO"]
    assert {each.extra_minor for each in done.granted} == {0}  # only time, at no cost
    assert done.refused == [] and done.unknown == []
