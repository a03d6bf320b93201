"""Agreements made elsewhere in a delivery: taken up once, refused by row and column."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from recovery.documents.accounting.fact_request import fact_request
from recovery.documents.intake.facts import fact_in
from recovery.documents.intake.rows import FactRow
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.intake.arrival import IMPORT
from tests.life import Life
from tests.use_cases.agreements.test_agree import a_life

DAY = timedelta(days=1)
ROW = {
    "fact_id": "AE-1",
    "loan_id": "L-1",
    "kind": "agreed_elsewhere",
    "reason": "agreed at the branch",
    "on": "2026-04-06",
    "parts": "2026-05-10 120.00; 2026-06-10 80.00",
    "proof": "DOC-7",
    "signed_by": "B-1",
}


def taken(life: Life, **changes):
    row = FactRow.model_validate({**ROW, **changes})
    request = fact_in(row, "EUR", life.today)
    done = record_fact(request, IMPORT, life.ports.now(), life.ports)
    life.settle()
    return done


def test_a_plan_of_a_delivery_is_judged_from_its_own_day_and_taken_up_once(wiring) -> None:
    life = a_life(wiring)
    assert taken(life).recorded and not taken(life).recorded
    assert life.standing()["plans"][0]["status"] == "kept"
    assert life.standing()["plans"][0]["agreed_on"] == "2026-04-06"
    [made] = [e.detail for e in life.ports.bus.events if e.name == "AgreementMade"]
    assert "offer_id" not in made and [e["amount"] for e in made["parts"]] == ["120.00", "80.00"]
    for on, amount_minor in ((5, 10_000 + 12_000), (6, 10_000 + 8_000)):
        life.until(date(2026, on, 2))
        life.pay("L-1", amount_minor)
    life.until(date(2026, 6, 11))
    assert life.standing()["plans"][0]["status"] == "completed"
    assert life.standing()["overdue"]["total"] == "0.00"


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"parts": "2026-05-10 120.001"}, "parts"),
        ({"parts": None}, "parts"),
        ({"proof": None}, "proof"),
        ({"amount": "3.00"}, "amount"),
    ],
)
def test_a_row_that_is_wrong_names_its_column(wiring, changes, column) -> None:
    row = FactRow.model_validate({**ROW, **changes})
    with pytest.raises(InvalidDocumentError) as raised:
        fact_in(row, "EUR", date(2026, 4, 10))
    assert {each.field for each in raised.value.problems} == {column}


@pytest.mark.parametrize("parts", ["10.05.2026 120.00", "2026-05-10 120,00", "2026-05-10", ";"])
def test_parts_have_one_form(parts) -> None:
    with pytest.raises(ValueError, match="are not days and amounts"):
        FactRow.model_validate({**ROW, "parts": parts})


def test_the_api_takes_the_same() -> None:
    body = (
        '{"kind": "agreed_elsewhere", "fact_id": "AE-1", "reason": "told", "proof": "D",'
        ' "parts": [{"on": "2026-05-10", "amount": "1.00"}]}'
    )
    assert fact_request(body, "L-1", "EUR", date(2026, 4, 10)).fact.parts[0].amount_minor == 100
