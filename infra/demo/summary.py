"""The results of a demo, read back from the deployment."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from infra.demo.in_time import InTime, in_time
from infra.deployment.target import Target
from recovery.adapters.dynamodb import codec, keys
from recovery.domain.accounting.loan import sum_components
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.portfolio.at_risk import portfolio_at_risk
from recovery.domain.shared.money import to_decimal_text


@dataclass(frozen=True, slots=True)
class PortfolioLine:
    """Loans in one currency: how many are open, what they owe, and the share at risk."""

    loans: int
    outstanding_minor: int
    par30: Fraction


@dataclass(slots=True)
class Facts:
    """Totals over the table."""

    portfolio: dict[str, PortfolioLine]
    stages: Counter[str]
    outcomes: Counter[str]
    messages: Counter[tuple[str, str]]
    withheld: Counter[str]
    paid_minor: Mapping[str, int]
    allocated_minor: Mapping[str, int]
    credit_minor: Mapping[str, int]
    recovered_minor: Mapping[str, int]
    answers: Counter[str]
    cases: int
    in_time: InTime
    with_agreements: Sequence[str]  # loans with an offer or agreement
    in_a_case: str | None  # a loan with an open case, as an example


def read_portfolio(target: Target) -> dict[str, PortfolioLine]:
    """Summarize the portfolio by currency, as of each loan's last review."""
    return _portfolio(_items(target))


def read_facts(target: Target, start: date) -> Facts:
    """Collect all totals in one scan; the demo plays from ``start`` on."""
    items = list(_items(target))
    currency_of = {i["pk"]: i["currency"] for i in items if i["sk"] == keys.LOAN}
    cases = [i for i in items if i["sk"].startswith(f"{keys.CASE}#")]
    entries = [i for i in items if i["pk"].startswith(f"{keys.TIMELINE}#")]
    messages = [i["text"] for i in entries if i["sk"].split("#")[1] == "message"]
    paid: Counter[str] = Counter()
    for item in items:
        if item["sk"].startswith(f"{keys.PAYMENT}#") and not item.get("reversed_on"):
            paid[item["currency"]] += int(item["amount_minor"])
    allocated: Counter[str] = Counter()
    credit: Counter[str] = Counter()
    recovered: Counter[str] = Counter()
    for item in items:
        if item["sk"] == keys.STATE:
            position = codec.position_from_json(item["accounting"])
            allocated[currency_of[item["pk"]]] += sum_components(position.paid).total
            credit[currency_of[item["pk"]]] += position.credit_minor
            loss = codec.facts_from_json(item.get("facts")).loss
            recovered[currency_of[item["pk"]]] += loss.recovered.total if loss else 0
    return Facts(
        portfolio=_portfolio(items),
        stages=Counter(i["stage"] for i in cases if not i.get("outcome") and i.get("stage")),
        outcomes=Counter(i["outcome"] for i in cases if i.get("outcome")),
        messages=Counter(_sent(text) for text in messages if text.startswith("sent")),
        withheld=Counter(_why(text) for text in messages if not text.startswith("sent")),
        paid_minor=paid,
        allocated_minor=allocated,
        credit_minor=credit,
        recovered_minor=recovered,
        answers=_answers(items),
        cases=len(cases),
        in_time=in_time(cases, start, target.of(target.institution())),
        with_agreements=sorted(_agreeing(items)),
        in_a_case=min(
            (keys.parts(i["pk"])[1] for i in cases if not i.get("outcome")), default=None
        ),
    )


def _agreeing(items: Iterable[Mapping[str, Any]]) -> set[str]:
    kinds = ("offer", "agreement")
    facts = (i for i in items if i["sk"].startswith(f"{keys.FACT}#") and i["kind"] in kinds)
    return {keys.parts(each["pk"])[1] for each in facts}


def _answers(items: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Count what is on record now: disputes, hardships, restraints, complaints, open tasks."""
    found: Counter[str] = Counter()
    for item in items:
        kind = item["sk"].partition("#")[0]
        if kind == keys.FACT and item["kind"] in ("dispute", "hardship", "complaint"):
            found[f"{item['kind']} on record"] += 1
        if kind == keys.FACT and item["kind"] == "hold":
            found[f"{json.loads(item['fact'])['kind']} on record"] += 1
        if item["sk"] == keys.TASK and not item.get("ended"):
            found["task open"] += 1
        if kind == keys.HELD and item.get("listed_by"):
            found["held back now"] += 1
    return found


def amounts(by_currency: Mapping[str, int]) -> str:
    """Format amounts, as in ``12.50 EUR, 700 UGX``."""
    return ", ".join(
        f"{to_decimal_text(amount, currency)} {currency}"
        for currency, amount in sorted(by_currency.items())
        if amount
    )


def _portfolio(items: Iterable[Mapping[str, Any]]) -> dict[str, PortfolioLine]:
    standings: dict[str, Standing] = {}
    currencies: dict[str, str] = {}
    for item in items:
        if item["sk"] == keys.LOAN:
            currencies[item["pk"]] = item["currency"]
        elif item["sk"] == keys.STATE and item.get("monitoring"):
            standings[item["pk"]] = codec.standing_from_json(item["monitoring"])
    by_currency: dict[str, list[Standing]] = defaultdict(list)
    for pk, standing in standings.items():
        by_currency[currencies[pk]].append(standing)
    return {
        currency: PortfolioLine(
            loans=sum(s.outstanding.total > 0 for s in each),
            outstanding_minor=sum(s.outstanding.total for s in each),
            par30=portfolio_at_risk(each, over_days=30),
        )
        for currency, each in sorted(by_currency.items())
    }


def _items(target: Target) -> Iterator[dict[str, Any]]:
    from boto3.dynamodb.types import TypeDeserializer

    read = TypeDeserializer().deserialize
    pages = target.client("dynamodb").get_paginator("scan")
    for page in pages.paginate(TableName=target.outputs["TableName"], ConsistentRead=True):
        for item in page["Items"]:
            yield {name: read(value) for name, value in item.items()}


def _sent(text: str) -> tuple[str, str]:
    """Parse ``sent by email: due_today`` into ("due_today", "email")."""
    channel, _, kind = text.removeprefix("sent by ").partition(": ")
    return kind, channel


def _why(text: str) -> str:
    """Return the reason without its dates."""
    reason = text.partition(": ")[2]
    reason = reason.partition(": today it is about")[0]
    return reason.partition(";")[0].partition(" on 2")[0].partition(" from 2")[0]
