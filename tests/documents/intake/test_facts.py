"""Facts of a delivery: read as the API reads them, with problems in the words of a file."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from recovery.documents.accounting.fact_request import fact_request
from recovery.documents.intake.dialect import Dialect
from recovery.documents.intake.facts import fact_in
from recovery.documents.intake.files import stage_portfolio
from recovery.documents.intake.reading import Row, read_rows
from recovery.documents.intake.rows import FactRow
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.accounting.acts import CalledIn, ContractTerms, Demand, Suit, SuitEnd
from recovery.domain.accounting.court_steps import CourtStep, PreActionCheck
from recovery.domain.accounting.fact import Resume, Undo
from recovery.domain.accounting.history import Charge, Chargeback, Waiver
from recovery.domain.accounting.pauses import Pause

TODAY = date(2026, 3, 10)
COLUMNS = (
    "fact_id,loan_id,kind,reason,on,component,amount,currency,instalment,payment_id,reason_code,"
    "from,to,pause_id,undoes"
)


def row(**cells: str) -> FactRow:
    given = {"fact_id": "F1", "loan_id": "L1", "reason": "agreed", **cells}
    (read,) = read_rows("facts", io.BytesIO(json.dumps(given).encode()))
    assert isinstance(read, Row) and isinstance(read.values, FactRow), read
    return read.values


@pytest.mark.parametrize(
    ("cells", "fact"),
    [
        (
            {"kind": "charge", "component": "fee", "amount": "12.50", "on": "2026-03-01"},
            Charge(date(2026, 3, 1), "fee", 1_250),
        ),
        (
            {"kind": "waiver", "component": "interest", "instalment": "2"},
            Waiver(TODAY, "interest", None, 2),
        ),
        (
            {"kind": "chargeback", "payment_id": "P1", "amount": "5", "reason_code": "MD07"},
            Chargeback("P1", TODAY, 500, "MD07"),
        ),
        ({"kind": "pause", "from": "2026-03-01"}, Pause(date(2026, 3, 1), None)),
        ({"kind": "resume", "pause_id": "F0"}, Resume("F0", TODAY)),
        ({"kind": "undo", "undoes": "F0", "currency": "EUR"}, Undo("F0", TODAY)),
        ({"kind": "called_in", "demand_id": "F0"}, CalledIn(on=TODAY, demand_id="F0")),
        (
            {"kind": "suit_end", "suit_id": "F0", "outcome": "dismissed", "amount": "7"},
            SuitEnd(suit_id="F0", on=TODAY, outcome="dismissed", amount_minor=700),
        ),
        (
            {"kind": "court_step", "suit_id": "F0", "step": "hearing", "by_on": "2026-09-01"},
            CourtStep(suit_id="F0", on=TODAY, step="hearing", by_on=date(2026, 9, 1)),
        ),
    ],
)
def test_each_kind_is_read_as_the_api_reads_it(cells, fact) -> None:
    request = fact_in(row(**cells), "EUR", TODAY)
    assert (request.fact_id, request.loan_id, request.reason) == ("F1", "L1", "agreed")
    assert request.fact == fact
    body = {name: cell for name, cell in cells.items() if name != "currency"}
    body |= {"fact_id": "F1", "reason": "agreed"}
    if "instalment" in body:
        body["instalment"] = int(body["instalment"])
    assert request == fact_request(json.dumps(body), "L1", "EUR", TODAY)


def test_a_judgment_and_what_was_checked_before_court_fill_columns_of_their_own() -> None:
    cells = {"kind": "court_step", "suit_id": "F0", "step": "judgment", "outcome": "creditor"}
    cells |= {"amount": "12.00", "final_on": "2026-08-01", "reference": "77/2026"}
    assert fact_in(row(**cells), "EUR", TODAY).fact == CourtStep(
        suit_id="F0",
        on=TODAY,
        step="judgment",
        outcome="creditor",
        amount_minor=1_200,
        final_on=date(2026, 8, 1),
        reference="77/2026",
    )
    cells = {"kind": "pre_action_check", "codes": "MASC LAW_UNKNOWN", "reference": "file-7"}
    check = PreActionCheck(on=TODAY, codes=("MASC", "LAW_UNKNOWN"), reference="file-7")
    assert fact_in(row(**cells), "EUR", TODAY).fact == check
    suit = {"kind": "suit", "persons": "B-1", "procedure": "ES_MONITORIO", "told_by": "the seller"}
    assert fact_in(row(**suit), "EUR", TODAY).fact == Suit(
        on=TODAY, persons=("B-1",), procedure="ES_MONITORIO", told_by="the seller"
    )


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"kind": "court_step", "suit_id": "F0"}, "step"),
        ({"kind": "court_step", "suit_id": "F0", "step": "dance"}, "step"),
        ({"kind": "court_step", "suit_id": "F0", "step": "cost", "codes": "MASC"}, "codes"),
        (
            {"kind": "court_step", "suit_id": "F0", "step": "cost", "answered_by": "x"},
            "answered_by",
        ),
        ({"kind": "pre_action_check"}, "codes"),
        ({"kind": "pre_action_check", "codes": "MASC", "by_on": "2026-09-01"}, "by_on"),
    ],
)
def test_a_wrong_step_in_court_names_its_column(cells, column: str) -> None:
    with pytest.raises(InvalidDocumentError) as refused:
        fact_in(row(**cells), "EUR", TODAY)
    assert {each.field for each in refused.value.problems} == {column}


def test_persons_and_instalments_have_spaces_between_them() -> None:
    cells = {"kind": "demand", "persons": "B-1 G-1", "medium": "burofax", "proof": "refused"}
    cells |= {"instalments": "1 3", "sent_on": "2026-03-01", "costs": "4.50", "term_days": "15"}
    assert fact_in(row(**cells), "EUR", TODAY).fact == Demand(
        on=TODAY,
        persons=("B-1", "G-1"),
        medium="burofax",
        proof="refused",
        sent_on=date(2026, 3, 1),
        costs_minor=450,
        term_days=15,
        instalments=(1, 3),
    )


def test_a_contract_is_read_with_its_words_and_numbers() -> None:
    cells = {"kind": "contract", "late_rate_pct": "20.5", "liquidation_clause": "true"}
    assert fact_in(row(**cells, region="ES-M"), "EUR", TODAY).fact == ContractTerms(
        on=TODAY, late_rate_pct=Decimal("20.5"), liquidation_clause=True, region="ES-M"
    )


@pytest.mark.parametrize(
    ("cells", "column", "reason", "remedy"),
    [
        ({"kind": "charge", "component": "fee"}, "amount", "is missing", "column for a charge"),
        (
            {"kind": "charge", "component": "interest", "amount": "5"},
            "component",
            "is not one of",
            "",
        ),
        (
            {"kind": "waiver", "component": "fee", "amount": "5.005"},
            "amount",
            "more than 2 digits",
            "Write an amount of EUR",
        ),
        (
            {"kind": "pause", "from": "2026-03-01", "payment_id": "P1"},
            "payment_id",
            "is filled in, but a pause has none",
            "Leave the cell empty",
        ),
        (
            {"kind": "waiver", "component": "fee", "currency": "USD"},
            "currency",
            "is USD, but the loan is in EUR",
            "State the amount",
        ),
    ],
)
def test_a_problem_names_its_column_and_what_to_do(cells, column, reason, remedy) -> None:
    with pytest.raises(InvalidDocumentError) as error:
        fact_in(row(**cells), "EUR", TODAY)
    (problem,) = error.value.problems
    assert problem.field == column
    assert reason in problem.reason
    assert problem.remedy and remedy in problem.remedy


def test_facts_are_kept_in_the_order_of_the_file_in_any_dialect(tmp_path: Path) -> None:
    text = f"""{COLUMNS}
