"""A firm's file is read row by row; each problem names its row and column."""

from __future__ import annotations

import pytest

from recovery.documents.portfolio.placement_reports import read_reports, report_body
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.use_cases.portfolio.placement_package import REPORT_HEADER

HEAD = REPORT_HEADER
ROW = "R-1,L-1,p-1,promised,2026-02-03,50.00,118/2026\n"


def test_the_header_in_the_package_is_the_one_that_is_read() -> None:
    [row], problems = read_reports(HEAD + ROW)
    assert problems == []
    assert (row.number, row.loan_id, row.amount, row.reference) == (1, "L-1", "50.00", "118/2026")


def test_what_is_empty_may_be_left_out_and_semicolons_do() -> None:
    text = "\ufeffloan_id;report_id;placement_id;status;on\nL-1;R-1;p-1;filed;2026-02-03\n\n"
    [row], problems = read_reports(text)
    assert problems == []
    assert (row.amount, row.reference) == (None, "")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("R-1,L-1,p-1,filed,soon,,\n", "on"),
        ("R-1,,p-1,filed,2026-02-03,,\n", "loan_id"),
        (",L-1,p-1,filed,2026-02-03,,\n", "report_id"),
        ("R-1,L-1,p-1,filed,2026-02-03\n", "row"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_others_are_read(row, field) -> None:
    found, [problem] = read_reports(HEAD + ROW + row)
    assert [each.report_id for each in found] == ["R-1"]
    assert (problem.number, problem.problem.field) == (2, field)


@pytest.mark.parametrize("head", ["loan_id,status\n", "", HEAD.replace("amount", "sum"), "\x00"])
def test_a_header_that_does_not_fit_stops_the_file(head) -> None:
    found, problems = read_reports(head + ROW)
    assert found == []
    assert {each.number for each in problems} == {0}


def test_a_body_is_one_report() -> None:
    body = '{"report_id": "R-1", "placement_id": "p-1", "status": "filed", "on": "2026-02-03"}'
    assert report_body(body, "L-1").loan_id == "L-1"
    with pytest.raises(InvalidDocumentError) as refused:
        report_body('{"report_id": "R-1", "why": "x"}', "L-1")
    assert {"why", "on", "status", "placement_id"} <= {e.field for e in refused.value.problems}
