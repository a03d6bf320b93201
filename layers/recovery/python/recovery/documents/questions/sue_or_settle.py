"""Answer whether to sue, settle, wait or write off: ranges, with every assumption shown."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from recovery.documents.questions.evaluation import echoed_id
from recovery.documents.questions.loan_question import Body, Text
from recovery.documents.shared.fields import Amount, Currency, Day, Percent
from recovery.documents.shared.problems import ProblemList, validated
from recovery.domain.judicial.sue_or_settle import (
    Between,
    Chance,
    Frame,
    MinorBetween,
    Option,
    OptionKind,
    Outlook,
    frame_problems,
    option_problems,
    outlooks,
    surely_best,
)
from recovery.domain.shared.money import to_decimal_text

CAUTION_TEXTS = {
    "may_not_sue": "the debt is too old, or nobody verified that it is not: no suit",
    "may_not_ask": "the debt is too old: nothing is asked for",
    "below_minimum_claim": "the claim is below the least that your policy sues for",
    "cost_out_of_proportion": "it may cost a larger part of the claim than your policy allows",
    "prescribes_meanwhile": "the claim may become too old while you wait",
    "may_lose_money": "it may cost more than it brings",
}


class BetweenBody(Body):
    """The least and the most that a number may be."""

    low: Percent
    high: Percent


class AmountsBody(Body):
    """The least and the most that an amount may be."""

    low: Amount
    high: Amount


class ChanceBody(Body):
    """Something that must happen for money to come, in percent."""

    name: Text
    low: Percent
    high: Percent


class OptionBody(Body):
    """One way to go on; what you leave out is assumed, and the answer shows how.

    `amount` comes if all `chances` do, after `months`. `cost` is spent anyway, `cost_if_lost`
    besides if the first chance fails; `cost_back_pct` of the cost comes back if all goes well.
    """

    name: Text | None = None
    kind: OptionKind
    amount: AmountsBody | None = None
    chances: Annotated[list[ChanceBody], Field(max_length=10)] | None = None
    months: BetweenBody | None = None
    cost: AmountsBody | None = None
    cost_if_lost: AmountsBody | None = None
    cost_back_pct: BetweenBody | None = None


class SueOrSettleQuestion(Body):
    """What each way to go on may bring, cost and take.

    `discount_pct`: what a year's delay costs. `minimum_claim`, `most_cost_pct`: your policy on
    proportion. `prescribes_on`, `may_sue`, `may_ask`: as `recovery limitation` answers.
    """

    id: str | int | None = None
    as_of: Day
    currency: Currency
    claim: Amount
    options: Annotated[list[OptionBody], Field(min_length=1, max_length=20)] | None = None
    discount_pct: BetweenBody | None = None
    minimum_claim: Amount = "0"
    most_cost_pct: Percent = Decimal(100)
    prescribes_on: Day | None = None
    may_sue: bool
    may_ask: bool


# Wide on purpose: assumptions and no evidence, there to be replaced by an institution's own.
_ASSUMED: dict[OptionKind, dict[str, Any]] = {
    "court": {
        "share": (100, 100),
        "chances": (("won", 50, 90), ("collected", 20, 60)),
        "months": (6, 24),
        "cost_back_pct": (0, 50),
    },
    "settlement": {
        "share": (40, 80),
        "chances": (("accepted", 20, 60), ("kept", 40, 80)),
        "months": (1, 12),
    },
    "waiting": {"share": (100, 100), "chances": (("paid", 0, 20),), "months": (6, 24)},
    "write_off": {"share": (100, 100), "chances": (("paid_anyway", 0, 5),), "months": (0, 36)},
}
_DISCOUNT = (5, 15)
_KINDS: tuple[OptionKind, ...] = ("court", "settlement", "waiting", "write_off")
Origin = Literal["said", "assumed"]


def sue_or_settle_schema() -> str:
    """Return the question's JSON Schema."""
    return json.dumps(SueOrSettleQuestion.model_json_schema(), indent=2)


