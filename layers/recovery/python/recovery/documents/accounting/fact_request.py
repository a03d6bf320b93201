"""A fact about a loan as JSON: one model per kind, each with the client's id and a reason.

Amounts are decimal strings in the loan's currency, which only the loan knows. A write-off is not
among them: people decide on it.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from recovery.documents.accounting.act_request import AnyAct, act_of
from recovery.documents.accounting.court_request import AnyCourt, court_of
from recovery.documents.accounting.fact_body import FactFields as _Fact
from recovery.documents.agreements.restructuring_action import (
    PaymentHolidayBody,
    ReageBody,
    ReamortiseBody,
    RescheduleBody,
    read_action,
)
from recovery.documents.questions.loan_question import (
    Body,
    Component,
    Instalments,
    Number,
    Rate,
)
from recovery.documents.shared.fields import Amount, Day, Identifier
from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.documents.shared.problems import InvalidDocumentError, ProblemList, validated
from recovery.domain.accounting.agreed import AgreementEnd, Booked, Part
from recovery.domain.accounting.fact import Resume, Undo
from recovery.domain.accounting.history import Charge, Chargeback, Waiver
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.said import DisputeKind, DisputeOutcome, PromiseEnd
from recovery.domain.agreements.fact_request import (
    AgreedElsewhere,
    AgreementMade,
    Asked,
    CoreSchedule,
    DisputeAnswered,
    DisputeMade,
    FactRequest,
    OfferMade,
    PromiseMade,
    Restructure,
)
from recovery.domain.agreements.option_kinds import Difficulty
from recovery.domain.agreements.option_kinds import Kind as OptionKind
from recovery.domain.shared.errors import Problem

_LONGEST_BODY = 512 * 1024  # a schedule of 4,000 instalments
_REMEDIES = {
    "": "Send one JSON object with the fields of its kind",
    "fact_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each fact",
    "kind": "Use one of the kinds that the README lists",
    "reason": "Give the reason in 1 to 140 printable characters, without personal data",
    "on": "Use an ISO date, such as 2026-03-31, or leave it out for the business date",
}
Channel = Literal["phone", "visit", "branch", "email", "sms", "letter", "page", "api"]
PayBy = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]
_People = Annotated[tuple[Identifier, ...], Field(max_length=20, strict=False)]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,4}$")]


class ChargeFact(_Fact):
    """A fee or penalty owed from a date, on a named instalment or the first due from then on."""

    kind: Literal["charge"]
    on: Day | None = None
    component: Literal["fee", "penalty"]
    amount: Amount
    instalment: Number | None = None


class WaiverFact(_Fact):
    """A waived component: the amount, or everything unpaid if omitted."""

    kind: Literal["waiver"]
    on: Day | None = None
    component: Component
    amount: Amount | None = None
    instalment: Number | None = None


class ChargebackFact(_Fact):
    """What the payer's bank took back of a payment, or a debit it returned; the scheme's reason
    code, such as AM04, or MD07 if it reports a death."""

    kind: Literal["chargeback"]
    on: Day | None = None
    payment_id: Identifier
    amount: Amount
    reason_code: ReasonCode | None = None


class PauseFact(_Fact):
    """Days that do not count as delinquent: (from, to], open-ended without ``to``."""

    kind: Literal["pause"]
    from_: Day = Field(alias="from")
    to: Day | None = None


class ResumeFact(_Fact):
    """The pause ends today."""

    kind: Literal["resume"]
    on: Day | None = None
    pause_id: Identifier


class UndoFact(_Fact):
    """Another fact was a mistake: it counts as never recorded."""

    kind: Literal["undo"]
    on: Day | None = None
    undoes: Identifier


class ScheduleFact(_Fact):
    """The schedule as the core banking system has it from a day on."""

    kind: Literal["schedule"]
    on: Day | None = None
    instalments: Instalments
    annual_rate_pct: Rate | None = None


class PromiseFact(_Fact):
    """A promise to pay an amount on a day: how it was said, how the money will come, and whether
    the person wants a reminder the day before."""

    kind: Literal["promise"]
    on: Day | None = None
    amount: Amount
    pay_on: Day
    channel: Channel
    pay_by: PayBy | None = None
    reminder: bool = False


class PromiseEndFact(_Fact):
    """The person took a promise back."""

    kind: Literal["promise_end"]
    on: Day | None = None
    promise_id: Identifier


class DisputeFact(_Fact):
    """The person disputes an amount, or the whole loan if it is omitted."""

    kind: Literal["dispute"]
    on: Day | None = None
    about: Annotated[DisputeKind, Field(strict=False)]
    amount: Amount | None = None


class DisputeEndFact(_Fact):
    """The answer to a dispute, as the person reads it. If they were right: the value date of the
    missing payment of the disputed amount, and the charges to undo."""

    kind: Literal["dispute_end"]
    on: Day | None = None
    dispute_id: Identifier
    outcome: Annotated[DisputeOutcome, Field(strict=False)]
    answer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    paid_on: Day | None = None
    undoes: Annotated[tuple[Identifier, ...], Field(max_length=20, strict=False)] = ()


class OfferFact(_Fact):
    """Offer the borrower every way that fits, measured by the capacity in force; the reason why
    help is needed is the difficulty."""

    kind: Literal["offer"]
    on: Day | None = None
    difficulty: Annotated[Difficulty, Field(strict=False)] = Difficulty.NOT_SAID
    lump_sum: Amount = "0"
    due_day: Annotated[int, Field(ge=1, le=31)] | None = None
    expires_on: Day | None = None
    starts_on: Day | None = None


class AgreementFact(_Fact):
    """The debtors' yes to one option of an offer: how they said it, the id of the paper or
    recording, who witnessed it, and which guarantors consent or are given up."""

    kind: Literal["agreement"]
    on: Day | None = None
    offer_id: Identifier
    option: Annotated[OptionKind, Field(strict=False)]
    yes: Literal["paper", "read_aloud", "code"]
    proof: Identifier | None = None
    witness: Identifier | None = None
    signed_by: _People = Field(min_length=1)
    consented: _People = ()
    lost: _People = ()
    objected: _People = ()


class PartBody(Body):
    """One dated part."""

    on: Day
    amount: Amount


class AgreedElsewhereFact(_Fact):
    """A payment plan that was agreed outside this system: what is overdue in parts."""

    kind: Literal["agreed_elsewhere"]
    on: Day | None = None
    parts: Annotated[tuple[PartBody, ...], Field(min_length=1, max_length=120, strict=False)]
    proof: Identifier
    signed_by: _People = ()


class AgreementEndFact(_Fact):
    """A payment plan is called off."""

    kind: Literal["agreement_end"]
    on: Day | None = None
    agreement_id: Identifier


class BookedFact(_Fact):
    """The core banking system booked a schedule that was made here: `fact_id` of the event
    ScheduleVersionMade, and the core's own reference."""

    kind: Literal["booked"]
    on: Day | None = None
    schedule_id: Identifier
    reference: Identifier | None = None


