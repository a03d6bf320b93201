"""What may be claimed: late interest within the law, and no loan called too early."""

from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.judicial.amount import amounts
from recovery.domain.judicial.law import UnknownLawError
from recovery.domain.shared.money import Money
from tests.claims import a_claim, a_dutch_claim, a_law

LOAN = {
    "principal_minor": None,
    "principal_outstanding_minor": 540_000,
    "instalment_minor": 27_000,
    "overdue_instalments": 2,
    "accelerated": None,
}


def found(facts, country="ES"):
    result = amounts(facts, a_law(country))
    minor = result.claim and result.claim.principal_minor
    return minor, [each.code for each in result.findings]


@pytest.mark.parametrize(
    ("changes", "late", "unfair"),
    [
        ({}, "10", False),
        ({}, "10.01", True),
        ({"debtor_type": None}, "10.01", True),  # unknown is a consumer
        ({"debtor_type": "natural_person_non_consumer"}, "30", False),
        ({"debtor_type": "company"}, "30", False),
        ({"home_mortgage": True}, "11", False),
        ({"home_mortgage": True}, "11.01", True),
    ],
)
def test_late_interest_of_a_consumer_is_near_ordinary_interest(changes, late, unfair) -> None:
    rates = {"ordinary_rate_pct": Decimal(8), "late_rate_pct": Decimal(late)}
    expected = ["RECALCULATE_INTEREST", "UNFAIR_LATE_INTEREST"] if unfair else []
    assert found(a_claim(**rates, **changes))[1] == expected


def test_unfair_interest_leaves_the_ordinary_rate_and_says_so() -> None:
    rates = {"ordinary_rate_pct": Decimal(8), "late_rate_pct": Decimal(20)}
    [needs, _] = amounts(a_claim(**rates), a_law()).findings
    assert needs.details == {
        "allowed_late_rate_max": Decimal(10),
        "claimable_rate_after_default": Decimal(8),
    }


def test_without_the_ordinary_rate_the_late_one_is_not_taken_as_fair() -> None:
    assert found(a_claim(late_rate_pct=Decimal(5)))[1] == ["RECALCULATE_INTEREST"]


@pytest.mark.parametrize(
    ("ordinary", "late", "credit", "unfair"),
    [
        ("9", "12", True, False),
        ("9", "12.01", True, True),
        ("12.01", "5", True, True),
        ("12.01", None, None, True),
        (None, "12.01", True, True),
        (None, "12", True, False),
        ("15", "15", False, False),
    ],
)
def test_a_dutch_consumer_credit_has_a_highest_rate_in_all(ordinary, late, credit, unfair) -> None:
    given = {"ordinary_rate_pct": ordinary, "late_rate_pct": late}
    rates = {name: rate and Decimal(rate) for name, rate in given.items()}
    facts = a_dutch_claim(consumer_credit=credit, **rates)
    assert bool(found(facts, "NL")[1]) == unfair


def test_on_a_day_whose_highest_rate_nobody_knows_no_rate_is_fair() -> None:
    late, on = {"late_rate_pct": Decimal(1)}, date(2027, 1, 1)
    with pytest.raises(UnknownLawError, match="highest rate"):
        amounts(a_dutch_claim(**late), a_law("NL", on))
    for facts in (
        a_dutch_claim(),
        a_dutch_claim(consumer_credit=False, **late),
        a_dutch_claim(debtor_type="company", **late),
    ):
        assert amounts(facts, a_law("NL", on)).findings == ()


@pytest.mark.parametrize(
    ("changes", "minor", "codes"),
    [
        ({"accelerates_after": 1}, 54_000, ["LIMIT_CLAIM_TO_OVERDUE", "UNFAIR_ACCELERATION"]),
        ({"accelerates_after": 2}, 540_000, []),  # met; the judge weighs it
        ({"accelerates_after": 3}, 54_000, ["LIMIT_CLAIM_TO_OVERDUE", "ACCELERATION_TOO_EARLY"]),
        ({"accelerates_after": 1, "debtor_type": "company"}, 540_000, []),
        ({"accelerates_after": 1, "accelerated": False}, 54_000, []),
        ({"accelerates_after": None}, 540_000, []),
    ],
)
def test_a_consumers_loan_is_not_called_for_one_missed_instalment(changes, minor, codes) -> None:
    assert found(a_claim(**(LOAN | changes))) == (minor, codes)


def test_an_unfair_clause_without_amounts_still_limits_the_claim() -> None:
    facts = a_claim(**(LOAN | {"accelerates_after": 1, "instalment_minor": None}))
    result = amounts(facts, a_law())
    assert [each.effect for each in result.findings] == ["needs", "closes"]
    assert result.findings[0].details == {}


@pytest.mark.parametrize(
    ("overdue_days", "told", "early"),
    [(61, True, True), (62, True, False), (200, False, True), (None, True, True)],
)
def test_a_dutch_consumer_credit_is_called_after_two_months_and_a_notice(
    overdue_days, told, early
) -> None:
    day = a_law().on if told else None
    facts = a_dutch_claim(accelerated=True, overdue_days=overdue_days, notice_sent=day)
    result = amounts(facts, a_law("NL"))
    expected = [("ACCELERATION_TOO_EARLY", "stops", "AMICABLE")] if early else []
    assert [(e.code, e.effect, e.leads_to) for e in result.findings] == expected


def test_called_too_early_what_is_due_may_still_be_claimed() -> None:
    facts = a_dutch_claim(
        accelerated=True, overdue_days=45, instalment_minor=20_000, overdue_instalments=2
    )
    result = amounts(facts, a_law("NL"))
    assert result.claim is not None and result.claim.principal_minor == 40_000
    assert result.findings[0].details == {"claimable_now": Money(40_000, "EUR")}


def test_the_claim_is_what_is_left_and_interest_that_accrued() -> None:
    claim = amounts(a_claim(paid_in_time_minor=20_000, interest_minor=5_000), a_law()).claim
    assert claim is not None
    assert claim.total_minor(with_interest=False) == 300_000
    assert claim.total_minor(with_interest=True) == 305_000


def test_nothing_owed_stops_and_nothing_known_is_no_claim() -> None:
    assert found(a_claim(paid_in_time_minor=320_000)) == (0, ["NOTHING_OWED"])
    assert found(a_claim(principal_minor=None)) == (None, [])
