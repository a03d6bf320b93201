"""From the files of a portfolio to figures, and weights that the policy takes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from infra.back_test.histories import Past, read_past
from infra.back_test.run import back_test, back_test_document, weights_document
from infra.deployment.target import TargetError
from recovery.documents.policy import read_policy
from recovery.domain.monitoring.early_warning import CAREFUL_DEFAULTS, weights_in_force
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.portfolio.back_test import LoanHistory
from tests.back_test_histories import by_habit, histories

UNTIL = date(2025, 1, 1)


def write(folder: Path, loans: Iterable[LoanHistory]) -> None:
    """Write the files that ``recovery import`` takes."""
    rows: dict[str, list[str]] = {
        "borrowers": ["borrower_id,name,language,country"],
        "loans": ["loan_id,borrower_id,portfolio,currency,principal,disbursed_on,advisor_name"],
        "instalments": ["loan_id,number,due_date,principal"],
        "payments": ["payment_id,loan_id,value_date,amount"],
    }
    for loan in loans:
        total = sum(each.due.total for each in loan.schedule) // 100
        rows["borrowers"].append(f"{loan.borrower_id},Borrower,en,KE")
        rows["loans"].append(
            f"{loan.loan_id},{loan.borrower_id},past,KES,{total}.00,{loan.disbursed_on},Neema"
        )
        rows["instalments"] += (
            f"{loan.loan_id},{each.number},{each.due_date},{each.due.total // 100}.00"
            for each in loan.schedule
        )
        rows["payments"] += (
            f"{each.payment_id},{loan.loan_id},{each.value_date},{each.amount_minor // 100}.00"
            for each in loan.payments
        )
    for kind, lines in rows.items():
        (folder / f"{kind}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_past_is_read_as_it_was_delivered(tmp_path: Path) -> None:
    loans = histories(by_habit, people=6)
    write(tmp_path, loans)
    past = read_past(tmp_path)
    assert past.refused == 0
    assert past.until == max(each.value_date for loan in loans for each in loan.payments)
    assert {each.loan_id: each for each in past.loans} == {
        each.loan_id: replace(
            each,
            payments=tuple(sorted(each.payments, key=lambda p: (p.value_date, p.payment_id))),
            groups={"language": "en"},
        )
        for each in loans
    }


def test_a_folder_without_payments_has_no_past(tmp_path: Path) -> None:
    write(tmp_path, [replace(each, payments=()) for each in histories(by_habit, people=2)])
    with pytest.raises(TargetError, match="no past to test on"):
        read_past(tmp_path)


def test_only_what_was_scored_by_fitted_weights_is_measured() -> None:
    result = back_test(Past(tuple(histories(by_habit, people=100)), UNTIL, 0), DEFAULT_POLICY, 20)
    assert 0 < result.fitted < result.trials
    assert result.groups["all"].trials == result.fitted
    assert result.groups["unpaid"].trials <= result.fitted
    assert any("served to fit weights only" in each for each in result.notes)
    assert any("No borrower has a second loan" in each for each in result.notes)
    assert json.loads(json.dumps(back_test_document(result)))["fitted"] == result.fitted


def test_a_short_history_is_measured_with_the_defaults_and_says_so() -> None:
    result = back_test(Past(tuple(histories(by_habit, people=5)), UNTIL, 0), DEFAULT_POLICY, 20)
    assert result.fitted == 0 and result.weights is CAREFUL_DEFAULTS
    assert any("too short" in each for each in result.notes)
    with pytest.raises(ValueError, match="no instalment"):
        back_test(Past((), UNTIL, 0), DEFAULT_POLICY)


def test_the_policy_takes_the_weights_and_uses_them_from_the_next_day() -> None:
    result = back_test(Past(tuple(histories(by_habit, people=100)), UNTIL, 0), DEFAULT_POLICY, 20)
    document = {"monitoring": {"warning": {"weights": [weights_document(result.weights)]}}}
    warning = read_policy(json.dumps(document)).monitoring.warning
    assert weights_in_force(warning, date(2025, 1, 2)) == result.weights
    assert weights_in_force(warning, UNTIL) is CAREFUL_DEFAULTS
