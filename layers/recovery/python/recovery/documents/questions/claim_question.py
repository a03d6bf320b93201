"""The JSON of a question about the amount of a claim: what is owed, agreed, paid and disputed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from recovery.documents.questions.limitation_question import Country, HistoryBody, PartName
from recovery.documents.questions.loan_question import MOST_INSTALMENTS, Body, Rate, Text
from recovery.documents.shared.fields import Amount, Currency, Day
from recovery.documents.shared.problems import InvalidDocumentError, ProblemList
from recovery.domain.judicial.claim_facts import (
    AwardedCosts,
    ClaimFacts,
    ClaimPart,
    ClaimPayment,
    Collection,
    Year,
    claim_problems,
)
from recovery.domain.judicial.collection_costs import EarlierCosts, Letter
from recovery.domain.judicial.lawful_rates import AgreedRates

_MOST_PAYMENTS = 10_000


class ClaimPartBody(Body):
    """An instalment that fell due, or the rest of the principal once the loan was called in.

    `interest`: ordinary interest in the instalment. `ordinary_from`: the day until which ordinary
    interest was charged; from the day after it runs on the principal until `due_date`. `disputed`:
    what of it is disputed, and so not claimed. `left_out`: why none of it is claimed.
    """

    part: PartName
    due_date: Day
    principal: Amount = "0"
    interest: Amount = "0"
    ordinary_from: Day | None = None
    disputed: Amount = "0"
    left_out: Literal["disputed", "not_claimed"] | None = None


class ClaimPaymentBody(Body):
    """Money received; `part` if the payer named the one that it is for."""

    id: Text | None = None
    value_date: Day
    amount: Amount
    part: PartName | None = None


class LetterBody(Body):
    """The letter that gave a last term to pay without costs, as it was written.

    `counted_from`: from when its term runs by its own words. `received_on`: if that is known.
    """

    sent_on: Day
    received_on: Day | None = None
    term_days: Annotated[int, Field(ge=0, le=366)]
    counted_from: Literal["day_after_receipt", "receipt", "date_of_letter", "not_said"]
    states_consequence: bool
    amount_stated: Amount | None = None


class EarlierCostsBody(Body):
    """Costs of collection charged before on other parts of this debt."""

    on: Day
    principal: Amount
    amount: Amount


class CollectionBody(Body):
    """The costs of collection out of court that you ask for, as far as the law has a scale.

    `on`: from when, where no letter is needed. `vat_pct`: only if the creditor cannot deduct the
    tax and told the debtor so.
    """

    letter: LetterBody | None = None
    on: Day | None = None
    vat_pct: Rate | None = None
    earlier: list[EarlierCostsBody] = Field(default_factory=list, max_length=MOST_INSTALMENTS)


class AwardedCostsBody(Body):
    """Costs that a court awarded: none are added without its decision."""

    on: Day
    amount: Amount
    basis: Text


class ClaimQuestion(Body):
    """What can be claimed at a date, line by line.

    `law`: the country whose law the contract has. `capacity`: who borrowed; who may be a consumer
    is protected as one. `late_rate_pct`: the whole rate agreed for late payment, not a surcharge.
    `demanded_on`: the first demand with proof. `judged_on`: the first decision of a court. `year`:
    the days by which a year's interest is divided. With `history` the answer also says which parts
    are too old to claim from `against` (by default the first debtor), and leaves them out.
    """

    id: str | int | None = None
    as_of: Day
    law: Country | None = None
    currency: Currency
    capacity: Literal["consumer", "business", "mixed", "unknown"] = "unknown"
    home_mortgage: bool = False
    commercial: bool = False
    ordinary_rate_pct: Rate | None = None
    late_rate_pct: Rate | None = None
    parts: Annotated[list[ClaimPartBody], Field(min_length=1, max_length=MOST_INSTALMENTS)]
    payments: list[ClaimPaymentBody] = Field(default_factory=list, max_length=_MOST_PAYMENTS)
    awarded_costs: list[AwardedCostsBody] = Field(default_factory=list, max_length=100)
    collection_costs: CollectionBody | None = None
    demanded_on: Day | None = None
    judged_on: Day | None = None
    year: Year = "calendar"
    history: HistoryBody | None = None
    against: Text | None = None


def read_claim(question: ClaimQuestion) -> ClaimFacts:
    """Read the facts. Raises InvalidDocumentError with every problem."""
    problems = ProblemList(question.currency)
    facts = ClaimFacts(
        currency=question.currency,
        parts=tuple(
            _part(each, f"parts.{index}", problems) for index, each in enumerate(question.parts)
        ),
        agreed=AgreedRates(
            capacity="business" if question.capacity == "business" else "consumer",
            ordinary_pct=question.ordinary_rate_pct,
            late_pct=question.late_rate_pct,
            home_mortgage=question.home_mortgage,
            commercial=question.commercial,
        ),
        payments=tuple(
            _payment(each, index, problems) for index, each in enumerate(question.payments)
        ),
        awarded=tuple(
            AwardedCosts(
                on=each.on,
                amount_minor=problems.positive_minor(each.amount, f"awarded_costs.{index}.amount"),
                basis=each.basis,
            )
            for index, each in enumerate(question.awarded_costs)
        ),
        collection=_collection(question.collection_costs, problems),
        demanded_on=question.demanded_on,
        judged_on=question.judged_on,
        year=question.year,
    )
    for problem in claim_problems(facts):
        field = problem.field.removeprefix("agreed.").removesuffix("_minor")
        problems.problems.append(replace(problem, field=field.replace("due_on", "due_date")))
    problems.raise_if_any()
    return facts


def _part(body: ClaimPartBody, path: str, problems: ProblemList) -> ClaimPart:
    return ClaimPart(
        part=body.part,
        due_on=body.due_date,
        principal_minor=problems.amount_minor(body.principal, f"{path}.principal"),
        interest_minor=problems.amount_minor(body.interest, f"{path}.interest"),
        ordinary_from=body.ordinary_from,
        disputed_minor=problems.amount_minor(body.disputed, f"{path}.disputed"),
        left_out=body.left_out,
    )


def _payment(body: ClaimPaymentBody, index: int, problems: ProblemList) -> ClaimPayment:
    return ClaimPayment(
        payment_id=body.id or str(index + 1),
        on=body.value_date,
        amount_minor=problems.amount_minor(body.amount, f"payments.{index}.amount"),
        part=body.part,
    )


def _collection(body: CollectionBody | None, problems: ProblemList) -> Collection | None:
    if body is None:
        return None
    path, letter = "collection_costs", body.letter
    return Collection(
        letter=None
        if letter is None
        else Letter(
            sent_on=letter.sent_on,
            received_on=letter.received_on,
            term_days=letter.term_days,
            counted_from=letter.counted_from,
            states_consequence=letter.states_consequence,
            amount_stated_minor=None
            if letter.amount_stated is None
            else problems.amount_minor(letter.amount_stated, f"{path}.letter.amount_stated"),
        ),
        on=body.on,
        vat_pct=body.vat_pct,
        earlier=tuple(
            EarlierCosts(
                on=each.on,
                principal_minor=problems.amount_minor(
                    each.principal, f"{path}.earlier.{index}.principal"
                ),
                amount_minor=problems.amount_minor(each.amount, f"{path}.earlier.{index}.amount"),
            )
            for index, each in enumerate(body.earlier)
        ),
    )


def raise_if_after(question: ClaimQuestion) -> None:
    """Refuse a judgment or letter after the date asked for. Raises InvalidDocumentError."""
    problems = ProblemList(question.currency)
    letter = question.collection_costs and question.collection_costs.letter
    for field, day in (
        ("judged_on", question.judged_on),
        ("demanded_on", question.demanded_on),
        ("collection_costs.letter.sent_on", letter.sent_on if letter else None),
    ):
        if day is not None and day > question.as_of:
            problems.add(field, f"is after as_of, {question.as_of}", "Leave it out until then")
    if problems.problems:
        raise InvalidDocumentError(*problems.problems)
