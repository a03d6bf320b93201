"""A delivery as a unit: what belongs together is accepted together, the rest is reported."""

from __future__ import annotations

import csv
import io
import random
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.intake.files import StagedPortfolio, stage_portfolio, write_rejections
from recovery.documents.intake.join import MOST_INSTALMENTS
from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import Kind, Rejection, Values
from recovery.domain.shared.errors import Problem

HEADERS: dict[Kind, str] = {
    "borrowers": "borrower_id,name,language,country",
    "loans": "loan_id,borrower_id,portfolio,currency,principal,disbursed_on,advisor_name",
    "instalments": "loan_id,number,due_date,principal,interest",
    "payments": "payment_id,loan_id,value_date,amount,currency",
}
SOUND: dict[Kind, list[str]] = {
    "borrowers": ["B1,Rosa Quispe,es-PE,PE", "B2,Moses Opio,en-UG,UG"],
    "loans": [
        "L1,B1,Cusco,PEN,100.50,2025-01-10,Julio Torres",
        "L2,B2,Gulu,UGX,9000,2025-01-10,Sarah Akello",
    ],
    "instalments": [
        "L1,1,2025-02-10,50.25,3.10",
        "L1,2,2025-03-10,50.25,1.55",
        "L2,1,2025-02-10,4500,100",
        "L2,2,2025-03-10,4500,",
    ],
    "payments": [
        "P2,L1,2025-03-11,51.80,PEN",
        "P1,L1,2025-02-10,53.35,",
        "P3,L2,2025-01-02,4600,UGX",  # before disbursement, as happens in real files
    ],
}
Changes = dict[Kind, list[str]]


def content_of(rows: Changes) -> dict[Kind, io.BytesIO]:
    return {
        kind: io.BytesIO("\n".join([HEADERS[kind], *lines]).encode())
        for kind, lines in rows.items()
    }


def changed(kind: Kind, row: int, line: str | None) -> Changes:
    """Return the valid delivery with one row (from 1) replaced, appended or removed."""
    lines = list(SOUND[kind])
    lines[row - 1 : row] = [] if line is None else [line]
    return {**SOUND, kind: lines}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[object]:
    staged: list[StagedPortfolio] = []

    def stage_rows(rows: Changes) -> StagedPortfolio:
        staged.append(stage_portfolio(content_of(rows), workspace=tmp_path))
        return staged[-1]

    yield stage_rows
    for portfolio in staged:
        portfolio.close()
    assert list(tmp_path.iterdir()) == []  # no personal data is left behind


def loan_ids(portfolio: StagedPortfolio) -> list[str]:
    return [loan.loan.loan_id for loan in portfolio.loans()]


def values_of(rows: Iterable[Row[Values]]) -> list[Values]:
    return [row.values for row in rows]


def problems(portfolio: StagedPortfolio) -> list[tuple[str, int, str]]:
    return [(item.file, item.row, item.problem.field) for item in portfolio.rejections()]


def test_joins_each_loan_with_its_schedule_and_payments_in_minor_units(stage) -> None:
    portfolio = stage(SOUND)
    first, second = portfolio.loans()

    assert first.borrower.name == "Rosa Quispe"
    assert first.principal_minor == 10_050
    assert [(due.number, due.principal_minor, due.interest_minor) for due in first.instalments] == [
        (1, 5025, 310),
        (2, 5025, 155),
    ]
    assert [(paid.payment_id, paid.amount_minor) for paid in first.payments] == [
        ("P1", 5335),
        ("P2", 5180),
    ]
    assert second.principal_minor == 9000  # UGX has no minor unit
    assert second.payments[0].value_date == date(2025, 1, 2)
    counts = portfolio.counts()
    assert (counts.borrowers, counts.loans, counts.instalments, counts.payments) == (2, 2, 4, 3)
    assert (counts.payments_for_other_loans, counts.rejections) == (0, 0)
    with pytest.raises(FrozenInstanceError):
        first.principal_minor = 1


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_and_files_does_not_matter(tmp_path_factory, rng: random.Random) -> None:
    workspace = tmp_path_factory.mktemp("order")
    kinds = list(SOUND)
    rng.shuffle(kinds)
    shuffled = {kind: rng.sample(SOUND[kind], len(SOUND[kind])) for kind in kinds}

    with (
        stage_portfolio(content_of(SOUND), workspace=workspace) as sound,
        stage_portfolio(content_of(shuffled), workspace=workspace) as mixed,
    ):
        assert list(mixed.loans()) == list(sound.loans())
        assert [row.values for row in mixed.borrowers()] == [
            row.values for row in sound.borrowers()
        ]
        assert mixed.counts() == sound.counts()


