"""Answers about payments."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from recovery.documents.answers.problems import ProblemAnswer
from recovery.documents.answers.shared import Amounts, Date, Moment, Money


class Payer(TypedDict):
    """Who paid, if not the borrower."""

    kind: str
    id: NotRequired[str | None]


class PaymentOnLoan(TypedDict):
    """A payment by its loan."""

    loan_id: str
    payment_id: str


class Share(TypedDict):
    """What one loan got of a payment for a person."""

    payment_id: str
    loan_id: str
    value_date: Date
    amount: Money
    currency: str
    allocated: Amounts
    to_credit: Money
    credit: Money
    recovered: NotRequired[Money]
    to_suspense: NotRequired[Money]
    suspense_id: NotRequired[str]
    why_in_suspense: NotRequired[str]


class Receipt(TypedDict):
    """How a payment was allocated; of one for a person, by loan in ``shares``; ``to_suspense`` is
    what belongs to no loan. A repeat gets the same."""

    payment_id: str
    value_date: Date
    amount: Money
    currency: str
    loan_id: NotRequired[str | None]
    allocated: NotRequired[Amounts]
    to_credit: NotRequired[Money]
    credit: NotRequired[Money]
    payer: NotRequired[Payer]
    instalment: NotRequired[int]
    recovered: NotRequired[Money]
    possible_duplicate_of: NotRequired[str]
    borrower_id: NotRequired[str]
    designation: NotRequired[list[str]]
    rules: NotRequired[list[str]]
    shares: NotRequired[list[Share]]
    to_suspense: NotRequired[Money]
    suspense_id: NotRequired[str]
    why_in_suspense: NotRequired[str]
    passed_on_to: NotRequired[str]
    moved_from: NotRequired[PaymentOnLoan]


class Release(TypedDict):
    """What left suspense."""

    how: str
    amount: Money
    on: Date
    reason: str
    by: str
    loan_id: NotRequired[str]
    payment_id: NotRequired[str]


class PaymentState(TypedDict):
    """A payment and what became of it."""

    payment_id: str
    state: str
    value_date: Date
    amount: Money
    currency: str
    loan_id: NotRequired[str | None]
    borrower_id: NotRequired[str]
    reference: NotRequired[str | None]
    posted_by: NotRequired[str]
    posted_at: NotRequired[Moment]
    instalment: NotRequired[int]
    payer: NotRequired[Payer]
    possible_duplicate_of: NotRequired[str]
    designation: NotRequired[list[str]]
    rules: NotRequired[list[str]]
    part_of: NotRequired[str]
    parts: NotRequired[list[PaymentState]]
    reversed_on: NotRequired[Date]
    reason: NotRequired[str]
    moved_to: NotRequired[PaymentOnLoan]
    moved_from: NotRequired[PaymentOnLoan]
    charged_back: NotRequired[Money]
    passed_on_to: NotRequired[str]
    in_suspense: NotRequired[Money]
    suspense_id: NotRequired[str]
    why_in_suspense: NotRequired[str]
    releases: NotRequired[list[Release]]


class PaymentsOfLoan(TypedDict):
    """A page of a loan's payments; ``next`` continues after it, null if it is the last."""

    loan_id: str
    payments: list[PaymentState]
    next: str | None


class Counted(TypedDict):
    """How many payments, and their sum."""

    payments: int
    amount: Money


class PaymentsOfDay(TypedDict):
    """A page of a value date's payments; the first has the ``totals`` by currency and state."""

    on: Date
    payments: list[PaymentState]
    next: str | None
    totals: NotRequired[dict[str, dict[str, Counted]]]


class PayersReceipt(TypedDict):
    """The receipt for the one who paid."""

    received_by: str
    payment_id: str
    received_on: Date
    amount: Money
    currency: str
    reference: str | None
    paid_by: Payer
    loan_id: NotRequired[str]
    allocated: NotRequired[Amounts]
    to_credit: NotRequired[Money]
    credit: NotRequired[Money]
    recovered: NotRequired[Money]
    reversed_on: NotRequired[Date]
    borrower_id: NotRequired[str]
    shares: NotRequired[list[Share]]
    rules: NotRequired[list[str]]
    to_suspense: NotRequired[Money]
    why_in_suspense: NotRequired[str]


class Reversed(TypedDict):
    """What was reversed."""

    payment_id: str
    amount: Money
    currency: str
    reversed_on: Date
    reason: str
    loan_id: NotRequired[str | None]


class RowResult(TypedDict):
    """What came of one payment of a batch, in the order sent: its receipt, or its problem."""

    payment_id: str | None
    status: int
    receipt: NotRequired[Receipt]
    problem: NotRequired[ProblemAnswer]


class BatchResult(TypedDict):
    """Each payment's result. ``complete`` is false if some were not tried in time, or met a loan
    that was busy: send the same batch again."""

    posted: int
    repeated: int
    refused: int
    complete: bool
    results: list[RowResult]
