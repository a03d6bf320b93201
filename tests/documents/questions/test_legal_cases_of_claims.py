"""The worked cases that state a limitation term, a lawful rate or costs, where they are at hand."""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from recovery.documents.packs.holidays import public_holidays
from recovery.documents.packs.reading import claim_pack
from recovery.documents.questions.act_words import read_act_words
from recovery.domain.judicial.collection_costs import (
    Letter,
    collection_costs,
    deemed_received,
    letter_expires,
    letter_faults,
    letter_rule,
)
from recovery.domain.judicial.lawful_rates import AgreedRates, LawfulRate, lawful_rate
from recovery.domain.judicial.limitation import Clock, DuePart, LimitationFacts, limitation_clocks
from recovery.domain.judicial.limitation_acts import Obligor
from recovery.domain.judicial.limitation_rules import ClaimKind
from recovery.domain.shared.money import to_minor

_SHARED = Path(os.environ.get("RECOVERY_SHARED") or Path(__file__).parents[4] / "shared")
_FILE = _SHARED / "cases" / "legal-decisions.json"
_CASES: list[dict[str, Any]] = json.loads(_FILE.read_text())["cases"] if _FILE.is_file() else []
_TERMS = ("debt_prescribes", "prescribes", "prescribed_on", "prescribed_after")
_RATES = ("claimable_rate_after_default", "allowed_late_rate_max")
pytestmark = pytest.mark.skipif(not _CASES, reason=f"no worked cases at {_FILE}")


def with_any(*keys: str) -> list[Any]:
    found = [each for each in _CASES if any(each["expected"].get(key) is not None for key in keys)]
    return [pytest.param(each, id=each["id"]) for each in found]


def clock(case: dict[str, Any], kind: ClaimKind) -> Clock:
    facts = case["facts"]
    acts = [
        read_act_words(each["kind"], date.fromisoformat(each["date"]), str(index), ("debtor",))
        for index, each in enumerate(facts.get("interruptions", ()))
    ]
    asked = LimitationFacts(
        claim=kind,
        parts=(DuePart(part="1", due_on=date.fromisoformat(facts["due"])),),
        obligors=(Obligor(person_id="debtor", role="debtor"),),
        acts=tuple(acts),
    )
    [found] = limitation_clocks(asked, claim_pack(case["jurisdiction"]), as_of(case))
    return found


def as_of(case: dict[str, Any]) -> date:
    return date.fromisoformat(case["as_of"])


def minor(amount: Any) -> int:
    return to_minor(str(Decimal(str(amount))), "EUR")


@pytest.mark.parametrize("case", with_any(*_TERMS))
def test_a_debt_prescribes_when_the_case_says(case) -> None:
    found = clock(case, "contract")
    [expected] = [case["expected"][key] for key in _TERMS if case["expected"].get(key)]
    assert found.prescribes_on == date.fromisoformat(expected)
    if "PRESCRIBED" in case["expected"]["blocking"]:
        assert found.is_barred
    else:
        assert found.may_be_sued


@pytest.mark.parametrize("case", with_any("action_expires"))
def test_an_action_on_a_note_expires_when_the_case_says(case) -> None:
    expected = date.fromisoformat(case["expected"]["action_expires"])
    assert clock(case, "bill").prescribes_on == expected


@pytest.mark.parametrize("case", with_any(*_RATES))
def test_what_remains_of_a_late_rate_is_what_the_case_says(case) -> None:
    facts, expected = case["facts"], case["expected"]
    agreed = AgreedRates(
        ordinary_pct=Decimal(str(facts["ordinary_rate"])),
        late_pct=Decimal(str(facts["late_rate"])),
    )
    found = lawful_rate(agreed, claim_pack(case["jurisdiction"]), as_of(case))
    assert isinstance(found, LawfulRate)
    if (remains := expected.get("claimable_rate_after_default")) is not None:
        assert found.annual_pct == Decimal(str(remains))
    if (most := expected.get("allowed_late_rate_max")) is not None:
        assert found.annual_pct <= Decimal(str(most))


@pytest.mark.parametrize("case", with_any("bik"))
def test_collection_costs_what_the_case_says(case) -> None:
    facts, expected = case["facts"], case["expected"]
    pack, on = claim_pack(case["jurisdiction"]), as_of(case)
    principal = sum(facts.get("claims", ())) or facts["principal"]
    unpaid = Decimal(str(principal)) - Decimal(str(facts.get("paid_in_time", 0)))
    costs = collection_costs(minor(unpaid), pack, "EUR", on)
    assert costs is not None
    capacity = "consumer" if facts["debtor_type"] == "consumer" else "business"
    faults = faults_of(facts, letter_rule(pack, capacity, on))
    assert (0 if faults else costs.amount_minor) == minor(expected["bik"])
    if "uncapped" in expected:
        assert costs.uncapped_minor == minor(expected["uncapped"])


@pytest.mark.parametrize("case", with_any("deemed_received", "letter_expires"))
def test_a_letter_arrives_and_ends_when_the_case_says(case) -> None:
    rule = letter_rule(claim_pack(case["jurisdiction"]), "consumer", as_of(case))
    assert rule is not None
    letter, holidays = letter_of(case["facts"]["letter14"]), public_holidays(case["jurisdiction"])
    if received := case["expected"].get("deemed_received"):
        assert deemed_received(letter, rule, holidays) == date.fromisoformat(received)
    if expires := case["expected"].get("letter_expires"):
        assert letter_expires(letter, rule, holidays) == date.fromisoformat(expires)


def letter_of(facts: dict[str, Any]) -> Letter:
    """The cases call a letter valid, or quote what its term runs from."""
    stated = facts.get("amount_stated")
    return Letter(
        sent_on=date.fromisoformat(facts["sent"]),
        term_days=14,
        counted_from="day_after_receipt" if "valid" in facts["wording"] else "date_of_letter",
        states_consequence=True,
        amount_stated_minor=None if stated is None else minor(stated),
    )


def faults_of(facts: dict[str, Any], rule: Any) -> tuple[str, ...]:
    if rule is None:
        return ()
    if not facts.get("letter14"):
        return ("letter_missing",)
    return letter_faults(letter_of(facts["letter14"]), rule, date.min)