BROKEN_SCHEDULES = [
    (changed("instalments", 2, None), "loans", 1, "principal", "adds up to 50.25"),
    (changed("instalments", 2, "L1,3,2025-03-10,50.25,0"), "instalments", 2, "number", "is 3"),
    (changed("instalments", 1, "L1,1,2025-01-09,50.25,0"), "instalments", 1, "due_date", "before"),
    (changed("instalments", 2, "L1,2,2025-02-10,50.25,0"), "instalments", 2, "due_date", "after"),
    (changed("instalments", 1, "L1,1,2025-02-10,0,0.00"), "instalments", 1, "principal", "zero"),
    (changed("instalments", 1, "L1,1,2025-02-10,50.255,0"), "instalments", 1, "principal", "digit"),
    (changed("instalments", 1, "L1,1,2025-02-10,50.25,x"), "instalments", 1, "interest", "amount"),
    (changed("instalments", 2, "L1,2,2025-03-10,50.25"), "instalments", 2, "", "has 4 columns"),
    (changed("instalments", 5, "L1,1,2025-02-10,50.25,9"), "instalments", 5, "number", "row 1"),
    (
        changed("loans", 1, SOUND["loans"][0].replace("100.50", "100.49")),
        "loans",
        1,
        "principal",
        "is",
    ),
    (changed("loans", 1, SOUND["loans"][0].replace("B1", "B9")), "loans", 1, "borrower_id", "not"),
    (
        changed("loans", 1, SOUND["loans"][0].replace("PEN", "P")),
        "loans",
        1,
        "currency",
        "currency",
    ),
]


@pytest.mark.parametrize(("rows", "file", "row", "column", "reason"), BROKEN_SCHEDULES)
def test_a_loan_with_any_error_is_rejected_whole(
    stage, rows: Changes, file: str, row: int, column: str, reason: str
) -> None:
    portfolio = stage(rows)
    rejections = list(portfolio.rejections())
    places = problems(portfolio)

    assert loan_ids(portfolio) == ["L2"]
    assert [
        item
        for item in rejections
        if (item.file, item.row, item.problem.field) == (file, row, column)
    ]
    assert any(reason in item.problem.reason for item in rejections if item.file == file)
    assert all(item.problem.remedy and item.loan_id == "L1" for item in rejections)
    assert any(place[:2] == ("loans", 1) for place in places)
    named = {place[:2] for place in places}
    lines_of_l1 = {
        (kind, number)
        for kind in ("instalments", "payments")
        for number, line in enumerate(rows[kind], start=1)
        if "L1" in line.split(",")[:2]
    }
    assert lines_of_l1 <= named  # no row of the loan is dropped silently
    paid = [item for item in rejections if item.file == "payments"]
    assert {item.problem.reason for item in paid} == {"belongs to a rejected loan"}
    assert list(portfolio.payments_for_other_loans()) == []


def test_an_amount_with_cents_is_refused_where_the_currency_has_none(stage) -> None:
    portfolio = stage(changed("instalments", 3, "L2,1,2025-02-10,4500.50,0"))

    assert loan_ids(portfolio) == ["L1"]
    assert ("instalments", 3, "principal") in problems(portfolio)


