"""Restructuring questions: the new version, what it changes, and a loan to continue with."""

import copy
import json
from datetime import date, timedelta
from typing import Any

import pytest

from recovery.documents.questions.evaluation import answer_evaluation
from recovery.documents.questions.restructuring import answer_restructuring, restructuring_schema
from recovery.documents.questions.schedules import answer_schedule, schedule_schema
from recovery.documents.shared.problems import InvalidDocumentError

QUESTION: dict[str, Any] = {
    "id": "L-1",
    "loan": {
        "currency": "USD",
        "principal": "300.00",
        "disbursed_on": "2026-01-01",
        "annual_rate_pct": "24",
        "instalments": [
            {"number": 1, "due_date": "2026-02-01", "principal": "100", "interest": "6"},
            {"number": 2, "due_date": "2026-03-01", "principal": "100", "interest": "4"},
            {"number": 3, "due_date": "2026-04-01", "principal": "100", "interest": "2"},
        ],
    },
    "payments": [{"value_date": "2026-02-01", "amount": "46"}],
    "charges": [{"on": "2026-02-10", "component": "penalty", "amount": "7", "instalment": 1}],
    "action": {
        "kind": "reage",
        "on": "2026-02-20",
        "frequency": "WEEKS",
        "every": 4,
        "start": "2026-03-02",
        "instalments": 5,
        "waive": ["penalty"],
    },
    "as_of": "2026-02-20",
}


def ask(action: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    asked = {**copy.deepcopy(QUESTION), **changes}
    if action:
        asked["action"] = action
    return answer_restructuring(asked)


def test_the_new_version_is_listed_by_instalment() -> None:
    found = ask()
    assert (found["id"], found["version"], found["kind"]) == ("L-1", 2, "reage")
    assert found["instalments"][0] == {
        "number": 1, "due_date": "2026-02-01", "principal": "40.00", "interest": "6.00",
        "fee": "0.00", "penalty": "0.00", "due": "46.00", "paid": "46.00", "outstanding": "0.00",
        "paid_off_on": "2026-02-20",
    }  # fmt: skip
    dates = [each["due_date"] for each in found["instalments"][1:]]
    assert dates == ["2026-03-02", "2026-03-30", "2026-04-27", "2026-05-25", "2026-06-22"]
    assert {each["due"] for each in found["instalments"][1:]} == {"53.20"}


def test_changes_are_shown_before_and_after() -> None:
    changed = ask()["changed"]
    assert changed["days_past_due"] == {"before": 19, "after": 0}
    assert changed["bucket"] == {"before": "1-30", "after": "current"}
    assert changed["overdue"]["before"]["total"] == "67.00"
    assert changed["outstanding"]["after"]["total"] == "266.00"
    assert changed["credit"] == {"before": "0.00", "after": "0.00"}
    assert changed["open_instalments"] == {"before": 3, "after": 5}
    assert changed["last_due_date"] == {"before": "2026-04-01", "after": "2026-06-22"}
    assert changed["waived"]["penalty"] == changed["waived"]["total"] == "7.00"
    value = changed["net_present_value"]
    assert float(value["before"]) > float(value["after"])
    assert value["is_diminished_obligation"] is True
    assert ask(discount_rate_pct="0")["changed"]["net_present_value"]["loss_pct"] == "2.56"


def test_the_answers_loan_fits_the_next_question_and_keeps_the_old_version() -> None:
    found = ask()
    history = {"payments": QUESTION["payments"], "charges": QUESTION["charges"]}
    after = answer_evaluation({"loan": found["loan"], **history, "as_of": "2026-04-01"})
    assert (after["days_past_due"], after["overdue"]["total"]) == (30, "106.40")
    assert after["restructured"] == {
        "version": 2, "on": "2026-02-20", "kind": "reage", "days_past_due": 19,
    }  # fmt: skip
    before = answer_evaluation({"loan": found["loan"], **history, "as_of": "2026-02-19"})
    assert "restructured" not in before
    assert (before["days_past_due"], len(before["instalments"])) == (18, 3)
    again = ask(loan=found["loan"], action={**QUESTION["action"], "on": "2026-02-21"},
                as_of="2026-02-21")  # fmt: skip
    assert [each["version"] for each in again["loan"]["versions"]] == [2, 3]


@pytest.mark.parametrize(
    ("action", "dues"),
    [
        ({"kind": "reamortise"}, ["46.00", "137.50", "135.50"]),
        ({"kind": "reamortise", "waive": ["penalty"]}, ["46.00", "134.00", "132.00"]),
        ({"kind": "capitalise", "multiple_of": "1"}, ["46.00", "138.00", "135.00"]),
        ({"kind": "reschedule", "from": "2026-03-01", "extra_terms": 1},
         ["113.00", "70.67", "69.34", "67.99"]),
        ({"kind": "reschedule", "from": "2026-03-01", "new_due_date": "2026-03-15",
          "interest": "keep"}, ["113.00", "104.00", "102.00"]),
        ({"kind": "reschedule", "from": "2026-03-01", "new_rate_pct": "0"},
         ["113.00", "100.00", "100.00"]),
        ({"kind": "payment_holiday", "from": "2026-02-01", "instalments": 1, "interest": "keep"},
         ["113.00", "104.00", "102.00"]),
    ],
)  # fmt: skip
def test_each_kind_of_action_is_answered(action, dues) -> None:
    assert [each["due"] for each in ask(action)["instalments"]] == dues


REAGE = QUESTION["action"]
RESCHEDULE = {"kind": "reschedule", "from": "2026-03-01"}


@pytest.mark.parametrize(
    ("action", "field"),
    [
        ({**REAGE, "kind": "refinance"}, "action"),
        ({**REAGE, "start": "2026-02-19"}, "action.start"),
        ({**REAGE, "on": "2026-02-21"}, "action.on"),
        ({**REAGE, "instalments": 0}, "action.instalments"),
        ({**REAGE, "frequency": "YEARS"}, "action.frequency"),
        ({**REAGE, "multiple_of": "0"}, "action.multiple_of"),
        ({**REAGE, "multiple_of": "0.001"}, "action.multiple_of"),
        ({**REAGE, "from": "2026-02-01"}, "action.from"),
        ({"kind": "reschedule", "from": "2026-03-01"}, "action"),
        ({"kind": "reschedule", "from": "2026-03-02", "extra_terms": 1}, "action.from"),
        ({"kind": "reschedule", "extra_terms": 1}, "action.from"),
        ({"kind": "reamortise", "on": "2026-01-15"}, "action"),
        ({**REAGE, "start": "2100-12-01"}, "action"),  # past 2100, which no question may name
        ({**REAGE, "instalments": 600, "every": 366}, "action"),
        ({**RESCHEDULE, "new_rate_pct": "1001"}, "action.new_rate_pct"),
    ],
)
def test_an_invalid_action_is_reported_under_its_field(action, field) -> None:
    with pytest.raises(InvalidDocumentError) as refused:
        ask(action)
    assert [each.field for each in refused.value.problems] == [field]


def test_nothing_is_restructured_before_a_later_version() -> None:
    with pytest.raises(InvalidDocumentError, match="before a later version"):
        ask({**REAGE, "on": "2026-02-19"}, loan=ask()["loan"])


def test_more_instalments_than_a_question_may_have_are_refused() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(5000)]
    rows = [{"number": n, "due_date": str(day), "principal": "1"} for n, day in enumerate(days)]
    with pytest.raises(InvalidDocumentError, match="action: makes a schedule no question"):
        ask({**RESCHEDULE, "extra_terms": 1}, loan={**QUESTION["loan"], "instalments": rows})


