"""Reading one file: every kind of bad input gives rejections, and nothing raises."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recovery.documents.intake.lines import MAX_RECORD_BYTES
from recovery.documents.intake.reading import Row, read_rows
from recovery.documents.intake.rows import Kind, Rejection, columns_of

BAD_INPUT = Path(__file__).parents[3] / "../shared/data/bad_input"
needs_bad_input = pytest.mark.skipif(
    not BAD_INPUT.is_dir(), reason=f"the collection of bad input is not at {BAD_INPUT}"
)
GOOD: dict[Kind, dict[str, str]] = {
    "borrowers": {
        "borrower_id": "B1",
        "name": "Rosa Quispe",
        "language": "es-PE",
        "country": "PE",
        "time_zone": "America/Lima",
        "email": "rosa@example.org",
        "phone": "+51900000001",
        "preferred_channel": "sms",
        "email_consent": "true",
        "sms_consent": "FALSE",
        "contact_confirmed_on": "2025-01-10",
        "address_safe": "false",
        "email_privacy": "private",
        "phone_privacy": "shared",
        "barred": "true",
    },
    "loans": {
        "loan_id": "L1",
        "borrower_id": "B1",
        "portfolio": "Cusco",
        "currency": "PEN",
        "principal": "1200.50",
        "disbursed_on": "2025-01-15",
        "annual_rate_pct": "38.5",
        "advisor_name": "Julio Torres",
        "advisor_phone": "+51900000009",
        "product": "Microcrédito",
        "branch": "Cusco 2",
        "place": "Pisac",
        "sector": "weaving",
        "employer": "Cooperativa",
        "purpose": "mixed",
        "law": "PE",
    },
    "instalments": {
        "loan_id": "L1",
        "number": "1",
        "due_date": "2025-02-15",
        "principal": "600.25",
        "interest": "20",
        "fee": "0",
        "penalty": "0.00",
    },
    "payments": {
        "payment_id": "P1",
        "loan_id": "L1",
        "value_date": "2025-02-16",
        "amount": "300",
        "currency": "PEN",
        "reference": "cash desk 4",
    },
    "parties": {
        "loan_id": "L1",
        "person_id": "B2",
        "role": "co_borrower",
        "liability": "share",
        "share_pct": "50",
        "limit": "600.25",
        "subsidiary": "",
        "from_on": "2025-01-15",
        "until": "2026-01-15",
    },
    "collateral": {
        "collateral_id": "C1",
        "loan_id": "L1",
        "kind": "vehicle",
        "description": "motorcycle",
        "value": "900.00",
        "currency": "PEN",
        "reference": "X-1234",
        "insurer": "Seguros Sur",
        "valid_until": "2026-01-15",
        "person_id": "B2",
        "covers": "",
    },
    "facts": {
        "fact_id": "F1",
        "loan_id": "L1",
        "kind": "charge",
        "reason": "letter of the lawyer",
        "on": "2025-02-16",
        "component": "fee",
        "amount": "12.50",
        "currency": "PEN",
        "instalment": "1",
        "payment_id": "P1",
        "reason_code": "AM04",
        "from": "2025-03-01",
        "to": "2025-04-01",
        "pause_id": "F2",
        "undoes": "F3",
    },
}
KINDS = tuple(GOOD)
YES_OR_NO = {"email_consent", "sms_consent", "address_safe", "barred", "subsidiary"}


def as_csv(*rows: dict[str, str], end: str = "\n") -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, rows[0], lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def as_json_lines(*rows: dict[str, object]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def read(kind: Kind, content: bytes) -> list[Row | Rejection]:
    return list(read_rows(kind, io.BytesIO(content)))


def rows_of(items: list[Row | Rejection]) -> list[int]:
    return [item.number for item in items if isinstance(item, Row)]


def rejections_of(items: list[Row | Rejection]) -> list[Rejection]:
    return [item for item in items if isinstance(item, Rejection)]


@pytest.mark.parametrize("kind", KINDS)
def test_accepts_a_good_row_from_csv_and_json_lines_alike(kind: Kind) -> None:
    from_csv = read(kind, as_csv(GOOD[kind]))
    from_json = read(kind, as_json_lines(GOOD[kind]))

    assert isinstance(from_csv[0], Row) and isinstance(from_json[0], Row)
    assert from_csv[0].values == from_json[0].values
    assert (from_csv[0].number, from_csv[0].line) == (1, 2)
    assert (from_json[0].number, from_json[0].line) == (1, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_accepts_a_row_without_its_optional_columns(kind: Kind) -> None:
    fields = columns_of(kind)
    required = {name: GOOD[kind][name] for name, field in fields.items() if field.is_required()}
    blank = {name: GOOD[kind][name] if name in required else "" for name in fields}

    short, empty = read(kind, as_csv(required)), read(kind, as_csv(blank))

    assert isinstance(short[0], Row) and isinstance(empty[0], Row)
    assert short[0].values == empty[0].values


def test_an_empty_cell_says_more_than_a_missing_column() -> None:
    required = {name: GOOD["borrowers"][name] for name in ("borrower_id", "name", "language")}
    required["country"] = "PE"
    for write in (as_csv, as_json_lines):
        (without,) = read("borrowers", write(required))
        (empty,) = read("borrowers", write(required | {"phone": "", "sms_consent": ""}))
        assert "phone" not in without.values.model_fields_set
        assert "phone" in empty.values.model_fields_set and empty.values.phone is None
        assert without.values.sms_consent is None  # nobody consents by silence
        assert "sms_consent" in empty.values.model_fields_set and empty.values.sms_consent is None


def test_reads_values_with_their_types() -> None:
    (borrower,) = read("borrowers", as_csv(GOOD["borrowers"] | {"language": "ES-pe"}))
    (loan,) = read("loans", as_csv(GOOD["loans"]))

    assert borrower.values.language == "es-PE"
    assert (borrower.values.email_consent, borrower.values.sms_consent) == (True, False)
    assert loan.values.principal == "1200.50"  # as written: only the join converts
    assert loan.values.annual_rate_pct == Decimal("38.5")
    assert loan.values.disbursed_on == date(2025, 1, 15)


def test_keeps_the_digits_of_json_numbers() -> None:
    row = as_json_lines(GOOD["payments"]).replace(b'"300"', b"0.1000000")
    (payment,) = read("payments", row.replace(b"0.1000000", b"12345678901.10"))

    assert payment.values.amount == "12345678901.10"


def test_whole_json_numbers_are_read_as_their_digits() -> None:
    row = as_json_lines(GOOD["payments"]).replace(b'"300"', b"300")
    (payment,) = read("payments", row)
    assert payment.values.amount == "300"


@pytest.mark.parametrize(
    ("kind", "column", "cell", "remedy"),
    [
        ("payments", "amount", "-5", "such as 1250.50"),
        ("payments", "value_date", "31/03/2026", "such as 2026-03-31"),
        ("borrowers", "phone", "900000123", "such as +51900000123"),
        ("borrowers", "language", "Spanish", "such as es-PE"),
        ("borrowers", "country", "Peru", "such as PE"),
        ("borrowers", "email", "rosa", "such as name@example.org"),
        ("loans", "currency", "eur", "such as PEN"),
        ("instalments", "number", "0", "Count 1, 2, 3"),
    ],
)
def test_the_remedy_shows_what_to_write(kind, column, cell, remedy) -> None:
    (rejection,) = read(kind, as_csv({**GOOD[kind], column: cell}))
    assert remedy in rejection.problem.remedy


BAD_CELLS = [
    ("borrowers", "borrower_id", "", "is missing"),
    ("borrowers", "borrower_id", "B 1", "not an id"),
    ("borrowers", "borrower_id", "B" * 65, "not an id"),
    ("borrowers", "borrower_id", "é1", "not an id"),
    ("borrowers", "name", "N" * 121, "longer than 120"),
    ("borrowers", "name", "Rosa\nQuispe", "control character"),
    ("borrowers", "name", "Rosa\x1b[31m", "control character"),
    ("borrowers", "name", "Rosa\u202egnp", "control character"),
    ("borrowers", "language", "es_PE", "language tag"),
    ("borrowers", "language", "Spanish", "language tag"),
    ("borrowers", "language", "xx-YY", "language tag"),
    ("borrowers", "country", "Peru", "country code"),
    ("borrowers", "country", "pe", "country code"),
    ("borrowers", "country", "EU", "country code"),
    ("borrowers", "time_zone", "Lima", "time zone"),
    ("borrowers", "time_zone", "../../etc/passwd", "time zone"),
    ("borrowers", "email", "rosa", "e-mail address"),
    ("borrowers", "email", "rosa@example", "e-mail address"),
    ("borrowers", "email", "rosa@example.org, b@example.org", "e-mail address"),
    ("borrowers", "email", "rosa@example.org\nBcc: x@example.org", "e-mail address"),
    ("borrowers", "email", "a..b@example.org", "e-mail address"),
    ("borrowers", "email", f"{'a' * 65}@example.org", "e-mail address"),
    ("borrowers", "email", f"rosa@{'a.' * 130}org", "e-mail address"),
    ("borrowers", "phone", "900000001", "phone number"),
    ("borrowers", "phone", "+51 900 000 001", "phone number"),
    ("borrowers", "phone", "+519", "phone number"),
    ("borrowers", "phone", "+99912345678", "phone number"),
    ("borrowers", "preferred_channel", "fax", "channel"),
    ("borrowers", "email_consent", "yes", "neither true nor false"),
    ("borrowers", "address_safe", "perhaps", "neither true nor false"),
    ("borrowers", "email_privacy", "perhaps", "not who sees what is sent there"),
    ("borrowers", "phone_privacy", "safe", "not who sees what is sent there"),
    ("borrowers", "contact_confirmed_on", "yesterday", "not a date"),
    ("loans", "purpose", "leisure", "not a purpose"),
    ("loans", "law", "Peru", "country code"),
    ("loans", "place", "P" * 121, "longer than 120"),
    ("parties", "role", "cousin", "not a role"),
    ("parties", "liability", "half", "not a liability"),
    ("parties", "share_pct", "100.5", "at most 100"),
    ("parties", "share_pct", "0", "above 0"),
    ("collateral", "kind", "promise", "not a kind of collateral"),
    ("collateral", "covers", "theft", "not what an insurance covers"),
    ("facts", "kind", "gift", "not a kind of fact"),
    ("facts", "kind", "write_off", "two people"),
    ("facts", "kind", "reage", "new schedule"),
    ("facts", "component", "luck", "not a component"),
    ("facts", "reason", "", "is missing"),
    ("facts", "reason", "r" * 141, "longer than 140"),
    ("facts", "reason_code", "am-04", "not a reason code"),
    ("facts", "from", "tomorrow", "not a date"),
    ("loans", "currency", "SOL", "currency code"),
    ("loans", "currency", "XXX", "currency code"),
    ("loans", "principal", "0.00", "is zero"),
    ("loans", "principal", "-5", "not an amount"),
    ("loans", "principal", "1,200.50", "not an amount"),
    ("loans", "principal", "1e3", "not an amount"),
    ("loans", "principal", "NaN", "not an amount"),
    ("loans", "principal", "١٢", "not an amount"),
    ("loans", "disbursed_on", "15/01/2025", "not a date"),
    ("loans", "disbursed_on", "2025-02-30", "not a date"),
    ("loans", "disbursed_on", "20250115", "not a date"),
    ("loans", "disbursed_on", "0025-01-15", "not a date"),
    ("loans", "annual_rate_pct", "38%", "annual rate"),
    ("loans", "advisor_phone", "0900", "phone number"),
    ("instalments", "number", "0", "instalment number"),
    ("instalments", "number", "1.0", "instalment number"),
    ("instalments", "due_date", "soon", "not a date"),
    ("instalments", "interest", "1.1234567", "not an amount"),
    ("payments", "amount", "0", "is zero"),
    ("payments", "value_date", "", "is missing"),
    ("payments", "reference", "line\ttab", "control character"),
]


@pytest.mark.parametrize(("kind", "column", "cell", "reason"), BAD_CELLS)
def test_rejects_a_bad_cell_by_name(kind: Kind, column: str, cell: str, reason: str) -> None:
    good = GOOD[kind]
    for content in (
        as_csv(good, good | {column: cell}),
        as_json_lines(good, {**good, column: cell}),
    ):
        row, rejection = read(kind, content)

        assert isinstance(row, Row) and isinstance(rejection, Rejection)
        assert (rejection.file, rejection.row, rejection.problem.field) == (kind, 2, column)
        assert reason in rejection.problem.reason
        assert rejection.problem.remedy
        if len(cell) > 3:
            assert cell not in rejection.problem.reason


def test_reports_every_problem_of_a_row() -> None:
    bad = GOOD["payments"] | {"amount": "x", "currency": "y", "value_date": "z"}

    problems = rejections_of(read("payments", as_csv(bad)))

    assert {each.problem.field for each in problems} == {"amount", "currency", "value_date"}
    assert {problem.loan_id for problem in problems} == {"L1"}


PAYMENT_HEADER = "payment_id,loan_id,value_date,amount"
BAD_FILES = [
    (b"", "", "is empty"),
    (b"\n \n", "", "is empty"),
    (b"payment_id,value_date\nP1,2025-01-01\n", "", "no column loan_id, amount"),
    (f"{PAYMENT_HEADER},colour\n".encode(), "colour", "not a known column"),
    (f"{PAYMENT_HEADER},Rosa Quispe\n".encode(), "column 5", "not a known column"),
    (f"{PAYMENT_HEADER},amount\n".encode(), "amount", "appears twice"),
    (f"{PAYMENT_HEADER},\n".encode(), "column 5", "not a known column"),
    (PAYMENT_HEADER.encode("utf-16"), "", "not UTF-8"),
    (PAYMENT_HEADER.replace(",", ";").encode(), "", "no column"),
    (b'"' + PAYMENT_HEADER.encode() + b"\nP1,L1,2025-01-01,5\n", "", "not a CSV row"),
    (PAYMENT_HEADER.encode() + b"," * MAX_RECORD_BYTES, "", "longer than 64 KB"),
]


@pytest.mark.parametrize(("content", "column", "reason"), BAD_FILES)
def test_rejects_a_file_as_a_whole(content: bytes, column: str, reason: str) -> None:
    (rejection,) = read("payments", content)

    assert isinstance(rejection, Rejection)
    assert (rejection.row, rejection.problem.field) == (0, column)
    assert reason in rejection.problem.reason and rejection.problem.remedy


BAD_LINES = [
    (b"P2,L1,2025-01-02", "", "has 3 columns, but the header has 4"),
    (b"P2,L1,2025-01-02,5,6", "", "has 5 columns"),
    (b'P2,"L1"x,2025-01-02,5', "", "not a CSV row"),
    (b'P2,"L1,2025-01-02,5', "", "not a CSV row"),
    (b"P2,L1,2025-01-02,\xff5", "amount", "not UTF-8"),
    (b"P2,L\x001,2025-01-02,5", "loan_id", "NUL byte"),
    (b"P2,L1,2025-01-02," + b"5" * MAX_RECORD_BYTES, "", "longer than 64 KB"),
    (b"P2,L1,2025-01-02,5\rP4,L1,2025-01-02,5", "", "line ends"),
]


@pytest.mark.parametrize(("line", "column", "reason"), BAD_LINES)
def test_a_broken_line_costs_no_other_row(line: bytes, column: str, reason: str) -> None:
    before, after = b"P1,L1,2025-01-01,5\r\n", b"P3,L1,2025-01-03,5\r\nP4,L1,2025-01-04,5"
    content = PAYMENT_HEADER.encode() + b"\r\n" + before + line + b"\r\n" + after

    items = read("payments", content)
    (rejection,) = rejections_of(items)

    assert rows_of(items) == [1, 3, 4]
    assert (rejection.row, rejection.line, rejection.problem.field) == (2, 3, column)
    assert reason in rejection.problem.reason and rejection.problem.remedy


BAD_JSON = [
    (b'{"payment_id": "P2"', "", "not JSON"),
    (b"[1, 2]", "", "not a JSON object"),
    (b"12", "", "not a JSON object"),
    (b'{"amount": NaN}', "", "not JSON"),
    (b'{"amount": "1", "amount": "2"}', "", "duplicate field"),
    (b"[" * 50_000, "", "not JSON"),
    (b'{"amount": "\xff"}', "", "not UTF-8"),
    (b'{"amount": "' + b"1" * MAX_RECORD_BYTES + b'"}', "", "longer than 64 KB"),
]


@pytest.mark.parametrize(("line", "column", "reason"), BAD_JSON)
def test_a_broken_json_line_costs_no_other_row(line: bytes, column: str, reason: str) -> None:
    good = as_json_lines(GOOD["payments"])

    items = read("payments", b"\n".join((good, b"", line, good)))
    (rejection,) = rejections_of(items)

    assert rows_of(items) == [1, 3]
    assert (rejection.row, rejection.line, rejection.problem.field) == (2, 3, column)
    assert reason in rejection.problem.reason and rejection.problem.remedy


@pytest.mark.parametrize("value", [True, {"a": 1}, ["x"], [], {}])
def test_rejects_json_values_that_are_not_plain(value: object) -> None:
    for kind, good in GOOD.items():
        for column in good.keys() - YES_OR_NO:
            (rejection,) = read(kind, as_json_lines({**good, column: value}))
            assert isinstance(rejection, Rejection) and rejection.problem.field == column


def test_names_unknown_json_fields_only_when_they_look_like_columns() -> None:
    row = {**GOOD["payments"], "colour": "red", "Rosa Quispe": "x"}

    problems = rejections_of(read("payments", as_json_lines(row)))

    assert {each.problem.field for each in problems} == {"colour", "column 8"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_accepts_a_byte_order_mark_and_either_line_ending(end: str) -> None:
    content = b"\xef\xbb\xbf" + as_csv(GOOD["payments"], GOOD["payments"], end=end)

    assert rows_of(read("payments", content)) == [1, 2]
    assert rows_of(read("payments", b"\xef\xbb\xbf" + as_json_lines(GOOD["payments"]))) == [1]


def test_a_quoted_line_break_keeps_row_and_line_numbers_right() -> None:
    good = GOOD["payments"]
    content = as_csv(good, good | {"reference": "two\nlines"}, good, good | {"amount": "x"})

    items = read("payments", content)

    assert rows_of(items) == [1, 3]
    assert [(item.row, item.line) for item in rejections_of(items)] == [(2, 3), (4, 6)]


def test_an_open_quotation_mark_does_not_swallow_the_file() -> None:
    lines = [f"P{number},L1,2025-01-01,5" for number in range(20_000)]
    lines[10] = 'P10,"L1,2025-01-01,5'

    items = read("payments", "\n".join([PAYMENT_HEADER, *lines]).encode())

    taken = [item.values.payment_id for item in items if isinstance(item, Row)]
    assert taken == [f"P{number}" for number in range(20_000) if number != 10]
    assert [item.row for item in rejections_of(items)] == [11]


@given(st.binary(max_size=400), st.sampled_from(KINDS))
@example(b'{"a":' * 20_000, "loans")
@example(b'"\n' * 2_000 + b'"', "loans")
def test_any_bytes_give_rows_or_rejections(content: bytes, kind: Kind) -> None:
    header = ",".join(GOOD[kind]).encode() + b"\n"
    for prefix in (b"", header, b"{}\n", header + b'"'):
        items = read(kind, prefix + content)
        assert all(isinstance(item, Row | Rejection) for item in items)
        assert items or prefix == header


@given(st.text(max_size=130))
def test_any_text_as_a_name_is_kept_or_rejected_unseen(name: str) -> None:
    for item in read("borrowers", as_json_lines({**GOOD["borrowers"], "name": name})):
        if isinstance(item, Row):
            assert item.values.name == name.strip()
            item.values.name.encode()
        else:
            assert item.problem.field == "name"
            assert len(name) < 25 or name not in item.problem.reason


@needs_bad_input
def test_survives_the_csv_spectrum() -> None:
    files = sorted((BAD_INPUT / "csv-spectrum/csvs").glob("*.csv"))
    assert files
    for path in files:
        content = path.read_bytes()
        (rejection,) = read("borrowers", content)
        assert isinstance(rejection, Rejection) and rejection.row == 0
        body = content.partition(b"\n")[2]
        items = read("borrowers", b"borrower_id,name,language,country\n" + body)
        assert items == [] or not rows_of(items)


@needs_bad_input
def test_survives_the_json_test_suite() -> None:
    files = sorted((BAD_INPUT / "json-test-suite").glob("*.json"))
    assert len(files) > 300
    good = as_json_lines(GOOD["loans"])
    for path in files:
        items = read("loans", b"\n".join((good, path.read_bytes(), good)))
        taken = [item for item in items if isinstance(item, Row)]
        assert len(taken) == 2, path.name  # only the good ones
        is_one_line = len(path.read_bytes().strip().splitlines()) == 1
        if path.name.startswith("n_") and is_one_line:
            assert rejections_of(items), path.name


@needs_bad_input
def test_refuses_harmful_odd_addresses() -> None:
    tests = ElementTree.parse(BAD_INPUT / "email/tests.xml").getroot().iter("test")
    taken: dict[str, str] = {}
    for test in tests:
        text = test.findtext("address") or ""
        address = "".join(chr(ord(c) - 0x2400) if 0x2400 <= ord(c) < 0x2421 else c for c in text)
        (item,) = read("borrowers", as_json_lines({**GOOD["borrowers"], "email": address}))
        if isinstance(item, Row) and item.values.email is not None:
            taken[item.values.email] = test.findtext("category") or ""

    assert "test@iana.org" in taken
    assert "ISEMAIL_ERR" not in taken.values()
    assert all(address.isascii() and address.isprintable() for address in taken)
    assert all(not set(address) & set(' "(),:;<>[]\\') for address in taken)