def test_a_loan_without_instalments_is_refused(stage) -> None:
    portfolio = stage({**SOUND, "instalments": SOUND["instalments"][2:]})

    assert loan_ids(portfolio) == ["L2"]
    assert ("loans", 1, "loan_id") in problems(portfolio)


def test_three_digits_after_a_point_are_not_taken_for_thousands(stage) -> None:
    portfolio = stage(changed("payments", 4, "P9,L1,2025-03-11,1.250,PEN"))
    assert problems(portfolio) == [("payments", 4, "amount")]


def test_a_loan_with_more_instalments_than_an_item_holds_is_refused(stage) -> None:
    due = (date(2025, 2, 1) + timedelta(days=n) for n in range(MOST_INSTALMENTS + 1))
    lines = [f"L1,{number},{day},1,0" for number, day in enumerate(due, start=1)]
    loan = f"L1,B1,Cusco,PEN,{len(lines)},2025-01-10,Julio Torres"
    portfolio = stage({**changed("loans", 1, loan), "instalments": lines})
    assert loan_ids(portfolio) == []
    first = next(iter(portfolio.rejections()))
    assert (first.file, first.problem.field) == ("loans", "loan_id")
    assert f"more than {MOST_INSTALMENTS}" in first.problem.reason


def test_instalments_of_a_missing_loan_are_reported(stage) -> None:
    portfolio = stage(changed("instalments", 5, "L9,1,2025-02-10,5,0"))

    assert problems(portfolio) == [("instalments", 5, "loan_id")]
    assert loan_ids(portfolio) == ["L1", "L2"]
    assert portfolio.counts().instalments == 4


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("P9,L1,2025-03-11,5,USD", "currency", "is USD, but the loan is in PEN"),
        ("P9,L1,2025-03-11,5.005,PEN", "amount", "more than 2 digits"),
        ("P9,L1,2025-03-11,0,PEN", "amount", "is zero"),
        ("P1,L1,2025-03-11,5,PEN", "payment_id", "differs from row 2"),
        ("P1,L2,2025-02-10,53.35,", "payment_id", "differs from row 2"),
    ],
)
def test_a_wrong_payment_is_rejected_alone(stage, line: str, column: str, reason: str) -> None:
    portfolio = stage(changed("payments", 4, line))
    (rejection,) = portfolio.rejections()

    assert (rejection.file, rejection.row, rejection.problem.field) == ("payments", 4, column)
    assert reason in rejection.problem.reason and rejection.problem.remedy
    assert loan_ids(portfolio) == ["L1", "L2"]
    assert portfolio.counts().payments == 3


@pytest.mark.parametrize("kind", list(SOUND))
def test_identical_repeats_are_accepted_once(stage, kind: Kind) -> None:
    portfolio, once = stage({**SOUND, kind: SOUND[kind] * 2}), stage(SOUND)

    assert list(portfolio.loans()) == list(once.loans())
    assert portfolio.counts() == once.counts()


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("borrowers", "B1,Another Name,es-PE,PE"),
        ("loans", "L1,B2,Cusco,PEN,100.50,2025-01-10,Julio Torres"),
    ],
)
def test_the_later_of_two_conflicting_rows_is_refused(stage, kind: Kind, line: str) -> None:
    portfolio, sound = stage({**SOUND, kind: [*SOUND[kind], line]}), stage(SOUND)

    assert problems(portfolio) == [(kind, 3, f"{kind[:-1]}_id")]
    assert list(portfolio.loans()) == list(sound.loans())


def test_payments_alone_are_kept_for_loans_of_earlier_deliveries(stage) -> None:
    portfolio = stage({"payments": SOUND["payments"]})

    assert [row.values.payment_id for row in portfolio.payments_for_other_loans()] == [
        "P1",
        "P2",
        "P3",
    ]
    assert portfolio.counts().payments_for_other_loans == 3
    assert portfolio.counts().payments == 0
    assert problems(portfolio) == []


