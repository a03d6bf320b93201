"""The list of who asked for a relief."""

from __future__ import annotations

from datetime import date

from recovery.documents.portfolio.relief_applications import read_applications
from recovery.domain.agreements.relief_cases import Application

TEXT = """loan_id;applied_on;applicant;proof;turnover;objected_by
L-1;2024-11-20;B-2;PADRON-1;6000000.00;B-3
L-2;2024-11-21;;;;
"""


def test_each_row_is_one_request() -> None:
    found, refused = read_applications(TEXT, "EUR")
    assert refused == []
    assert found == [
        Application(
            number=1,
            loan_id="L-1",
            applied_on=date(2024, 11, 20),
            applicant="B-2",
            proof="PADRON-1",
            turnover_minor=600_000_000,
            objected_by="B-3",
        ),
        Application(number=2, loan_id="L-2", applied_on=date(2024, 11, 21)),
    ]


def test_a_turnover_counts_only_where_the_relief_asks_for_it() -> None:
    assert read_applications(TEXT, None)[0][0].turnover_minor is None


def test_what_cannot_be_read_is_refused_with_its_row() -> None:
    rows = ("L-1,2024-11-20,", "L-1,2024-11-21,", "L-2,soon,", "L-3,2024-11-20,1.234")
    text = "\n".join(("loan_id,applied_on,turnover", *rows))
    found, refused = read_applications(text, "EUR")
    assert [each.loan_id for each in found] == ["L-1"]
    assert [(each.number, each.problem.field) for each in refused] == [
        *((3, "applied_on"), (2, "loan_id"), (4, "turnover")),
    ]
    assert read_applications("loan_id\nL-1\n", None)[1][0].problem.field == "header"
