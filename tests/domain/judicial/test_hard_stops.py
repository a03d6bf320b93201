"""What stops every procedure: each alone, to its last day, and all of them named."""

from dataclasses import replace
from datetime import date

import pytest

from recovery.domain.judicial.facts import Agreement, Help
from recovery.domain.judicial.hard_stops import hard_stops, standstill
from tests.claims import a_claim, a_dutch_claim, a_law


def codes(facts, law=None) -> list[tuple[str, str]]:
    return [(each.code, each.leads_to) for each in hard_stops(facts, law or a_law())]


def test_a_claim_with_nothing_against_it_is_not_stopped() -> None:
    assert codes(a_claim()) == []
    assert codes(a_dutch_claim(), a_law("NL")) == []


@pytest.mark.parametrize(
    ("changes", "stop"),
    [
        ({"deceased": True}, ("DECEASED", "HUMAN_REVIEW")),
        ({"insolvency": "declared"}, ("CONCURSO", "INSOLVENCY_CLAIM")),
        ({"insolvency": "discharged"}, ("DISCHARGED", "NONE")),
        ({"help": Help(by_court=True)}, ("MORATORIUM", "NONE")),
        ({"help": Help(by_court=False)}, ("DEBT_HELP", "HUMAN_REVIEW")),
        ({"due": date(2020, 1, 1)}, ("PRESCRIBED", "NONE")),
        ({"due": date(2026, 5, 16)}, ("NOT_YET_DUE", "AMICABLE")),
        ({"agreement": Agreement(form="deed", breached=False)}, ("AGREEMENT_KEPT", "AMICABLE")),
    ],
)
def test_each_stop_leads_somewhere(changes, stop) -> None:
    assert codes(a_claim(**changes)) == [stop]


def test_what_is_due_today_is_due_and_a_broken_agreement_is_no_stop() -> None:
    assert codes(a_claim(due=date(2026, 5, 15))) == []
    for breached in (True, None):
        assert codes(a_claim(agreement=Agreement(form="private", breached=breached))) == []


def test_all_stops_are_named_the_gravest_first() -> None:
    facts = a_claim(due=date(2019, 1, 1), deceased=True, insolvency="declared")
    assert [code for code, _ in codes(facts)] == ["DECEASED", "CONCURSO", "PRESCRIBED"]


@pytest.mark.parametrize(("on", "stopped"), [(date(2026, 9, 1), True), (date(2026, 9, 2), False)])
def test_protection_holds_to_its_last_day(on, stopped) -> None:
    facts = a_dutch_claim(help=Help(by_court=True, until=date(2026, 9, 1)))
    assert bool(codes(facts, a_law("NL", on))) == stopped


@pytest.mark.parametrize(
    ("since", "on", "stayed"),
    [
        (date(2026, 4, 20), date(2026, 7, 20), True),
        (date(2026, 4, 20), date(2026, 7, 21), False),
        (None, date(2040, 1, 1), True),  # nobody knows its end
    ],
)
def test_a_standstill_holds_for_three_months(since, on, stayed) -> None:
    facts = a_claim(insolvency="standstill", insolvent_since=since)
    assert codes(replace(facts, due=on), a_law(on=on)) == []  # it stays executions only
    assert (standstill(facts, a_law(on=on)) is not None) == stayed


@pytest.mark.parametrize(
    ("role", "registered", "debtor", "stopped"),
    [
        ("collector", False, "consumer", True),
        ("purchaser", None, "consumer", True),
        ("purchaser", False, "natural_person_non_consumer", True),
        ("collector", False, None, True),
        ("collector", True, "consumer", False),
        ("collector", False, "company", False),
        ("own_book", False, "consumer", False),
        ("exempt_professional", False, "consumer", False),
        (None, False, "consumer", True),
        (None, None, "consumer", False),
    ],
)
def test_who_collects_for_others_is_registered(role, registered, debtor, stopped) -> None:
    facts = a_dutch_claim(creditor_role=role, registered=registered, debtor_type=debtor)
    assert bool(codes(facts, a_law("NL"))) == stopped


def test_the_register_is_asked_for_only_where_and_since_it_exists() -> None:
    facts = a_dutch_claim(creditor_role="collector", registered=False, due=date(2024, 1, 1))
    assert codes(facts, a_law("NL", date(2024, 3, 31))) == []
    assert codes(facts, a_law("NL", date(2024, 4, 1))) == [("WKI_NOT_REGISTERED", "NONE")]
    assert codes(facts, a_law("ES", date(2024, 4, 1))) == []
