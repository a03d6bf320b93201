"""Which loans get a collective relief, and who hears which reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.agreements.relief_cases import (
    Application,
    ReliefCase,
    is_for_a_person,
    why_not,
)
from tests.builders import a_loan
from tests.domain.agreements.test_relief_rule import RULE

TODAY, ASKED = date(2024, 11, 28), date(2024, 11, 20)
LOAN = a_loan(disbursed_on=date(2024, 3, 5), profile=LoanProfile(place="Paiporta"))
CASE = ReliefCase(loan=LOAN, today=TODAY, owed_minor=100_00, debtors=frozenset({"B-1"}))
BY_LAW = replace(RULE, on_application=True, by_law=True, valid_to=date(2025, 2, 7))
APPLICATION = Application(number=1, loan_id="L-1", applied_on=ASKED, proof="P-1")


def codes(rule=BY_LAW, case=CASE, asked=APPLICATION) -> list[str]:
    return [each.code for each in why_not(rule, case, asked)]


def test_who_asked_in_time_and_is_among_those_it_is_for_gets_it() -> None:
    assert codes() == []
    assert codes(replace(RULE, by_law=True), asked=None) == []
    assert not is_for_a_person(())


@pytest.mark.parametrize(
    ("changes", "code", "by_person"),
    [
        ({"owed_minor": 0}, "nothing_owed", False),
        ({"is_closed": True}, "nothing_owed", False),
        ({"is_elsewhere": True}, "elsewhere", False),
        ({"before_court": True}, "court", True),
        ({"has_plan": True}, "plan", True),
        ({"last_version_on": ASKED + timedelta(days=1)}, "new_schedule", True),
    ],
)
def test_what_the_loan_says_against_it(changes, code, by_person) -> None:
    reasons = why_not(BY_LAW, replace(CASE, **changes), APPLICATION)
    assert ([each.code for each in reasons], is_for_a_person(reasons)) == ([code], by_person)


@pytest.mark.parametrize(
    ("changes", "code", "by_person"),
    [
        ({"applied_on": TODAY + timedelta(days=1)}, "too_early", False),
        ({"applied_on": date(2024, 11, 11)}, "too_early", False),
        ({"applicant": "B-9"}, "not_a_debtor", False),
        ({"objected_by": "B-1"}, "objection", True),
        ({"objected_by": "B-9"}, "objector_unknown", True),
    ],
)
def test_what_the_application_says_against_it(changes, code, by_person) -> None:
    reasons = why_not(BY_LAW, CASE, replace(APPLICATION, **changes))
    assert code in {each.code for each in reasons}
    assert is_for_a_person(reasons) == by_person


def test_a_reason_that_refuses_outright_leaves_a_person_nothing_to_decide() -> None:
    case = replace(CASE, before_court=True, is_elsewhere=True)
    assert not is_for_a_person(why_not(BY_LAW, case, APPLICATION))


def test_the_due_dates_that_stay_free_no_guarantor() -> None:
    case = replace(CASE, guarantors=frozenset({"G-1"}))
    own = replace(BY_LAW, by_law=False)
    assert codes(own, case) == ["guarantors"]
    assert codes(replace(own, moves_due_dates=False), case) == []
    assert codes(BY_LAW, case) == []


def test_it_begins_after_the_loan_was_lent_and_not_in_the_future() -> None:
    assert codes(replace(BY_LAW, starts_on=date(2024, 3, 4))) == ["lent_later"]
    assert codes(replace(BY_LAW, starts_on=TODAY + timedelta(days=1))) == ["starts_later"]


def test_nobody_gets_what_has_to_be_asked_for_unasked() -> None:
    assert codes(asked=None) == ["not_asked"]


@pytest.mark.parametrize(
    ("purpose", "turnover_minor", "code"),
    [
        ("business", 700, ["turnover"]),
        ("mixed", None, ["turnover_unknown"]),
        ("business", 600, []),
        ("consumer", 700, []),
    ],
)
def test_only_a_business_has_a_turnover(purpose, turnover_minor, code) -> None:
    rule = replace(BY_LAW, largest_turnover_minor=600, currency="EUR")
    loan = replace(LOAN, profile=replace(LOAN.profile, purpose=purpose))
    asked = replace(APPLICATION, turnover_minor=turnover_minor)
    assert codes(rule, replace(CASE, loan=loan), asked) == code
