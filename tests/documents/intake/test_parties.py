"""Parties and collateral of a delivery: what no contract may presume, and what fits together."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery.documents.intake.files import StagedPortfolio, stage_portfolio
from recovery.documents.intake.rows import Kind

FILES: dict[Kind, str] = {
    "borrowers": "borrower_id,name,language,country\nB1,Rosa Quispe,es-PE,PE\n",
    "loans": "loan_id,borrower_id,portfolio,currency,principal,disbursed_on,advisor_name\n"
    "L1,B1,Cusco,PEN,100.00,2025-01-10,Julio Torres\n",
    "instalments": "loan_id,number,due_date,principal\nL1,1,2025-02-10,100.00\n",
}
PARTIES = "loan_id,person_id,role,liability,share_pct,limit,subsidiary,from_on,until\n"
COLLATERAL = "collateral_id,loan_id,kind,value,currency\n"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[object]:
    staged: list[StagedPortfolio] = []

    def stage_files(**files: str) -> StagedPortfolio:
        streams = {kind: io.BytesIO(text.encode()) for kind, text in (FILES | files).items()}
        staged.append(stage_portfolio(streams, workspace=tmp_path))
        return staged[-1]

    yield stage_files
    for portfolio in staged:
        portfolio.close()


def test_parties_and_collateral_are_accepted_with_their_place(stage) -> None:
    portfolio = stage(
        parties=PARTIES + "L1,B7,guarantor,,,50.00,true,,\nL1,B2,co_borrower,share,40,,,,\n",
        collateral=COLLATERAL + "C1,L1,credit_life_insurance,,\nC2,L9,vehicle,900.00,PEN\n",
    )
    co_borrower, guarantor = portfolio.parties()
    assert (co_borrower.number, co_borrower.line) == (2, 3)
    assert (co_borrower.values.person_id, co_borrower.values.share_pct) == ("B2", 40)
    assert (guarantor.values.limit, guarantor.values.subsidiary) == ("50.00", True)
    of_loan, of_a_loan_on_record = portfolio.collateral()
    assert (of_loan.values.kind, of_a_loan_on_record.values.value) == (
        "credit_life_insurance",
        "900.00",
    )
    counts = portfolio.counts()
    assert (counts.parties, counts.collateral, counts.rejections) == (2, 2, 0)


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("L1,B2,co_borrower,,,,,,", "liability", "never presumed"),
        ("L1,B2,group_member,,,,,,", "liability", "never presumed"),
        ("L1,B1,guarantor,,,,,,", "person_id", "own borrower"),
        ("L1,B2,guarantor,,,50.005,,,", "limit", "more than 2 digits"),
    ],
)
def test_a_wrong_party_is_rejected_alone(stage, line: str, column: str, reason: str) -> None:
    portfolio = stage(parties=f"{PARTIES}L1,B3,guarantor,,,,,,\n{line}\n")
    (rejection,) = portfolio.rejections()
    assert (rejection.file, rejection.row, rejection.line) == ("parties", 2, 3)
    assert (rejection.problem.field, rejection.loan_id) == (column, "L1")
    assert reason in rejection.problem.reason and rejection.problem.remedy
    assert [party.values.person_id for party in portfolio.parties()] == ["B3"]
    assert portfolio.counts().loans == 1


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("C1,L1,vehicle,900.00,", "currency"),
        ("C1,L1,vehicle,900.005,PEN", "value"),
    ],
)
def test_wrong_collateral_is_rejected_alone(stage, line: str, column: str) -> None:
    portfolio = stage(collateral=f"{COLLATERAL}{line}\n")
    (rejection,) = portfolio.rejections()
    assert (rejection.file, rejection.row, rejection.problem.field) == ("collateral", 1, column)
    assert list(portfolio.collateral()) == [] and portfolio.counts().loans == 1


def test_two_rows_for_one_person_or_thing_are_not_guessed_between(stage) -> None:
    portfolio = stage(
        parties=PARTIES + "L1,B2,guarantor,,,,,,\n" * 2 + "L1,B2,guarantor,,,9.00,,,\n",
        collateral=COLLATERAL + "C1,L1,land,,\nC1,L1,vehicle,,\n",
    )
    found = [(each.file, each.row, each.problem.field) for each in portfolio.rejections()]
    assert found == [("parties", 3, "person_id"), ("collateral", 2, "collateral_id")]


def test_what_belongs_to_a_rejected_loan_is_rejected_with_it(stage) -> None:
    portfolio = stage(
        instalments="loan_id,number,due_date,principal\nL1,1,2025-02-10,99.00\n",
        parties=PARTIES + "L1,B2,guarantor,,,,,,\nL2,B2,guarantor,,,,,,\n",
        collateral=COLLATERAL + "C1,L1,land,,\n",
    )
    reasons = {each.file: each.problem.reason for each in portfolio.rejections()}
    assert reasons["parties"] == reasons["collateral"] == "belongs to a rejected loan"
    assert [party.values.loan_id for party in portfolio.parties()] == ["L2"]
