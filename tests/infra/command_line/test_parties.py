"""recovery party: record, list and end those who answer for a loan."""

from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner, Result

from functions import payments_api
from infra.command_line import app
from infra.deployment.target import TargetError
from tests.builders import a_borrower
from tests.conftest import Context

run = CliRunner()
BY = ("--by", "Ana Torres")
END = ("end", "L-1", "B-2", "--until", "2026-06-30", "--why", "released by letter", *BY)


@pytest.fixture
def lending(lending):
    lending.borrowers.save_contact_details(a_borrower("B-2"))
    return lending


def party(*arguments: str, text: str | None = None) -> Result:
    return run.invoke(app, ["party", *arguments], input=text)


def example() -> str:
    return party("example").stdout


def shown() -> str:
    return " ".join(party("list", "L-1").output.replace("\u2502", " ").split())


def refused(result: Result) -> str:
    assert isinstance(result.exception, TargetError), result.output
    return str(result.exception)


def test_the_example_is_recorded_once(lending) -> None:
    first, again = (party("record", "L-1", "-", *BY, text=example()) for _ in range(2))
    assert first.output == "Recorded: B-2, guarantor of L-1 from 2026-01-15\n"
    assert again.output.startswith("On record already, nothing has changed: B-2")
    (record,) = lending.loans.recorded("L-1").parties
    assert (record.party.limit_minor, record.party.subsidiary) == (50_000, True)
    assert record.recorded_by == "typed:Ana Torres"


def test_a_party_is_ended_with_a_reason_and_stays_on_record(lending) -> None:
    party("record", "L-1", "-", *BY, text=example())
    first, again = party(*END), party(*END)
    assert first.output == "Ended: B-2, guarantor of L-1 from 2026-01-15 until 2026-06-30\n"
    assert again.output.startswith("On record already")
    (record,) = lending.loans.recorded("L-1").parties
    assert record.party.until == date(2026, 6, 30)
    assert (record.ended_by, record.ended_because) == ("typed:Ana Torres", "released by letter")


def test_the_list_says_what_each_owes_and_who_may_reclaim(lending, load_event) -> None:
    lending.borrowers.save_contact_details(a_borrower("G-1"))
    guarantor = json.loads(example()) | {"person_id": "G-1", "from_on": "2026-01-02"}
    party("record", "L-1", "-", *BY, text=json.dumps(guarantor))
    before = shown()
    assert "G-1 guarantor 2026-01-02 500.00 after the debtors" in before
    assert "Owed in EUR on 2026-02-02" in before and "B-1 borrower 115.00 1380.00" in before
    assert "To reclaim" not in before
    payments_api.handler(load_event("payments_api.guarantor_pays"), Context(), lending)
    assert "To reclaim in EUR" in shown() and "G-1 B-1 115.00" in shown()
    found = json.loads(party("list", "L-1", "--json").stdout)
    assert found["recourses"][0]["amount"] == "115.00"


def test_what_cannot_be_recorded_or_ended_says_why(lending) -> None:
    unknown = json.dumps(json.loads(example()) | {"person_id": "B-9"})
    assert "B-9 is not on record" in refused(party("record", "L-1", "-", *BY, text=unknown))
    assert "role: " in refused(party("record", "L-1", "-", *BY, text='{"person_id": "B-2"}'))
    assert "Import it first" in refused(party("record", "L-9", "-", *BY, text=example()))
    assert "Say who you are with --by" in refused(party("record", "L-1", "-", text=example()))
    assert "B-2 is no party of L-1. See `recovery party list L-1`" in refused(party(*END))
    party("record", "L-1", "-", *BY, text=example())
    early = [word.replace("2026-06-30", "2025-06-30") for word in END]
    assert "when it began" in refused(party(*early))
