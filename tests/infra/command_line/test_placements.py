"""recovery place, placements, recall: on a table in memory."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from infra.command_line import app, placements
from infra.command_line.options import console
from infra.deployment.target import TargetError
from recovery.ports.accounting import StoredLoan
from recovery.settings import Settings
from recovery.wiring import Wiring
from tests.adapters.conftest import in_memory_aws, table  # noqa: F401  fixtures
from tests.adapters.test_packages import store  # noqa: F401  fixtures
from tests.builders import a_borrower, a_loan, a_state, an_institution

run = CliRunner()
BY = ("--by", "Ana Torres")


@pytest.fixture
def ports(table: str, store: Any, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: F811
    wiring = Wiring(Settings(table="recovery", shards=1, package_bucket="packages"))
    ports = wiring.of("umoja")
    wiring.institutions.save(an_institution())
    ports.borrowers.save_contact_details(a_borrower())
    loan = a_loan()
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    target = SimpleNamespace(wiring=wiring, of=wiring.of, embedded=object())
    target.institution = lambda wanted: "umoja"
    monkeypatch.setattr(placements, "find_target", lambda *, real: target)
    monkeypatch.setattr(console, "_width", 200)
    return ports


def say(*arguments: str) -> Result:
    return run.invoke(app, [*arguments])


def test_a_loan_is_placed_and_its_package_opened_by_a_link(ports) -> None:
    result = say("place", "L-1", "--with", "Bufete Ríos", "--id", "p-1", *BY)
    assert result.exit_code == 0, result.output
    assert "Placed 1 loan with Bufete Ríos, as p-1." in result.output
    assert "ask a lawyer" in result.output
    assert say("placements", "package", "p-1").stdout.startswith("https://")
    missing = say("placements", "package", "p-2")
    assert isinstance(missing.exception, TargetError)
    [link] = [each for each in ports.chain.links("L-1") if each.entry.act == "handed over"]
    assert "package" in link.entry.about


def test_it_is_listed_from_the_next_day(ports) -> None:
    say("place", "L-1", "--with", "Bufete Ríos", "--id", "p-1", *BY)
    assert "0 loans placed" in say("placements").output
    change = ports.loans.recorded("L-1").owners[0].fact
    from datetime import UTC, datetime, time

    vars(ports)["now"] = lambda: datetime.combine(change.from_on, time(12), UTC)
    listed = say("placements").output
    assert "1 loans placed" in listed and "no report yet" in listed
    assert "0 loans placed" in say("placements", "--with", "Another").output


def test_a_loan_that_is_not_there_is_named_with_its_row(ports) -> None:
    result = say("place", "L-1", "L-404", "--with", "Bufete Ríos", *BY)
    assert result.exit_code == 1
    assert "Row 2, L-404: loan_id: there is no loan L-404" in result.output
    assert ports.loans.recorded("L-1").owners == ()


def test_a_report_that_does_not_fit_is_named_by_row_and_column(ports, tmp_path) -> None:
    file = tmp_path / "report.csv"
    file.write_text("report_id,loan_id,placement_id,status,on\nR-1,L-1,p-9,filed,2026-02-03\n")
    result = say("placements", "report", str(file), *BY)
    assert result.exit_code == 1
    assert "Row 1, L-1:" in result.output and "placement_id" in result.output


def test_what_is_placed_with_nobody_cannot_be_called_back(ports) -> None:
    result = say("recall", "L-1", *BY)
    assert result.exit_code == 1
    assert "placed with nobody" in result.output
