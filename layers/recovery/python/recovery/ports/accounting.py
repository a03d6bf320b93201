"""Loans, their states and their payments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.outbox import Outbox
from recovery.domain.review import LoanState


class LoanNotFoundError(Exception):
    """There is no loan with this id."""

    def __init__(self, loan_id: str) -> None:
        super().__init__(f"there is no loan {loan_id}")
        self.loan_id = loan_id


class PaymentExistsError(Exception):
    """A payment with this id is on record already."""


@dataclass(frozen=True, slots=True)
class KeptLoan:
    """A loan with its state, as kept in the book."""

    loan: Loan
    state: LoanState


class LoanRepository(Protocol):
    """Loans, their states and payments."""

    def load(self, loan_id: str) -> KeptLoan:
        """Raises LoanNotFoundError."""

    def load_many(self, loan_ids: Sequence[str]) -> list[KeptLoan]:
        """Those that exist, in any order."""

    def due_loan_ids(self, institution_id: str, shard: int, as_of: date) -> Iterator[str]:
        """Loans of the shard whose next review has come, earliest first."""

    def payments(self, loan_id: str) -> list[PaymentRecord]:
        """All payments on record, reversed ones too."""

    def find_payment(self, payment_id: str) -> PaymentRecord | None:
        """The payment with this id, of whatever loan."""

    def add_loan(self, kept: KeptLoan, payments: Sequence[PaymentRecord]) -> None:
        """A new loan with its history, in as few writes as possible; it asks for a review."""

    def post_payment(self, record: PaymentRecord, state: LoanState) -> None:
        """Payment and state in one transaction; the loan asks for a review.

        ``state`` carries the version it was loaded with. Raises PaymentExistsError,
        StaleWriteError.
        """

    def reverse_payment(self, record: PaymentRecord, state: LoanState) -> None:
        """The same for a payment that is on record and now reversed."""

    def save_review(self, state: LoanState, outbox: Outbox, loan: Loan) -> None:
        """State, next review date and outbox in one conditional write.

        ``state.version`` is one above the version it was loaded with. Raises StaleWriteError.
        """