F2,L1,pause,illness,,,,,,,,01/03/2026,,,
F1,L1,charge,letter,28/02/2026,fee,"1,50",,,,,,,,
F1,L1,charge,letter,28/02/2026,fee,"1,50",,,,,,,,
F1,L9,charge,another loan's,,fee,"9,00",,,,,,,,
F1,L1,charge,other words,,fee,"9,00",,,,,,,,
"""
    dialect = Dialect(decimal=",", dates="dd/mm/yyyy")
    files = {"facts": io.BytesIO(text.encode())}
    with stage_portfolio(files, workspace=tmp_path, dialect=dialect) as portfolio:
        pause, charge, other = portfolio.facts()
        (rejection,) = portfolio.rejections()
        assert portfolio.counts().facts == 3
    assert (pause.number, pause.line, pause.values.from_) == (1, 2, date(2026, 3, 1))
    assert (charge.values.amount, charge.values.on) == ("1.50", date(2026, 2, 28))
    assert other.values.loan_id == "L9"
    assert (rejection.file, rejection.row, rejection.problem.field) == ("facts", 5, "fact_id")


def test_facts_of_a_rejected_loan_are_rejected_with_it(tmp_path: Path) -> None:
    files = {
        "loans": "loan_id,borrower_id,portfolio,currency,principal,disbursed_on,advisor_name\n"
        "L1,B1,Cusco,PEN,100.00,2025-01-10,Julio Torres\n",
        "facts": "fact_id,loan_id,kind,reason,undoes\nF1,L1,undo,wrong,F0\nF1,L2,undo,wrong,F0\n",
    }
    streams = {kind: io.BytesIO(text.encode()) for kind, text in files.items()}
    with stage_portfolio(streams, workspace=tmp_path) as portfolio:
        (of_fact,) = (each for each in portfolio.rejections() if each.file == "facts")
        assert of_fact.problem.reason == "belongs to a rejected loan"
        assert [each.values.loan_id for each in portfolio.facts()] == ["L2"]