def answer_sue_or_settle(values: Any) -> dict[str, Any]:
    """Answer one question, given as JSON values. Raises InvalidDocumentError."""
    question: SueOrSettleQuestion = validated(SueOrSettleQuestion, values)
    problems = ProblemList(question.currency)
    frame = Frame(
        as_of=question.as_of,
        claim_minor=problems.amount_minor(question.claim, "claim"),
        discount_pct=_between(question.discount_pct, _DISCOUNT),
        minimum_claim_minor=problems.amount_minor(question.minimum_claim, "minimum_claim"),
        most_cost_pct=question.most_cost_pct,
        prescribes_on=question.prescribes_on,
        may_sue=question.may_sue,
        may_ask=question.may_ask,
    )
    bodies = question.options or [OptionBody(kind=each) for each in _KINDS]
    options = [
        _option(each, frame, f"options.{index}", problems) for index, each in enumerate(bodies)
    ]
    problems.problems += frame_problems(frame)
    for index, each in enumerate(options):
        for problem in option_problems(each):
            field = f"options.{index}.{problem.field.removesuffix('_minor')}"
            problems.problems.append(replace(problem, field=field))
        if each.name in {other.name for other in options[:index]}:
            remedy = "Name each option once"
            problems.add(f"options.{index}.name", f"{each.name!r} is used twice", remedy)
    problems.raise_if_any()
    found = outlooks(options, frame)
    best = surely_best(found)
    said = {option.name: body for option, body in zip(options, bodies, strict=True)}
    return {
        **echoed_id(question.id),
        "as_of": question.as_of.isoformat(),
        "claim": to_decimal_text(frame.claim_minor, question.currency),
        "currency": question.currency,
        "surely_best": None if best is None else best.option.name,
        "decided_by": "a person: the ranges overlap" if best is None else "a person",
        "discount_pct": _shown(frame.discount_pct, question.discount_pct),
        "options": [_text(each, said[each.option.name], question.currency) for each in found],
    }


def _option(body: OptionBody, frame: Frame, path: str, problems: ProblemList) -> Option:
    assumed = _ASSUMED[body.kind]
    share_low, share_high = (frame.claim_minor * each // 100 for each in assumed["share"])
    none = MinorBetween(0, 0)
    chances = (
        tuple(
            Chance(name=name, percent=Between(Decimal(low), Decimal(high)))
            for name, low, high in assumed["chances"]
        )
        if body.chances is None
        else tuple(
            Chance(name=each.name, percent=Between(each.low, each.high)) for each in body.chances
        )
    )
    return Option(
        name=body.name or body.kind,
        kind=body.kind,
        amount=_amounts(
            body.amount, MinorBetween(share_low, share_high), f"{path}.amount", problems
        ),
        chances=chances,
        months=_between(body.months, assumed["months"]),
        cost=_amounts(body.cost, none, f"{path}.cost", problems),
        cost_if_lost=_amounts(body.cost_if_lost, none, f"{path}.cost_if_lost", problems),
        cost_back_pct=_between(body.cost_back_pct, assumed.get("cost_back_pct", (0, 0))),
    )


def _between(body: BetweenBody | None, assumed: tuple[int, int]) -> Between:
    if body is None:
        return Between(Decimal(assumed[0]), Decimal(assumed[1]))
    return Between(body.low, body.high)


def _amounts(
    body: AmountsBody | None, assumed: MinorBetween, path: str, problems: ProblemList
) -> MinorBetween:
    if body is None:
        return assumed
    return MinorBetween(
        problems.amount_minor(body.low, f"{path}.low"),
        problems.amount_minor(body.high, f"{path}.high"),
    )


def _text(outlook: Outlook, body: OptionBody, currency: str) -> dict[str, Any]:
    def amounts(found: MinorBetween) -> dict[str, str]:
        return {
            "low": to_decimal_text(found.low, currency),
            "high": to_decimal_text(found.high, currency),
        }

    option = outlook.option
    return {
        "name": option.name,
        "kind": option.kind,
        "may_be_taken": outlook.may_be_taken,
        "recovery": amounts(outlook.recovery),
        "cost": amounts(outlook.cost),
        "net": amounts(outlook.net),
        "months": {"low": str(option.months.low), "high": str(option.months.high)},
        "better_than": list(outlook.better_than),
        "cautions": [{"code": each, "meaning": CAUTION_TEXTS[each]} for each in outlook.cautions],
        "assumptions": {
            "amount": {**amounts(option.amount), "origin": _origin(body.amount)},
            "chances": {
                "values": [
                    {
                        "name": each.name,
                        "low": str(each.percent.low),
                        "high": str(each.percent.high),
                    }
                    for each in option.chances
                ],
                "origin": _origin(body.chances),
            },
            "months": _shown(option.months, body.months),
            "cost": {**amounts(option.cost), "origin": _origin(body.cost)},
            "cost_if_lost": {**amounts(option.cost_if_lost), "origin": _origin(body.cost_if_lost)},
            "cost_back_pct": _shown(option.cost_back_pct, body.cost_back_pct),
        },
    }


def _shown(found: Between, said: object) -> dict[str, str]:
    return {"low": str(found.low), "high": str(found.high), "origin": _origin(said)}


def _origin(said: object) -> Origin:
    return "assumed" if said is None else "said"
