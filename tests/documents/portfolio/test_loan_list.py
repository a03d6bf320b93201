from __future__ import annotations

import pytest

from recovery.documents.portfolio.loan_list import NamedLoan, read_loan_list

EXCEPTED = NamedLoan(2, "L-2", "Ana Torres", "the buyer knows, and agreed")


@pytest.mark.parametrize(
    "text",
    [
        "loan_id,exception_by,exception_why\n"
        'L-1,,\n\nL-2,Ana Torres,"the buyer knows, and agreed"\n',
        "\ufeffloan_id;exception_by;exception_why\r\n"
        "L-1;;\r\nL-2;Ana Torres;the buyer knows, and agreed\r\n",
    ],
)
def test_a_list_with_an_exception_in_two_dialects(text) -> None:
    assert read_loan_list(text) == ([NamedLoan(1, "L-1"), EXCEPTED], [])


def test_a_list_of_ids_alone() -> None:
    assert read_loan_list("loan_id\nL-1") == ([NamedLoan(1, "L-1")], [])


@pytest.mark.parametrize("text", ["", "L-1\nL-2", "loan_id,name\nL-1,Grace", "loan_id,loan_id"])
def test_a_list_without_its_header_is_refused_as_a_whole(text) -> None:
    loans, refused = read_loan_list(text)
    assert loans == []
    assert [(each.number, each.problem.field) for each in refused] == [(0, "header")]


def test_a_file_that_is_not_csv_is_refused_as_a_whole() -> None:
    loans, refused = read_loan_list('loan_id\n"' + "x" * 200_000)
    assert loans == []
    assert [each.problem.field for each in refused] == ["file"]


def test_each_row_that_cannot_be_read_is_refused_with_its_number() -> None:
    loans, refused = read_loan_list("loan_id,exception_by\nL-1,\n,Ana\nL 2,\nL-3\n")
    assert loans == [NamedLoan(1, "L-1")]
    assert [(each.number, each.loan_id, each.problem.field) for each in refused] == [
        (2, "", "loan_id"),
        (3, "", "loan_id"),
        (4, "L-3", "row"),
    ]
