"""A collective relief as a TOML file: see ``ReliefRule``."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from recovery.documents.shared.fields import CURRENCY, PRINTABLE, AmountText, Day
from recovery.documents.shared.plain import to_plain
from recovery.documents.shared.problems import InvalidDocumentError, validated
from recovery.domain.agreements.relief_rule import RESTS, ReliefRule, Whom, rule_problems
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.money import MoneyError, to_decimal_text, to_minor

_ID = r"^[a-z0-9]+([._-][a-z0-9]+)*$"
_REMEDIES = {
    "": "Write a TOML file; `recovery relief example` prints one",
    "id": "Use up to 32 small letters and digits, joined by dots, hyphens or underscores",
}
_Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=PRINTABLE),
]
_Names = Annotated[tuple[_Name, ...], Field(max_length=10_000, strict=False)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _WhomBody(_Body):
    places: _Names = ()
    sectors: _Names = ()
    employers: _Names = ()
    branches: _Names = ()
    portfolios: _Names = ()
    products: _Names = ()
    purposes: Annotated[
        tuple[Literal["consumer", "business", "mixed"], ...], Field(strict=False)
    ] = ()
    secured: bool | None = None


class _RuleBody(_Body):
    id: Annotated[str, StringConstraints(pattern=_ID, max_length=32)]
    source: str
    confidence: Literal["H", "M", "U"]
    valid_from: Day
    valid_to: Day | None = None
    review_by: Day
    whom: _WhomBody = _WhomBody()
    starts_on: Day | None = None
    months: int
    interest_only_months: int = 0
    interest_runs: bool = False
    moves_due_dates: bool = True
    on_application: bool = False
    needs_proof: bool = False
    by_law: bool = False
    guarantors_second: bool = False
    largest_turnover: AmountText | None = None
    currency: Annotated[str, StringConstraints(pattern=CURRENCY)] | None = None
    rests: Annotated[tuple[str, ...], Field(strict=False)] = RESTS


def read_relief_rule(text: str) -> ReliefRule:
    """Read a rule. Raises InvalidDocumentError with every problem."""
    try:
        values = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        problem = Problem("file", f"is not TOML: {error}"[:200], _REMEDIES[""])
        raise InvalidDocumentError(problem) from None
    return relief_rule_of(values)


def relief_rule_of(values: dict[str, Any]) -> ReliefRule:
    """Read the fields of a rule. Raises InvalidDocumentError with every problem."""
    body = validated(_RuleBody, values, whole="file", remedies=_REMEDIES)
    problems: list[Problem] = []
    largest_minor = None
    if body.largest_turnover is not None and body.currency is None:
        remedy = "Add the currency that it is in"
        problems.append(Problem("currency", "is missing for the turnover", remedy, "missing"))
    elif body.largest_turnover is not None and body.currency is not None:
        try:
            largest_minor = to_minor(body.largest_turnover, body.currency)
        except MoneyError as error:
            remedy = 'Write a decimal number such as "125000.00"'
            problems.append(Problem("largest_turnover", str(error), remedy))
    rule = ReliefRule(
        relief_id=body.id,
        whom=Whom(**{name: getattr(body.whom, name) for name in _WhomBody.model_fields}),
        largest_turnover_minor=largest_minor,
        **{
            name: getattr(body, name)
            for name in _RuleBody.model_fields
            if name not in ("id", "whom", "largest_turnover")
        },
    )
    problems += rule_problems(rule)
    if problems:
        raise InvalidDocumentError(*problems)
    return rule


def relief_rule_document(rule: ReliefRule) -> dict[str, Any]:
    """Return the rule for people to read, without what it leaves as it is."""
    plain = to_plain(rule)
    document = {"id": plain.pop("relief_id"), **plain}
    if rule.largest_turnover_minor is not None and rule.currency:
        minor = document.pop("largest_turnover_minor")
        document["largest_turnover"] = to_decimal_text(minor, rule.currency)
    return document


def drafted(
    whom: dict[str, list[str]], starts_on: date, months: int, today: date, source: str
) -> ReliefRule:
    """Return the rule that a few options of the command line say, to look what it would do.

    Nobody has to ask for it. Raises InvalidDocumentError.
    """
    named = {name: names for name, names in whom.items() if names}
    words = [each for names in named.values() for each in names][:1] or ["relief"]
    slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in words[0].casefold())
    slug = "-".join(filter(None, slug.split("-")))[:20].strip("-") or "relief"
    return relief_rule_of(
        {
            "id": f"{slug}-{starts_on:%Y%m%d}",
            "source": source,
            "confidence": "H",
            "valid_from": starts_on.isoformat(),
            "review_by": date(max(today, starts_on).year + 1, 12, 31).isoformat(),
            "starts_on": starts_on.isoformat(),
            "months": months,
            "whom": named,
        }
    )
