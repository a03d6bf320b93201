"""Files as spreadsheets write them: understood when declared, and the cause named when not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.intake.dialect import (
    PLAIN,
    Dialect,
    NotAsDeclaredError,
    read_dialect,
)
from recovery.documents.intake.files import StagedPortfolio, stage_portfolio
from recovery.documents.intake.reading import Row, read_rows
from recovery.documents.intake.rows import DATES, MODELS, NUMBERS, Kind, Rejection
from recovery.documents.shared.problems import InvalidDocumentError

DUTCH = Dialect(delimiter=";", decimal=",", thousands=".", dates="dd-mm-yyyy")
SPANISH = Dialect(delimiter=";", decimal=",", thousands=".", dates="dd/mm/yyyy")
BORROWERS = "borrower_id;name;language;country\nB1;Begoña Núñez;es-ES;ES\nB2;Zoë Peeters;nl-NL;NL\n"
LOANS = (
    "loan_id;borrower_id;portfolio;currency;principal;disbursed_on;annual_rate_pct;advisor_name\n"
    "L1;B1;Málaga;EUR;1.250,50;31/01/2026;7,5;José Ruiz\n"
)
INSTALMENTS = (
    "loan_id;number;due_date;principal;interest\n"
    "L1;1;28/02/2026;1.000,00;7,81\nL1;2;31/3/2026;250,50;0\n"
)
PAYMENTS = "payment_id;loan_id;value_date;amount\nP1;L1;1/3/2026;1007,81\n"
FILES: dict[Kind, str] = {
    "borrowers": BORROWERS,
    "loans": LOANS,
    "instalments": INSTALMENTS,
    "payments": PAYMENTS,
}


def read(kind: Kind, content: str | bytes, dialect: Dialect = PLAIN) -> list[Row | Rejection]:
    content = content.encode(dialect.encoding) if isinstance(content, str) else content
    return list(read_rows(kind, io.BytesIO(content), dialect))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[object]:
    staged: list[StagedPortfolio] = []

    def stage_files(dialect: Dialect = PLAIN, **files: str | bytes) -> StagedPortfolio:
        contents = FILES | files
        streams = {
            kind: io.BytesIO(text if isinstance(text, bytes) else text.encode(dialect.encoding))
            for kind, text in contents.items()
        }
        staged.append(stage_portfolio(streams, workspace=tmp_path, dialect=dialect))
        return staged[-1]

    yield stage_files
    for portfolio in staged:
        portfolio.close()


def test_the_columns_with_numbers_and_dates_are_those_of_the_rows() -> None:
    numbers, dates = set(), set()
    for model in MODELS.values():
        for name, hint in get_type_hints(model).items():
            kinds = {hint, *get_args(hint)}
            column = model.model_fields[name].alias or name
            if date in kinds:
                dates.add(column)
            if Decimal in kinds:
                numbers.add(column)
    assert dates == DATES
    assert numbers < NUMBERS
    amounts = {"principal", "interest", "fee", "penalty", "amount", "limit", "value", "costs"}
    assert NUMBERS - numbers == amounts


@pytest.mark.parametrize(
    "encoding", ["utf-8", "windows-1252", "iso-8859-15", "iso-8859-1", "utf-16", "utf-16le"]
)
def test_a_spanish_spreadsheet_is_understood_in_any_encoding(stage, encoding: str) -> None:
    portfolio = stage(SPANISH.model_copy(update={"encoding": encoding}))

    (loan,) = portfolio.loans()
    assert list(portfolio.rejections()) == []
    assert (loan.borrower.name, loan.loan.portfolio) == ("Begoña Núñez", "Málaga")
    assert (loan.principal_minor, loan.loan.annual_rate_pct) == (125_050, Decimal("7.5"))
    assert [each.due_date for each in loan.instalments] == [date(2026, 2, 28), date(2026, 3, 31)]
    assert [each.interest_minor for each in loan.instalments] == [781, 0]
    assert [each.amount_minor for each in loan.payments] == [100_781]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_tabs_and_a_byte_order_mark_are_understood(mark: bytes) -> None:
    content = mark + BORROWERS.replace(";", "\t").encode()
    first, _ = read("borrowers", content, Dialect(delimiter="\t"))
    assert isinstance(first, Row) and first.values.name == "Begoña Núñez"


@given(st.integers(0, 10**14), st.sampled_from(["", ".", " ", "'"]))
def test_any_amount_survives_the_way_it_is_written(minor: int, thousands: str) -> None:
    plain = f"{minor // 100}.{minor % 100:02}"
    grouped = f"{minor // 100:,}".replace(",", thousands)
    dialect = Dialect(decimal=",", thousands=thousands)
    assert dialect.plain("amount", f"{grouped},{minor % 100:02}") == plain
    assert dialect.plain("amount", grouped) == str(minor // 100)


@given(st.dates(date(1970, 1, 1), date(2100, 12, 31)))
def test_any_day_survives_the_way_it_is_written(day: date) -> None:
    for written in (f"{day:%d-%m-%Y}", f"{day.day}-{day.month}-{day.year}"):
        assert DUTCH.plain("due_date", written) == day.isoformat()


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("amount", "1250.50"),  # plain, but a point separates thousands here
        ("amount", "12.50,00"),
        ("amount", "1.2500,00"),
        ("amount", "1,250,50"),
        ("amount", "-5,00"),
        ("amount", "€ 5,00"),
        ("value_date", "2026-01-31"),
        ("value_date", "31/01/2026"),
        ("value_date", "31-01-26"),
        ("value_date", "31-01-2026 00:00"),
    ],
)
def test_what_is_not_written_as_declared_is_never_guessed(column: str, cell: str) -> None:
    with pytest.raises(NotAsDeclaredError) as refused:
        DUTCH.plain(column, cell)
    example = "1.250,50" if column == "amount" else "31-01-2026"
    assert example in refused.value.finding.remedy


def test_a_month_first_date_is_refused_by_its_declared_form() -> None:
    content = PAYMENTS.replace("1/3/2026", "3/31/2026")
    (rejection,) = read("payments", content, SPANISH)
    assert (rejection.row, rejection.problem.field) == (1, "value_date")
    assert "31/01/2026" in rejection.problem.remedy


@pytest.mark.parametrize(
    ("kind", "content", "reason", "declared"),
    [
        ("payments", PAYMENTS, "separated by semicolons", '"delimiter": ";"'),
        ("payments", PAYMENTS.replace(";", "\t"), "separated by tabs", '"delimiter": "\\t"'),
        ("borrowers", BORROWERS.encode("utf-16"), "looks like UTF-16", '"encoding": "utf-16"'),
    ],
)
def test_a_file_that_cannot_be_split_names_the_likely_cause(
    kind: Kind, content: str | bytes, reason: str, declared: str
) -> None:
    (rejection,) = read(kind, content)
    assert rejection.row == 0
    assert reason in rejection.problem.reason
    assert declared in rejection.problem.remedy


@pytest.mark.parametrize(
    ("column", "cell", "reason", "declared"),
    [
        ("amount", "1.250,50", "decimal comma", '"decimal": ","'),
        ("amount", "1250,5", "decimal comma", '"decimal": ","'),
        ("amount", "1,250.50", "separated thousands", '"thousands": ","'),
        ("amount", "1 250.50", "separated thousands", '"thousands": " "'),
        ("value_date", "31/01/2026", "the day seems to come first", '"dates": "dd/mm/yyyy"'),
        ("value_date", "31-1-2026", "the day seems to come first", '"dates": "dd-mm-yyyy"'),
    ],
)
def test_a_cell_names_the_likely_cause(column: str, cell: str, reason: str, declared: str) -> None:
    row = {"payment_id": "P1", "loan_id": "L1", "value_date": "2026-01-31", "amount": "5"}
    row[column] = f'"{cell}"'
    (rejection,) = read("payments", f"{','.join(row)}\n{','.join(row.values())}\n")
    assert rejection.problem.field == column
    assert reason in rejection.problem.reason
    assert declared in rejection.problem.remedy


def test_a_windows_encoding_is_named_as_the_cause() -> None:
    content = BORROWERS.replace(";", ",").encode("windows-1252")
    for rejection in read("borrowers", content):
        assert rejection.problem.field == "name"
        assert "looks like Windows-1252" in rejection.problem.reason
        assert '"encoding": "windows-1252"' in rejection.problem.remedy


def test_utf_8_under_another_declaration_is_never_taken_letter_by_letter() -> None:
    declared = Dialect(delimiter=";", encoding="windows-1252")
    for content in (BORROWERS.encode(), b"\xef\xbb\xbf" + BORROWERS.encode()):
        found = read("borrowers", content, declared)
        assert found and all(isinstance(each, Rejection) for each in found)
        assert all("looks like UTF-8" in each.problem.reason for each in found)


def test_bytes_that_are_wrong_in_the_declared_encoding_are_refused() -> None:
    for encoding, content in (
        ("windows-1252", b"B1;A\x81na;es-ES;ES\n"),
        ("utf-16le", "B1;A\ud800na;es-ES;ES\n".encode("utf-16le", "surrogatepass")),
    ):
        dialect = Dialect(delimiter=";", encoding=encoding)
        header = "borrower_id;name;language;country\n".encode(encoding)
        (rejection,) = read("borrowers", header + content, dialect)
        assert rejection.problem.field == "name"
        assert rejection.problem.reason == f"is not {encoding} text"


def test_a_few_broken_bytes_in_a_utf_8_file_cost_their_rows_only(stage) -> None:
    lines = [f"B{n},Begoña {n},es-ES,ES".encode() for n in range(100)]
    lines[7] = lines[7].replace("ñ".encode(), b"\xf1")
    content = b"\n".join([b"borrower_id,name,language,country", *lines])
    portfolio = stage(borrowers=content)
    found = [each for each in portfolio.rejections() if each.file == "borrowers"]
    assert [each.row for each in found] == [8]
    assert portfolio.counts().borrowers == 99


@pytest.mark.parametrize(
    ("kind", "line", "column", "declared"),
    [
        ("borrowers", "B{n},Jos\xe9 {n},es-ES,ES", "name", '"encoding": "windows-1252"'),
        ("payments", 'P{n},L1,2026-01-31,"{n},50"', "amount", '"decimal": ","'),
        ("payments", "P{n},L1,31/01/2026,{n}.50", "value_date", '"dates": "dd/mm/yyyy"'),
    ],
)
def test_many_rows_with_one_cause_are_one_problem_of_the_file(
    stage, kind: Kind, line: str, column: str, declared: str
) -> None:
    header = FILES[kind].replace(";", ",").splitlines()[0]
    right = {"borrowers": "A{n},Ana,es-ES,ES", "payments": "Q{n},L1,2026-01-31,5.50"}[kind]
    # 30 of 500 rows show it; another one is wrong for a reason of its own.
    lines = [(line if n % 17 == 0 else right).format(n=n + 1) for n in range(500)]
    lines[1] = right.format(n=" ")
    content = "\n".join([header, *lines]).encode("latin-1")
    portfolio = stage(**{kind: content})

    found = [each for each in portfolio.rejections() if each.file == kind]
    assert len(found) == 1
    assert (found[0].row, found[0].problem.field) == (0, column)
    assert "in 30 of 500 rows, first in row 1)" in found[0].problem.reason
    assert declared in found[0].problem.remedy
    assert getattr(portfolio.counts(), kind) == 0


def test_a_refused_file_takes_what_needs_it_along_in_one_problem_each(stage) -> None:
    comma = {kind: text.replace(";", ",") for kind, text in FILES.items()}
    loans = comma["loans"].replace("1.250,50", "1250.50").replace("31/01/2026", "2026-01-31")
    loans = loans.replace("7,5", "7.5")
    dues = "loan_id,number,due_date,principal\nL1,1,2026-02-28,1000.00\nL1,2,2026-03-31,250.50\n"
    paid = "payment_id,loan_id,value_date,amount\nP1,L1,2026-03-01,5.00\n"
    windows = comma["borrowers"].encode("windows-1252")
    portfolio = stage(borrowers=windows, loans=loans, instalments=dues, payments=paid)

    assert [(each.file, each.row) for each in portfolio.rejections()] == [
        ("borrowers", 0),
        ("loans", 0),
        ("instalments", 0),
    ]
    assert portfolio.refused_files() == {"borrowers", "loans", "instalments"}
    others = [row.values.payment_id for row in portfolio.payments_for_other_loans()]
    assert others == ["P1"]  # its loan may be on record

    right = stage(borrowers=comma["borrowers"], loans=loans, instalments=dues, payments=paid)
    assert right.counts().rejections == 0 and right.counts().payments == 1


@pytest.mark.parametrize(
    ("values", "field", "remedy"),
    [
        ({"delimiter": "|"}, "dialect.delimiter", r'Write ",", ";" or "\t"'),
        ({"encoding": "ebcdic"}, "dialect.encoding", '"windows-1252"'),
        ({"decimal": "comma"}, "dialect.decimal", 'Write "." or ","'),
        ({"thousands": "_"}, "dialect.thousands", "leave it out"),
        ({"dates": "mm/dd/yyyy"}, "dialect.dates", "dd/mm/yyyy"),
        ({"separator": ";"}, "dialect.separator", "Declare delimiter"),
        ({"thousands": "."}, "dialect.thousands", "two different signs"),
        (";", "dialect", "delimiter"),
    ],
)
def test_an_unknown_declaration_is_refused_with_a_remedy(
    values: object, field: str, remedy: str
) -> None:
    with pytest.raises(InvalidDocumentError) as refused:
        read_dialect(values)
    (problem,) = refused.value.problems
    assert problem.field == field
    assert remedy in problem.remedy


@given(
    st.binary(max_size=300),
    st.sampled_from(["windows-1252", "utf-16", "utf-16le", "utf-16be", "iso-8859-15"]),
)
def test_any_bytes_in_any_encoding_give_rows_or_rejections(content: bytes, encoding: str) -> None:
    dialect = SPANISH.model_copy(update={"encoding": encoding})
    for start in (b"", PAYMENTS.encode(encoding), b"\xff\xfe", b"\xef\xbb\xbf", b"{"):
        for item in read("payments", start + content, dialect):
            assert isinstance(item, Row | Rejection)
