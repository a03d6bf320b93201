"""Loans, their states and their payments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from recovery.domain.accounting.collateral import CollateralRecord
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.groups import CollectionSheet, Group
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.owner_facts import OwnerRecord
from recovery.domain.accounting.party import PartyRecord
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.cases.approval import PendingDecision
from recovery.domain.intake.person_payment import SplitPayment
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import Outbox
from recovery.ports.payments import SuspenseChange


class LoanNotFoundError(Exception):
    """There is no loan with this id."""

    def __init__(self, loan_id: str) -> None:
        super().__init__(f"there is no loan {loan_id}")
        self.loan_id = loan_id


class UnreadableLoanError(Exception):
    """The stored loan is corrupt; a person must repair it."""

    def __init__(self, loan_id: str) -> None:
        super().__init__(f"loan {loan_id} cannot be read")
        self.loan_id = loan_id


class PaymentExistsError(Exception):
    """A payment with this id is already on record."""


class FactExistsError(Exception):
    """The loan has a fact with this id."""


@dataclass(frozen=True, slots=True)
class StoredLoan:
    """A loan with its state, as stored; ``unreviewed`` if no review has seen its last change."""

    loan: Loan
    state: LoanState
    unreviewed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class LoanChange:
    """New facts about one loan, and what follows from them, to be stored together.

    ``before`` is the contract as loaded, ``loan`` what is owed now. ``state`` has the version it
    was loaded with, and is stored one version higher, marked for review. ``payments`` are new;
    ``reversed_payments`` were on record before. ``decisions`` are asked or answered by it.
    ``parties`` are all rows of each person they are about; ``collateral`` replaces what is on
    record with its id.
    """

    before: Loan
    loan: Loan
    state: LoanState
    outbox: Outbox
    payments: tuple[PaymentRecord, ...] = ()
    reversed_payments: tuple[PaymentRecord, ...] = ()
    facts: tuple[FactRecord, ...] = ()
    owners: tuple[OwnerRecord, ...] = ()
    parties: tuple[PartyRecord, ...] = ()
    collateral: tuple[CollateralRecord, ...] = ()
    decisions: tuple[PendingDecision, ...] = ()


class LoanRepository(Protocol):
    """Stores one institution's loans, their states and payments."""

    def load(self, loan_id: str) -> StoredLoan:
        """Load the loan. Raises LoanNotFoundError."""

    def load_many(self, loan_ids: Sequence[str]) -> list[StoredLoan]:
        """Load those that exist, in any order."""

    def due_loan_ids(self, shard: int, as_of: date) -> Iterator[str]:
        """Find the shard's loans due for review, earliest first."""

    def recorded(self, loan_id: str) -> Recorded:
        """Return all on record about the loan: money, owners and parties, what was undone too."""

    def find_payment(self, payment_id: str) -> PaymentRecord | None:
        """Find the payment on a loan by id, across the institution's loans."""

    def add_loan(self, stored: StoredLoan, payments: Sequence[PaymentRecord]) -> None:
        """Add a loan and its history in as few writes as possible, marked for review."""

    def commit(
        self,
        *changes: LoanChange,
        split: SplitPayment | None = None,
        suspense: Sequence[SuspenseChange] = (),
    ) -> None:
        """Save all changes in one transaction, or nothing. At most 20 loans.

        ``split`` is new, and ``suspense`` money that does not stay on a loan, or leaves suspense.
        Raises PaymentExistsError or FactExistsError for an id in use, StaleWriteError when another
        writer changed a loan, money in suspense, a payment to reverse, or a decision.
        """

    def save_state(self, state: LoanState, loan: Loan, outbox: Outbox | None = None) -> None:
        """Save the state, and add the outbox to what is not carried out yet, in one write.

        ``state.version`` is one above the version it was loaded with. Raises StaleWriteError.
        """

    def outboxes(self, loan_id: str) -> list[Outbox]:
        """List what was decided and is not carried out yet, in order; [] for an unknown loan."""

    def acknowledge(self, loan_id: str, outbox_ids: Sequence[str]) -> None:
        """Forget outboxes that were carried out. Idempotent."""

    def waiting_loan_ids(self, shard: int, before: date) -> Iterator[str]:
        """Find the shard's loans with an outbox decided before this date, oldest first."""

    def send_again(self, loan_id: str) -> None:
        """Let the stream deliver the loan's outboxes once more, if any wait."""

    def all_loan_ids(self) -> Iterator[str]:
        """List every loan."""

    def loan_ids(self, shard: int, after: str | None = None) -> Iterator[str]:
        """List every loan of the shard, or those listed after one."""


class CollateralRepository(Protocol):
    """Finds what secures an institution's loans; a loan's change stores it."""

    def of_loan(self, loan_id: str) -> tuple[CollateralRecord, ...]:
        """Return all security of the loan by id, ended ones too."""


class SheetExistsError(Exception):
    """The group has a collection sheet with this id."""


class GroupRepository(Protocol):
    """Stores one institution's groups and their collection sheets."""

    def versions(self, group_id: str) -> tuple[Group, ...]:
        """Return every version of the group, earliest first; () if there is no such group."""

    def add_version(self, group: Group) -> None:
        """Add a version. Raises StaleWriteError if there is another from the same day."""

    def sheet(self, group_id: str, sheet_id: str) -> CollectionSheet | None: ...
    def add_sheet(self, sheet: CollectionSheet) -> None:
        """Add a pending sheet. Raises SheetExistsError."""

    def save_sheet(self, sheet: CollectionSheet, before: CollectionSheet) -> None:
        """Save a sheet that was verified or posted. Raises StaleWriteError if another did."""
