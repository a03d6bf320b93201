"""Before a deed or a mortgage is enforced: the balance told to all, and the thresholds met."""

from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.judicial.enforceable import (
    documents_to_confirm,
    notice_of_balance,
    notice_of_mortgage,
)
from recovery.domain.judicial.facts import Agreement
from tests.claims import a_claim, a_law, with_rules

DEED = {
    "title": "notarial_poliza",
    "liquidation_clause": True,
    "balance_certificate": True,
    "notarised_liquidation": True,
    "debtor_told": date(2026, 4, 1),
    "guarantor": False,
}
HOME = {
    "home_mortgage": True,
    "half": "first",
    "overdue_months": 12,
    "notice_sent": date(2026, 4, 14),
}


def codes(found) -> list[str]:
    return [each.code for each in found if each.effect in ("needs", "stops")]


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, []),
        ({"debtor_told": None}, ["NOTICE_OF_LIQUIDATED_BALANCE_TO_DEBTOR"]),
        ({"guarantor": True}, ["NOTICE_OF_LIQUIDATED_BALANCE_TO_GUARANTOR"]),
        ({"guarantor": True, "guarantor_told": date(2026, 4, 1)}, []),
        ({"guarantor": None}, []),
        ({"balance_certificate": False}, ["BALANCE_CERTIFICATE"]),
        ({"notarised_liquidation": False}, ["NOTARISED_LIQUIDATION"]),
        ({"balance_certificate": None}, []),
        ({"debtor_told": None, "agreement": Agreement(form="deed", breached=True)}, []),
    ],
)
def test_what_the_balance_lacks(changes, missing) -> None:
    assert codes(notice_of_balance(a_claim(**(DEED | changes)), a_law())) == missing


def test_documents_that_nobody_spoke_of_are_asked_for() -> None:
    assert list(documents_to_confirm(a_claim(**DEED))) == []
    unknown = a_claim(**(DEED | {"balance_certificate": None, "guarantor": None}))
    assert [each.fact for each in documents_to_confirm(unknown)] == [
        "balance_certificate",
        "guarantor",
    ]
    agreed = a_claim(agreement=Agreement(form="deed", breached=True))
    assert list(documents_to_confirm(agreed)) == []


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, []),
        ({"overdue_months": 11}, ["LCCI24_THRESHOLD_NOT_MET"]),
        ({"overdue_months": 11, "overdue_capital_ratio": Decimal("0.03")}, []),
        (
            {"overdue_months": 11, "overdue_capital_ratio": Decimal("0.0299")},
            ["LCCI24_THRESHOLD_NOT_MET"],
        ),
        ({"half": "second"}, ["LCCI24_THRESHOLD_NOT_MET"]),
        ({"half": "second", "overdue_months": 15}, []),
        ({"half": "second", "overdue_capital_ratio": Decimal("0.07")}, []),
        ({"half": None, "overdue_months": 14}, ["LCCI24_THRESHOLD_NOT_MET"]),
        ({"overdue_months": None}, ["LCCI24_THRESHOLD_NOT_MET"]),
        ({"notice_sent": None}, ["ONE_MONTH_DEMAND"]),
        ({"notice_sent": date(2026, 4, 15)}, ["ONE_MONTH_DEMAND"]),
    ],
)
def test_a_home_is_enforced_late_and_after_a_month(changes, missing) -> None:
    assert codes(notice_of_mortgage(a_claim(**(HOME | changes)), a_law())) == missing


def test_while_the_month_runs_the_first_day_to_file_is_known() -> None:
    facts = a_claim(**(HOME | {"notice_sent": date(2026, 5, 1)}))
    [needed] = [e for e in notice_of_mortgage(facts, a_law()) if e.effect == "needs"]
    assert needed.details == {"earliest_filing": date(2026, 6, 2)}


def test_without_a_known_threshold_no_home_is_enforced() -> None:
    [stop] = notice_of_mortgage(a_claim(**HOME), with_rules(a_law(), home_mortgages=()))
    assert (stop.effect, stop.rule.id) == ("stops", "es.judicial.point.home_mortgage")