def test_borrowers_alone_are_a_delivery(stage) -> None:
    portfolio = stage({"borrowers": SOUND["borrowers"]})

    assert [each.borrower_id for each in values_of(portfolio.borrowers())] == ["B1", "B2"]
    assert loan_ids(portfolio) == [] and problems(portfolio) == []


@pytest.mark.parametrize("files", [{}, {"debtors": io.BytesIO()}])
def test_refuses_no_file_and_unknown_files(tmp_path: Path, files) -> None:
    with pytest.raises(
        ValueError, match="borrowers, loans, instalments, payments, parties, collateral"
    ):
        stage_portfolio(files, workspace=tmp_path)


def test_leaves_nothing_on_disk_when_a_stream_fails(tmp_path: Path) -> None:
    class Torn(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            raise OSError("torn")

    with pytest.raises(OSError, match="torn"):
        stage_portfolio({"loans": Torn()}, workspace=tmp_path)
    assert list(tmp_path.iterdir()) == []


@given(st.fixed_dictionaries({}, optional={kind: st.binary(max_size=200) for kind in SOUND}))
def test_any_bytes_as_files_give_rejections(tmp_path_factory, files: dict[Kind, bytes]) -> None:
    workspace = tmp_path_factory.mktemp("bytes")
    for with_header in (False, True):
        streams = {
            kind: io.BytesIO(with_header * f"{HEADERS[kind]}\n".encode() + content)
            for kind, content in files.items()
        }
        if not streams:
            continue
        with stage_portfolio(streams, workspace=workspace) as portfolio:
            assert portfolio.counts().rejections == len(list(portfolio.rejections()))
            assert loan_ids(portfolio) == []


def test_rejections_reveal_no_personal_data(stage) -> None:
    portfolio = stage(
        {"borrowers": ["B1,Rosa \x07Quispe,es-PE,PE", "Rosa Quispe,B1,es-PE,PE", "Rosa Quispe"]}
    )
    stream = io.StringIO()
    write_rejections(portfolio.rejections(), stream)

    assert len(stream.getvalue().splitlines()) >= 4
    assert "Rosa" not in stream.getvalue() and "Quispe" not in stream.getvalue()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_rejections_can_run_as_a_formula(start: str) -> None:
    cell = f'{start}HYPERLINK("http://example.org", "a,b")'
    stream = io.StringIO(newline="")

    write_rejections([Rejection("loans", 7, Problem(cell, cell, cell))], stream)

    stream.seek(0)
    header, row = csv.reader(stream)
    assert header == ["file", "row", "column", "reason", "remedy"]
    assert row == ["loans", "7", f"'{cell}", f"'{cell}", f"'{cell}"]


class _ManyInstalments(io.RawIOBase):
    """An instalments file of any length, generated as it is read: ten instalments a loan."""

    def __init__(self, count: int) -> None:
        self._lines = (
            f"L{n // 10},{n % 10 + 1},2025-{n % 10 + 1:02}-10,10.00,1.00\n".encode()
            for n in range(count)
        )
        self._header = f"{HEADERS['instalments']}\n".encode()

    def readline(self, size: int | None = -1, /) -> bytes:
        header, self._header = self._header, b""
        return header or next(self._lines, b"")


@pytest.mark.slow
def test_a_hundred_thousand_instalments_take_little_memory(tmp_path: Path) -> None:
    loans = [f"L{n},B1,Cusco,PEN,100.00,2025-01-01,Julio Torres" for n in range(10_000)]
    files = content_of({"borrowers": SOUND["borrowers"], "loans": loans})
    tracemalloc.start()
    try:
        with stage_portfolio(
            {**files, "instalments": _ManyInstalments(100_000)}, workspace=tmp_path
        ) as portfolio:
            assert sum(len(loan.instalments) for loan in islice(portfolio.loans(), 100)) == 1000
            counts = portfolio.counts()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (counts.loans, counts.instalments) == (10_000, 100_000)
    assert counts.rejections == 0
    assert peak < 4 * 1024 * 1024  # far below what 100,000 rows would need at once
