"""What the use cases need from outside, as Protocols named for what they hold or do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.cases.record import CaseRecord
from recovery.domain.cases.signals import Signal
from recovery.domain.contact.borrower import Borrower
from recovery.domain.outbox import Outbox, TimelineEntry
from recovery.domain.policy import Policy
from recovery.domain.review import LoanState


class StaleWriteError(Exception):
    """Somebody else changed the same thing first; load it again and repeat the step."""


class LoanNotFoundError(Exception):
    """There is no loan with this id."""

    def __init__(self, loan_id: str) -> None:
        super().__init__(f"there is no loan {loan_id}")
        self.loan_id = loan_id


class PaymentExistsError(Exception):
    """A payment with this id is on record already."""


class UndeliverableError(Exception):
    """The provider will never take this message, for instance for its address."""


@dataclass(frozen=True, slots=True)
class KeptLoan:
    """A loan with its state, as kept in the book."""

    loan: Loan
    state: LoanState


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message asked for, on its way through the queue; carries no personal data."""

    message_id: str
    loan_id: str
    rule_key: str
    kind: str
    due_date: date
    as_of: date
    policy_version: int


@dataclass(frozen=True, slots=True)
class InstitutionDay:
    """The moving state of an institution. In a ``replay`` the time of day is data as well."""

    business_date: date | None = None
    reviewed_through: date | None = None
    clock: str = "wall"


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """A past-tense fact for other systems; ``detail`` is JSON-ready, without a borrower's data."""

    name: str
    detail: Mapping[str, object]
    version: int = 1


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


class BorrowerRepository(Protocol):
    """Borrowers and when they were contacted."""

    def load(self, borrower_id: str) -> Borrower: ...
    def save_contact_details(self, borrower: Borrower) -> bool:
        """Add the borrower or change the contact details; False when nothing changed."""

    def is_contacted(self, borrower_id: str, message_id: str) -> bool:
        """Whether this message is confirmed as sent."""

    def add_contact(self, borrower: Borrower, message_id: str, on: date) -> None:
        """Count this message before it is sent; again for the same message is no second contact.

        Raises StaleWriteError when another message to the same person came first.
        """

    def confirm_contact(self, borrower_id: str, message_id: str, provider_id: str) -> None:
        """The message has been sent."""


class CaseRepository(Protocol):
    """Records of cases."""

    def load(self, loan_id: str, case_id: str) -> CaseRecord:
        """An empty record when there is none yet."""

    def cases_of(self, loan_id: str) -> list[CaseRecord]: ...
    def save(self, record: CaseRecord) -> None:
        """Under the version it was loaded with. Raises StaleWriteError."""


class Timeline(Protocol):
    """The story of each loan."""

    def add(self, loan_id: str, entries: Iterable[TimelineEntry]) -> None:
        """The same entry twice is there once."""

    def entries(self, loan_id: str) -> list[TimelineEntry]: ...


class InstitutionRepository(Protocol):
    """Institutions: their names, time zones, business dates and policies."""

    def name(self, institution_id: str) -> str: ...
    def time_zone(self, institution_id: str) -> str: ...
    def day(self, institution_id: str) -> InstitutionDay: ...
    def policy(self, institution_id: str, as_of: date) -> Policy:
        """The policy in force at this date."""

    def policies(self, institution_id: str) -> Sequence[Policy]:
        """Every version on record; none means the default."""


class MessageQueue(Protocol):
    """Messages asked for and not yet sent."""

    def put(self, messages: Sequence[QueuedMessage]) -> None: ...
    def hide(self, receipt_handle: str, seconds: int) -> None:
        """The message received with this handle comes again after so many seconds."""


class Messenger(Protocol):
    """Sends what is written; answers with the provider's id."""

    def send_email(self, address: str, subject: str, text: str, html: str) -> str: ...
    def send_sms(self, phone: str, text: str) -> str: ...


class CaseWorkflow(Protocol):
    """Executions of the recovery case state machine."""

    def start(self, loan_id: str, signal: Signal) -> None:
        """Start the case's execution; starting it twice starts it once."""

    def send(self, loan_id: str, signal: Signal, task_token: str) -> None:
        """Hand the signal to the waiting execution; a token already used is no error."""


class EventBus(Protocol):
    """Facts for other systems."""

    def publish(self, events: Sequence[DomainEvent]) -> None: ...
