"""Answers about what a household can repay, options, and the yes to an agreement."""

from __future__ import annotations

from typing import NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from recovery.documents.answers.shared import Date, Moment, Money


class Yes(TypedDict):
    """A code by which a debtor says yes, and the yes once it was typed."""

    loan_id: str
    offer_id: str
    option: str
    person_id: str
    channel: str
    terms: str
    until: Moment
    tries_left: int
    said_yes_at: Moment | None
    typed_by: str | None


class Letter(TypedDict):
    """A person's letter of an agreement, and a link to it that lasts some minutes."""

    person_id: str
    language: str
    template: str
    sha256: str
    written_at: Moment
    sent_by: str | None
    sent_on: Date | None
    not_sent: str | None
    link: str


class Letters(TypedDict):
    """A page of an agreement's letters."""

    loan_id: str
    agreement_id: str
    letters: list[Letter]
    next: str | None


class CourtLetterKept(TypedDict):
    """A person's letter before court, and a link to it that lasts some minutes."""

    letter_id: str
    kind: str
    person_id: str
    language: str
    also: str | None
    written_on: Date
    amount: Money
    costs: Money | None
    sha256: str
    template: str
    ended: str | None
    task_id: str
    link: str


class CourtLetters(TypedDict):
    """A page of a loan's letters before court."""

    loan_id: str
    letters: list[CourtLetterKept]
    next: str | None


class AssessmentDecision(TypedDict):
    """What a person decided on an assessment."""

    outcome: str
    why: str
    on: Date
    by: str


@with_config(extra="allow")
class AssessmentInFull(TypedDict):
    """What a household can repay, why, and what would make it yes; see `recovery assess`."""

    assessment_id: str
    person_id: str
    assessed_on: Date
    assessed_by: str
    policy_version: int
    question: dict[str, object]
    verdict: str
    decided_by: str
    reasons: list[dict[str, object]]
    would_be_yes: list[dict[str, object]]
    valid_until: Date | None
    rules: list[str]
    own_loans: list[str]
    decisions: list[AssessmentDecision]


class Assessments(TypedDict):
    """A page of a person's assessments, oldest first."""

    person_id: str
    assessments: list[AssessmentInFull]
    next: str | None


class OptionPayment(TypedDict):
    """What is to be paid on a day."""

    on: Date
    amount: Money


@with_config(extra="allow")
class Option(TypedDict):
    """A way out of difficulty that fits the household."""

    kind: str
    total: Money
    let_go: Money
    approved_by: str
    payments: NotRequired[list[OptionPayment]]


@with_config(extra="allow")
class Options(TypedDict):
    """The options that fit, cheapest for the borrower first, and why not the rest."""

    loan_id: str
    as_of: Date
    currency: str
    options: list[Option]
    refused: list[dict[str, object]]
