from __future__ import annotations

from datetime import date

from recovery.documents.portfolio.report import report_document
from recovery.domain.portfolio.report import ReportedLoan, portfolio_report

AS_OF = date(2026, 6, 30)


def reported(principal_minor: int, days_past_due: int, **changes: object) -> ReportedLoan:
    return ReportedLoan(
        **{
            "currency": "EUR",
            "creditor": "umoja",
            "principal_minor": principal_minor,
            "outstanding_minor": principal_minor + 1_000,
            "days_past_due": days_past_due,
            **changes,
        }
    )


def test_the_report_reads_as_amounts_and_percentages() -> None:
    loans = [
        reported(60_000, 0),
        reported(20_000, 45),
        reported(15_000, 61, forborne=True),
        reported(5_000, 0, forborne=True),
        reported(0, 0, written_off_on=AS_OF, loss_minor=7_050, recovered_minor=250),
        reported(0, 0, written_off_on=AS_OF, loss_minor=900, fraud=True),
    ]
    document = report_document(portfolio_report(loans, AS_OF, "umoja"))
    (euro,) = document.pop("currencies")
    assert document == {
        "as_of": "2026-06-30",
        "creditor": "umoja",
        "loans": 4,
        "written_off_loans": 1,
    }
    assert euro["par30"] == {
        "share": "35.0%",
        "loans": 2,
        "principal": "350.00",
        "with_all_forborne": "40.0%",
        "ordinary": {"share": "20.0%", "loans": 1, "principal": "200.00"},
        "forborne": {"share": "15.0%", "loans": 1, "principal": "150.00"},
        "paused": {"share": "0.0%", "loans": 0, "principal": "0.00"},
    }
    assert euro["par60"]["share"] == "15.0%"
    assert euro["forborne"] == {"share": "20.0%", "loans": 2, "principal": "200.00"}
    assert (euro["outstanding"], euro["outstanding_principal"]) == ("1040.00", "1000.00")
    assert (euro["written_off_loans"], euro["written_off"], euro["recovered"]) == (
        1,
        "70.50",
        "2.50",
    )
    assert euro["fraud"] == {"written_off_loans": 1, "written_off": "9.00", "recovered": "0.00"}
