"""Read a portfolio's past from the files that ``recovery import`` takes."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from infra.deployment.delivery import read_folder
from infra.deployment.target import TargetError
from recovery.documents.intake.files import StagedLoan, stage_portfolio
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.portfolio.back_test import LoanHistory


@dataclass(frozen=True, slots=True)
class Past:
    """The loans, the last day of which the files know, and how many rows were refused."""

    loans: tuple[LoanHistory, ...]
    until: date
    refused: int


def read_past(folder: Path) -> Past:
    """Read the folder; nothing is stored. Raises TargetError if it cannot be used."""
    delivery = read_folder(folder)
    with ExitStack() as stack:
        streams = {
            kind: stack.enter_context(path.open("rb")) for kind, path in delivery.files.items()
        }
        workspace = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        staged = stack.enter_context(
            stage_portfolio(streams, workspace=workspace, dialect=delivery.manifest.dialect)
        )
        loans = tuple(_history(each) for each in staged.loans())
        refused = staged.counts().rejections
    paid_on = [payment.value_date for each in loans for payment in each.payments]
    if not paid_on:
        raise TargetError(f"{folder} has no loan with payments: there is no past to test on.")
    return Past(loans, max(paid_on), refused)


def _history(staged: StagedLoan) -> LoanHistory:
    return LoanHistory(
        staged.loan.loan_id,
        staged.borrower.borrower_id,
        staged.loan.disbursed_on,
        tuple(
            Instalment(
                each.number,
                each.due_date,
                Components(
                    each.principal_minor, each.interest_minor, each.fee_minor, each.penalty_minor
                ),
            )
            for each in staged.instalments
        ),
        tuple(
            Payment(each.payment_id, each.value_date, each.amount_minor) for each in staged.payments
        ),
        groups={
            name: value
            for name, value in (
                ("language", staged.borrower.language),
                ("place", staged.loan.place),
            )
            if value
        },
    )
