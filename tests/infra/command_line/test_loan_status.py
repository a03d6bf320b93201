"""recovery status: tables to read, or JSON for a program."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from infra.command_line import app
from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.accounting.loan_facts import LoanFacts
from recovery.domain.accounting.owner_facts import Ownership
from recovery.domain.accounting.ownership import Owner, Silence, SilentPeriod
from recovery.domain.accounting.party import Party
from recovery.domain.accounting.refinancing import Carried
from recovery.domain.outbox import TimelineEntry
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.read_loan import read_loan
from recovery.use_cases.accounting.record_party import record_party
from tests.builders import a_borrower, a_loan, a_state, an_actor
from tests.recorded import record, write_off

run = CliRunner()


def shown(loan_id: str = "L-1") -> str:
    result = run.invoke(app, ["status", loan_id])
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.replace("\u2502", " ").replace("\u2503", " ").split())


def test_the_tables_say_where_the_loan_stands_in_words(lending) -> None:
    lending.timeline.add("L-1", [TimelineEntry(date(2026, 2, 2), "message", "sent by email", 3)])
    text = shown()
    late = "1 day past due since 2026-02-01, 1 day delinquent, bucket 1-30"
    assert f"standing {late}" in text and "1 days" not in text
    assert "principal 1200.00 EUR" in text and "advisor Peter Otieno" in text
    assert "1 2026-01-02 agreed 2026-02-01 2027-01-01" in text
    assert "1 2026-02-01 115.00 0.00" in text
    assert "2026-02-02 message sent by email 3" in text
    assert "{" not in text and "Facts" not in text and "Parties" not in text
    lending.clock.at += timedelta(days=1)
    assert "2 days past due since 2026-02-01, 2 days delinquent" in shown()


def test_a_profile_a_rate_and_parties_are_shown_where_known(lending) -> None:
    loan = a_loan("L-2", annual_rate_pct=24, profile=LoanProfile(purpose="business"))
    lending.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    for person_id in ("G-1", "C-1"):
        lending.borrowers.save_contact_details(a_borrower(person_id))
    for party in (
        Party(
            person_id="G-1",
            role="guarantor",
            from_on=date(2026, 1, 2),
            limit_minor=50_000,
            subsidiary=True,
        ),
        Party(
            person_id="C-1",
            role="co_borrower",
            from_on=date(2026, 1, 2),
            until=date(2026, 6, 30),
            liability="share",
            share_pct=Decimal(40),
        ),
    ):
        record_party("L-2", party, an_actor(), lending.now(), lending)
    text = shown("L-2")
    assert "rate 24 % a year" in text and "purpose business" in text
    assert "G-1 guarantor 2026-01-02 500.00 after the debtors" in text
    assert "C-1 co_borrower 2026-01-02 2026-06-30 share, 40 %" in text


def test_facts_a_pause_and_frozen_days_are_shown_apart(lending) -> None:
    record(lending, fact_id="W-1", kind="waiver", component="interest", amount="5.00")
    record(lending, fact_id="U-1", kind="undo", undoes="W-1", reason="not [red]this[/] loan")
    record(lending, fact_id="P-1", kind="pause", **{"from": "2026-02-02"})
    record(lending, fact_id="C-1", kind="charge", component="fee", amount="2.50", instalment=2)
    record(lending, fact_id="R-1", kind="reage", start="2026-04-01", instalments=6)
    text = shown()
    assert "W-1 2026-02-02 2026-02-02 waiver (undone) 5.00 EUR, interest agreed" in text
    assert "undo W-1 not [red]this[/] loan" in text
    assert "charge 2.50 EUR, fee, instalment 2" in text
    assert "schedule version reage, version 2" in text
    assert "restructured on 2026-02-02, then 1 day past due" in text
    assert "standing nothing is late" in text
    assert "paused from 2026-02-02 until further notice" in text
    assert "2 2026-02-02 reage" in text


def test_a_loan_written_off_says_so_in_words(lending) -> None:
    write_off(lending)
    assert "standing written off on 2026-02-02, 1380.00 EUR not recovered" in shown()


def test_a_loan_written_off_in_part_says_how_late_the_rest_is(lending) -> None:
    write_off(lending, 38_000)
    text = shown()
    assert "bucket 1-30; written off in part, 380.00 EUR not recovered" in text
    assert "outstanding 1000.00 EUR" in text


@pytest.mark.parametrize(
    ("closed", "said"), [("settled", "settled"), ("written_off", "written off")]
)
def test_a_loan_closed_by_a_person_says_how(lending, closed: str, said: str) -> None:
    loan = a_loan("L-2")
    lending.loans.add_loan(StoredLoan(loan, a_state(loan, closed=closed)), [])
    assert f"standing {closed.replace('_', ' ')} overdue" in shown("L-2")


def test_an_owner_a_mark_and_what_is_carried_over_are_shown_where_there_are_any(lending) -> None:
    text = shown()
    assert not [each for each in ("owner", "silent", "marked", "carried over") if each in text]
    sold_on = date(2026, 1, 20)
    owners = (Owner("umoja"), Owner("Fondo Norte", "Ley SL", outside=True, from_on=sold_on))
    loan, silent = a_loan("L-2"), SilentPeriod(sold_on, None, Silence.OUTSIDE)
    state = a_state(
        loan,
        pulled_to="91+",
        ownership=Ownership(owners, (silent,)),
        facts=LoanFacts(carried=Carried(("L-0", "L-1"), 41, date(2025, 3, 1))),
    )
    lending.loans.add_loan(StoredLoan(loan, state), [])
    text = shown("L-2")
    assert "owner Fondo Norte, handled by Ley SL, since 2026-01-20" in text
    assert "silent another institution owns the loan" in text
    assert "marked 91+, as another loan of the borrower" in text
    assert "carried over 41 days past due, vintage 2025-03-01, from L-0, L-1" in text


def test_json_is_what_the_api_answers_with_the_timeline(lending) -> None:
    record(lending, fact_id="W-1", kind="waiver", component="interest", amount="5.00")
    lending.timeline.add("L-1", [TimelineEntry(date(2026, 2, 2), "fact", "waiver")])
    result = run.invoke(app, ["status", "L-1", "--json"])
    document = json.loads(result.stdout)
    assert [each["text"] for each in document.pop("timeline")] == ["waiver"]
    assert document == read_loan("L-1", lending.now(), lending)
