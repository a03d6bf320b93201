"""The last demand that a consumer must have had before costs may be charged, and those costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery.domain.judicial.amount import Claim
from recovery.domain.judicial.claim_rules import LetterRule
from recovery.domain.judicial.collection_costs import (
    Costs,
    collection_costs,
    deemed_received,
    letter_expires,
    letter_rule,
    vat_minor,
)
from recovery.domain.judicial.collection_costs import Letter as SentLetter
from recovery.domain.judicial.facts import Facts, Letter
from recovery.domain.judicial.finding import Detail, Finding
from recovery.domain.judicial.law import Law, words_say
from recovery.domain.judicial.rules import JudicialRule
from recovery.domain.shared.money import Money

_MISSING, _RENEW = "LETTER_14_DAYS", "NEW_VALID_LETTER_14_DAYS"
_TOO_SHORT = "LETTER_TERM_TOO_SHORT"
_COSTS, _VAT, _UNCAPPED = "bik", "bik_vat", "uncapped"
_DAY = timedelta(days=1)


def demand_letter(facts: Facts, claim: Claim, law: Law) -> Iterator[Finding]:
    """Yield what the letter lacks, and the costs that are due: none without a valid letter.

    Only consumers must have had one; whoever might be a consumer is one.
    """
    costs = _costs(claim.principal_minor, facts, law)
    if costs is None:
        return
    rule = letter_rule(law.claims, "consumer", law.on) if facts.debtor_is_consumer else None
    if rule is None:
        yield from _owed(costs, facts, law)
        return
    lacking = list(_lacking(facts, claim, rule, law))
    yield from lacking
    if any(each.effect == "needs" for each in lacking):
        none = {_COSTS: Money(0, facts.currency)}
        yield Finding(effect="informs", rule=_scale(costs), details=none)
        return
    stated = facts.letter.amount_stated_minor if facts.letter else None
    yield from _owed(costs, facts, law, at_most_minor=stated)


def _costs(principal_minor: int, facts: Facts, law: Law) -> Costs | None:
    """Return what collecting this principal may cost, after what was charged before."""
    return collection_costs(
        principal_minor, law.claims, facts.currency, law.on, earlier=facts.costs_before
    )


def _vat_minor(costs_minor: int, facts: Facts, law: Law) -> int:
    return vat_minor(costs_minor, facts.vat_lost_pct, law.claims, law.on)


def _scale(costs: Costs) -> JudicialRule:
    """Return the rule that decided the costs: where small claims share them, the one on that."""
    rule = costs.rules[-1]
    assert isinstance(rule, JudicialRule)
    return rule


def _owed(
    costs: Costs, facts: Facts, law: Law, at_most_minor: int | None = None
) -> Iterator[Finding]:
    owed_minor, vat = costs.amount_minor, _vat_minor(costs.amount_minor, facts, law)
    if at_most_minor is not None:  # the letter asked for less, VAT included
        owed_minor = min(owed_minor, at_most_minor)
        vat = min(vat, at_most_minor - owed_minor)
    details: dict[str, Detail] = {}
    if costs.uncapped_minor > costs.amount_minor:
        details[_UNCAPPED] = Money(costs.uncapped_minor, facts.currency)
    details[_COSTS] = Money(owed_minor, facts.currency)
    if vat:
        details[_VAT] = Money(vat, facts.currency)
    yield Finding(effect="informs", rule=_scale(costs), details=details)


def _lacking(facts: Facts, claim: Claim, rule: LetterRule, law: Law) -> Iterator[Finding]:
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
    if letter.term_days is not None and letter.term_days < rule.days:
        yield Finding(effect="needs", rule=rule, code=_RENEW)
        yield Finding(effect="closes", rule=rule, code=_TOO_SHORT)
        return
    if _states_too_much(facts, claim, law) or _came_too_early(facts, letter):
        yield Finding(effect="needs", rule=needed, code=_RENEW)
        return
    yield _term(_read(letter), rule, law)


def _states_too_much(facts: Facts, claim: Claim, law: Law) -> bool:
    """Whether it asked for more than the law allowed on what was owed when it was sent."""
    stated = facts.letter.amount_stated_minor if facts.letter else None
    lawful = _costs(claim.principal_minor + facts.paid_in_time_minor, facts, law)
    if stated is None or lawful is None:
        return False
    return stated > lawful.amount_minor + _vat_minor(lawful.amount_minor, facts, law)


def _came_too_early(facts: Facts, letter: Letter) -> bool:
    """Whether it came before the debtor was in default."""
    day = letter.sent or letter.received
    return facts.due is not None and day is not None and day <= facts.due


def _read(letter: Letter) -> SentLetter:
    sent = letter.sent or letter.received
    assert sent is not None
    return SentLetter(sent_on=sent, received_on=letter.received)


def _term(letter: SentLetter, rule: LetterRule, law: Law) -> Finding:
    """The term runs from the day after receipt, which is presumed some days after posting."""
    expires = letter_expires(letter, rule, law.holidays)
    details: dict[str, Detail] = {
        "deemed_received": deemed_received(letter, rule, law.holidays),
        "letter_expires": expires,
    }
    if law.on <= expires:
        details["earliest_filing"] = expires + _DAY
        return Finding(effect="needs", rule=rule, code=_MISSING, details=details)
    return Finding(effect="permits", rule=rule, details=details)