class ReageFact(_Fact, ReageBody):
    """Spread everything unpaid over new instalments."""


class ReamortiseFact(_Fact, ReamortiseBody):
    """Spread what is overdue over the remaining instalments."""


class RescheduleFact(_Fact, RescheduleBody):
    """Another date, extra terms, grace or another rate, from one instalment on."""


class PaymentHolidayFact(_Fact, PaymentHolidayBody):
    """Nothing is due for some instalments."""


AnyFact = (
    AnyAct
    | AnyCourt
    | ChargeFact
    | WaiverFact
    | ChargebackFact
    | PauseFact
    | ResumeFact
    | UndoFact
    | ScheduleFact
    | PromiseFact
    | PromiseEndFact
    | DisputeFact
    | DisputeEndFact
    | OfferFact
    | AgreementFact
    | AgreedElsewhereFact
    | AgreementEndFact
    | BookedFact
    | ReageFact
    | ReamortiseFact
    | RescheduleFact
    | PaymentHolidayFact
)


FactOnWire = Annotated[AnyFact, Field(discriminator="kind")]


class FactBody(Body):
    """A fact of one of the known kinds."""

    fact: FactOnWire


def fact_request(body: str | None, loan_id: str, currency: str, today: date) -> FactRequest:
    """Read a fact about this loan. Raises InvalidDocumentError with every problem."""
    text = body or ""
    if len(text) > _LONGEST_BODY:
        raise _unreadable(f"is longer than {_LONGEST_BODY} characters")
    try:
        values = read_json(text)
    except UnreadableJsonError as error:
        raise _unreadable(str(error)) from None
    if not isinstance(values, dict):
        raise _unreadable("is not a JSON object")
    return fact_of(values, loan_id, currency, today)


