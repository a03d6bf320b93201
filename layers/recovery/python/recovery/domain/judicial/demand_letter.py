"""The last demand that a consumer must have had before costs may be charged, and those costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from recovery.domain.judicial.amount import Claim
from recovery.domain.judicial.facts import Facts, Letter
from recovery.domain.judicial.finding import Detail, Finding
from recovery.domain.judicial.law import Law, words_say
from recovery.domain.judicial.rules import CostScaleRule
from recovery.domain.shared.money import Money
from recovery.domain.shared.rounding import to_multiple

_MISSING, _RENEW = "LETTER_14_DAYS", "NEW_VALID_LETTER_14_DAYS"
_TOO_SHORT = "LETTER_TERM_TOO_SHORT"
_COSTS, _UNCAPPED = "bik", "uncapped"
_DAY = timedelta(days=1)


def demand_letter(facts: Facts, claim: Claim, law: Law) -> Iterator[Finding]:
    """Yield what the letter lacks, and the costs that are due: none without a valid letter.

    Only consumers must have had one; whoever might be a consumer is one.
    """
    scale = law.find_scale()
    if scale is None:
        return
    if not facts.debtor_is_consumer:
        yield _costs(scale, claim.principal_minor, facts.currency)
        return
    lacking = list(_lacking(facts, claim, scale, law))
    yield from lacking
    if any(each.effect == "needs" for each in lacking):
        yield Finding(effect="informs", rule=scale, details={_COSTS: Money(0, facts.currency)})
        return
    stated = facts.letter.amount_stated_minor if facts.letter else None
    yield _costs(scale, claim.principal_minor, facts.currency, at_most_minor=stated)


def collection_costs(scale: CostScaleRule, principal_minor: int) -> tuple[int, int]:
    """Return the costs of a claim, and what they would be without the highest amount."""
    exact, from_minor = Fraction(0), 0
    for step in scale.steps:
        to_minor = principal_minor if step.up_to_minor is None else step.up_to_minor
        part_minor = max(min(principal_minor, to_minor) - from_minor, 0)
        exact += Fraction(part_minor) * Fraction(step.percent) / 100
        from_minor = to_minor
    uncapped_minor = max(to_multiple(exact, "half_up"), scale.least_minor)
    return min(uncapped_minor, scale.most_minor), uncapped_minor


def _costs(
    scale: CostScaleRule, principal_minor: int, currency: str, at_most_minor: int | None = None
) -> Finding:
    costs_minor, uncapped_minor = collection_costs(scale, principal_minor)
    details: dict[str, Detail] = {}
    if uncapped_minor > costs_minor:
        details[_UNCAPPED] = Money(uncapped_minor, currency)
    if at_most_minor is not None:
        costs_minor = min(costs_minor, at_most_minor)
    details[_COSTS] = Money(costs_minor, currency)
    return Finding(effect="informs", rule=scale, details=details)


def _lacking(facts: Facts, claim: Claim, scale: CostScaleRule, law: Law) -> Iterator[Finding]:
    """Yield what stands between the letter and costs; else that its term is over."""
    letter, needed = facts.letter, law.point("letter.needed")
    if letter is None or (letter.sent is None and letter.received is None):
        yield Finding(effect="needs", rule=needed, code=_MISSING)
        return
    words = law.find_words("letter")
    valid = words_say(words, letter.wording) if words else None
    if not valid or words is None:
        yield Finding(effect="needs", rule=words or needed, code=_RENEW)
        if valid is False and words is not None:
            yield Finding(effect="closes", rule=words, code=_TOO_SHORT)
        return
    if _states_too_much(facts, claim, scale) or _came_too_early(facts, letter):
        yield Finding(effect="needs", rule=needed, code=_RENEW)
        return
    yield _term(letter, law)


def _states_too_much(facts: Facts, claim: Claim, scale: CostScaleRule) -> bool:
    """Whether it asked for more than the law allowed on what was owed when it was sent."""
    stated = facts.letter.amount_stated_minor if facts.letter else None
    owed_minor = claim.principal_minor + facts.paid_in_time_minor
    return stated is not None and stated > collection_costs(scale, owed_minor)[0]


def _came_too_early(facts: Facts, letter: Letter) -> bool:
    """Whether it came before the debtor was in default."""
    day = letter.sent or letter.received
    return facts.due is not None and day is not None and day <= facts.due


def _term(letter: Letter, law: Law) -> Finding:
    """The term runs from the day after receipt, which is presumed some days after posting."""
    received = letter.received or _presumed(letter.sent, law)
    term = law.term("letter.term")
    expires = law.last_day(term, received)
    details: dict[str, Detail] = {"deemed_received": received, "letter_expires": expires}
    if law.on <= expires:
        details["earliest_filing"] = expires + _DAY
        return Finding(effect="needs", rule=term, code=_MISSING, details=details)
    return Finding(effect="permits", rule=term, details=details)


def _presumed(sent: date | None, law: Law) -> date:
    assert sent is not None
    return law.last_day(law.term("letter.receipt"), sent)
