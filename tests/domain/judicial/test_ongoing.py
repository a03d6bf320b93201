"""What comes after an order for payment or a judgment, and by when."""

from datetime import date

import pytest

from recovery.domain.judicial.amount import Claim
from recovery.domain.judicial.ongoing import next_step
from tests.claims import a_claim, a_law

SERVED = date(2026, 5, 11)


def after(stage, on_stage, minor, on=date(2026, 5, 15), **changes):
    facts = a_claim(stage=stage, on_stage=on_stage, **changes)
    found = next_step(facts, Claim(minor), a_law(on=on))
    return found.procedure, found.status, found.missing + found.blocking, found.details


@pytest.mark.parametrize(
    ("minor", "on", "procedure", "status", "codes"),
    [
        (1_500_001, date(2026, 6, 11), "ES_JUICIO_ORDINARIO", "READY", ()),
        (1_500_001, date(2026, 6, 12), "HUMAN_REVIEW", "BLOCKED", ("ORDER_TERM_OVER",)),
        (1_500_000, date(2026, 5, 25), "ES_JUICIO_VERBAL", "READY", ()),
        (1_500_000, date(2026, 5, 26), "HUMAN_REVIEW", "BLOCKED", ("ORDER_TERM_OVER",)),
    ],
)
def test_an_opposed_order_goes_on_by_amount_and_in_time(minor, on, procedure, status, codes):
    assert after("order_opposed", SERVED, minor, on)[:3] == (procedure, status, codes)


def test_the_term_is_given_and_needs_no_new_attempt() -> None:
    *_, details = after("order_opposed", SERVED, 1_800_000, negotiation=None)
    assert details["file_before"] == date(2026, 6, 11)
    assert "closes with costs" in str(details["sanction"])


def test_an_unopposed_order_is_enforced_at_once() -> None:
    found = after("order_unopposed", None, 700_000)
    assert found[:3] == ("ES_EJECUCION_TJ", "READY", ())
    assert (found[3]["wait_days"], found[3]["lawyer_required"]) == (0, True)


@pytest.mark.parametrize(
    ("on", "status", "codes"),
    [
        (date(2026, 5, 29), "NEEDS_PREREQUISITE", ("ENFORCEMENT_WAIT",)),
        (date(2026, 5, 30), "READY", ()),
        (date(2031, 5, 1), "READY", ()),
        (date(2031, 5, 2), "BLOCKED", ("EXECUTION_EXPIRED",)),
    ],
)
def test_a_judgment_waits_twenty_working_days_and_expires_after_five_years(on, status, codes):
    assert after("judgment", date(2026, 5, 1), 700_000, on)[1:3] == (status, codes)


def test_a_standstill_stays_enforcement() -> None:
    since = {"insolvency": "standstill", "insolvent_since": date(2026, 5, 1)}
    assert after("order_unopposed", None, 1, **since)[1] == "BLOCKED"


def test_a_stage_without_a_day_asks_for_it() -> None:
    for stage in ("order_opposed", "judgment", "order_unopposed"):
        found = next_step(a_claim(stage=stage), Claim(700_000), a_law())
        assert [each.fact for each in found.ask] == ["stage"]
    assert next_step(a_claim(stage="judgment", on_stage=SERVED), Claim(1), a_law()).ask == ()


def test_while_enforcement_waits_its_first_day_is_known() -> None:
    *_, details = after("judgment", date(2026, 5, 1), 700_000)
    assert details["earliest_filing"] == date(2026, 5, 30)