def fact_of(values: dict[str, Any], loan_id: str, currency: str, today: date) -> FactRequest:
    """Read the fields of a fact about this loan. Raises InvalidDocumentError with every problem.

    ``today`` is the day from which the fact counts if it gives none.
    """
    try:
        parsed = validated(FactBody, {"fact": values}, whole="body", remedies=_REMEDIES).fact
    except InvalidDocumentError as error:
        raise InvalidDocumentError(*map(_without_wrapper, error.problems)) from None
    problems = ProblemList(currency)
    fact = _fact(parsed, problems, today)
    problems.raise_if_any()
    said = parsed.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return FactRequest(
        fact_id=parsed.fact_id,
        loan_id=loan_id,
        fact=fact,
        reason=parsed.reason,
        said=json.dumps(said, sort_keys=True),
    )


def _without_wrapper(problem: Problem) -> Problem:
    field = problem.field.removeprefix("fact").removeprefix(".")
    kinds = (each.model_fields["kind"].annotation.__args__ for each in AnyFact.__args__)
    for kind in (name for names in kinds for name in names):
        field = field.removeprefix(f"{kind}.")
    remedy = _REMEDIES.get(field, problem.remedy)
    return Problem(field or "kind", problem.reason, remedy, problem.code)


def _unreadable(reason: str) -> InvalidDocumentError:
    return InvalidDocumentError(Problem("body", reason, _REMEDIES[""]))


def _fact(body: Any, problems: ProblemList, today: date) -> Asked:
    on = getattr(body, "on", None) or today
    match body:
        case ChargeFact():
            amount_minor = problems.positive_minor(body.amount, "amount")
            return Charge(on, body.component, amount_minor, body.instalment)
        case WaiverFact():
            given = None if body.amount is None else problems.positive_minor(body.amount, "amount")
            return Waiver(on, body.component, given, body.instalment)
        case ChargebackFact():
            amount_minor = problems.positive_minor(body.amount, "amount")
            return Chargeback(body.payment_id, on, amount_minor, body.reason_code)
        case PauseFact():
            return Pause(body.from_, body.to)
        case ResumeFact():
            return Resume(body.pause_id, on)
        case UndoFact():
            return Undo(body.undoes, on)
        case PromiseFact():
            amount_minor = problems.positive_minor(body.amount, "amount")
            return PromiseMade(
                on, amount_minor, body.pay_on, body.channel, body.pay_by, body.reminder
            )
        case PromiseEndFact():
            return PromiseEnd(body.promise_id, on)
        case DisputeFact():
            given = None if body.amount is None else problems.positive_minor(body.amount, "amount")
            return DisputeMade(on, body.about, given)
        case DisputeEndFact():
            return DisputeAnswered(
                body.dispute_id,
                on,
                body.outcome,
                body.answer,
                body.paid_on,
                body.undoes,
            )
        case OfferFact():
            lump_sum_minor = problems.amount_minor(body.lump_sum, "lump_sum")
            return OfferMade(
                on,
                body.difficulty,
                lump_sum_minor,
                body.due_day,
                body.expires_on,
                body.starts_on,
            )
        case AgreementFact():
            return AgreementMade(
                on=on,
                offer_id=body.offer_id,
                option=body.option.value,
                yes=body.yes,
                proof=body.proof or "",
                signed_by=body.signed_by,
                witness=body.witness or "",
                consented=body.consented,
                lost=body.lost,
                objected=body.objected,
            )
        case AgreedElsewhereFact():
            parts = (
                Part(each.on, problems.positive_minor(each.amount, f"parts.{index}.amount"))
                for index, each in enumerate(body.parts)
            )
            return AgreedElsewhere(on, tuple(parts), body.proof, body.signed_by)
        case AgreementEndFact():
            return AgreementEnd(body.agreement_id, on)
        case BookedFact():
            return Booked(body.schedule_id, on, body.reference or "")
        case ScheduleFact():
            return CoreSchedule(_instalments(body, problems), on, body.annual_rate_pct)
        case _ if isinstance(body, AnyAct):
            return act_of(body, on, problems)
        case _ if isinstance(body, AnyCourt):
            return court_of(body, on, problems)
        case _:
            return Restructure(read_action(body, problems), on, tuple(body.waive))


def _instalments(body: ScheduleFact, problems: ProblemList) -> tuple[Instalment, ...]:
    rows = [
        Instalment(
            row.number,
            row.due_date,
            Components(
                *(
                    problems.amount_minor(getattr(row, name), f"instalments.{index}.{name}")
                    for name in Components._fields
                )
            ),
        )
        for index, row in enumerate(body.instalments)
    ]
    if len({row.number for row in rows}) < len(rows):
        problems.add("instalments", "use a number twice", "Number each once", "duplicate")
    return tuple(sorted(rows, key=lambda each: (each.due_date, each.number)))
