"""A collective relief is a dated rule: whom it is for, from when, for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.agreements.relief_rule import RESTS, ReliefRule, Whom, rule_problems
from tests.builders import a_loan

RULE = ReliefRule(
    relief_id="es.flood_2024",
    source="RDL 6/2024 arts. 32 to 37",
    confidence="H",
    valid_from=date(2024, 11, 12),
    review_by=date(2025, 2, 8),
    months=3,
    whom=Whom(places=("Paiporta", "Catarroja")),
)


def test_a_rule_without_fault_has_no_problem() -> None:
    assert list(rule_problems(RULE)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": ""}, "source"),
        ({"months": 0}, "months"),
        ({"months": 61}, "months"),
        ({"interest_only_months": -1}, "interest_only_months"),
        ({"interest_only_months": 9, "moves_due_dates": False}, "interest_only_months"),
        ({"valid_to": date(2024, 11, 11)}, "valid_to"),
        ({"review_by": date(2024, 11, 12)}, "review_by"),
        ({"whom": Whom()}, "whom"),
        ({"needs_proof": True}, "needs_proof"),
        ({"largest_turnover_minor": 0}, "largest_turnover"),
        ({"rests": (*RESTS, "visits")}, "rests"),
    ],
)
def test_what_is_wrong_is_named(changes, field) -> None:
    assert [each.field for each in rule_problems(replace(RULE, **changes))] == [field]


def test_it_begins_on_its_day_or_on_that_of_each_application() -> None:
    asked_on = date(2024, 11, 20)
    assert RULE.starts(asked_on) == asked_on
    assert RULE.starts(None) == RULE.valid_from
    assert replace(RULE, starts_on=date(2024, 10, 29)).starts(asked_on) == date(2024, 10, 29)
    assert RULE.until(asked_on) == date(2025, 2, 19)
    assert RULE.until(date(2024, 11, 30)) == date(2025, 2, 27)


@pytest.mark.parametrize(
    ("whom", "profile", "outside"),
    [
        (Whom(), {}, []),
        (Whom(places=("Paiporta",)), {"place": " paiporta "}, []),
        (Whom(places=("Paiporta",)), {"place": "Valencia"}, [("place", "Valencia")]),
        (Whom(places=("Paiporta",)), {}, [("place", None)]),
        (
            Whom(sectors=("farming",), employers=("Mill",)),
            {"sector": "farming", "employer": "Bank"},
            [("employer", "Bank")],
        ),
        (Whom(purposes=("business",)), {"purpose": "consumer"}, [("purpose", "consumer")]),
        (Whom(portfolios=("2026",), branches=("B1",), products=("crop",)), {}, None),
    ],
)
def test_each_name_that_it_asks_for_must_be_the_loans(whom, profile, outside) -> None:
    loan = a_loan(profile=LoanProfile(**profile))
    expected = [("branch", None), ("product", None)] if outside is None else outside
    assert sorted(whom.outside(loan)) == sorted(expected)
    assert whom.names_any == (whom != Whom())