def test_a_loan_due_before_it_was_disbursed_can_be_restructured() -> None:
    loan = {**QUESTION["loan"], "disbursed_on": "2026-02-02"}
    assert len(ask(loan=loan)["instalments"]) == 6


def test_the_schemas_name_every_field() -> None:
    schema = json.loads(restructuring_schema())
    assert QUESTION.keys() <= schema["properties"].keys()
    assert schema["properties"]["action"]["discriminator"]["propertyName"] == "kind"
    assert json.loads(schedule_schema())["properties"].keys() == {"id", "loan"}


def test_a_schedule_built_from_terms_can_be_evaluated() -> None:
    loan = {name: QUESTION["loan"][name] for name in ("currency", "principal", "disbursed_on")}
    terms = {"instalments": 3, "amortisation": "equal_principal"}
    found = answer_schedule({"id": 5, "loan": {**loan, "annual_rate_pct": "24", "terms": terms}})
    assert found["id"] == 5
    assert [each["due"] for each in found["instalments"]] == ["106.00", "104.00", "102.00"]
    assert found["total"]["total"] == "312.00"
    evaluated = answer_evaluation({"loan": found["loan"], "as_of": "2026-02-20"})
    assert evaluated["overdue"]["total"] == "106.00"
    with pytest.raises(InvalidDocumentError, match="disbursed_on"):
        answer_schedule({"loan": {"currency": "USD", "principal": "1", "terms": terms}})
