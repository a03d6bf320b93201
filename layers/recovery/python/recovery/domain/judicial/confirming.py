"""Facts that a decision takes as given though nobody stated them: a person confirms each."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.domain.judicial.amount import highest_rate
from recovery.domain.judicial.enforceable import documents_to_confirm
from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import Asked
from recovery.domain.judicial.law import Law
from recovery.domain.judicial.lawful_rates import RateLimit
from recovery.domain.judicial.limitation_findings import for_a_lawyer
from recovery.domain.judicial.rules import ProcedureRule

NOT_CHECKED = Asked("amicable", "whether friendly ways are exhausted was not checked")


def to_confirm(facts: Facts, rule: ProcedureRule, law: Law) -> Iterator[Asked]:
    """Yield what nobody said and the answer depends on, by the name of the fact."""
    if facts.amicable is None:
        yield NOT_CHECKED
    if facts.debtor_type is None:
        yield Asked("debtor_type", "treated as a consumer")
    if facts.creditor_is_person is None:
        yield Asked("creditor_type", "the court's fee is a company's")
    if facts.due is None and facts.history is None and facts.stage is None:
        yield Asked("due", "whether the claim has prescribed was not checked")
    elif facts.acts is None and facts.history is None and facts.stage is None:
        yield Asked("interruptions", "none was counted")
    yield from for_a_lawyer(facts, law)
    if facts.dispute is None:
        yield Asked("dispute", "taken as not disputed")
    if rule.basis == "judicial_title":
        yield Asked("stage", "enforcement waits, and ends, from the day of the decision")
    closed_when = {each.when for each in law.bars(rule.procedure)}
    if "address_unknown" in closed_when and facts.address_known is None:
        yield Asked("address_known", "taken as known")
    if "not_liquid" in closed_when and facts.liquid is None:
        yield Asked("liquid_due", "taken as determined and due")
    if "no_document" in closed_when and facts.title is None:
        yield Asked("title", "a document is taken to exist")
    talks = facts.negotiation
    if "negotiation" in rule.needs and talks and talks.reply and talks.closed is None:
        yield Asked("masc.closed", "after a reply the talks end by a written word, on its day")
    if "notice_of_balance" in rule.needs:
        yield from documents_to_confirm(facts)
    if facts.home_mortgage and facts.half is None:
        yield Asked("elapsed", "the stricter thresholds of the second half were used")
    yield from _about_a_consumer(facts, law)


def _about_a_consumer(facts: Facts, law: Law) -> Iterator[Asked]:
    if not facts.debtor_is_consumer:
        return
    by_credit = any(each.unless_credit_up_to_minor for each in law.all(lambda rules: rules.bars))
    if by_credit and facts.consumer_credit is not False and facts.credit_sum_minor is None:
        yield Asked("credit_sum", "another court may hear a consumer credit")
    if facts.late_rate_pct is None and _is_limited(facts, law):
        yield Asked("late_rate", "taken not to be unfair")
    elif facts.late_rate_pct is not None and facts.ordinary_rate_pct is None:
        yield Asked("ordinary_rate", "the highest lawful late rate depends on it")
    after = facts.accelerates_after
    if facts.accelerated is None and after is None:
        yield Asked("acceleration_requested", "only what is due is taken to be claimed")
    if facts.accelerated is not False and after is not None and after > 1:
        yield Asked("acceleration_clause", "a judge weighs the default against term and amount")
    if facts.letter and facts.letter.amount_stated_minor is None:
        yield Asked("letter14.amount_stated", "it must be the lawful costs")


def _is_limited(facts: Facts, law: Law) -> bool:
    """Whether the law limits the late rate of such a debt."""
    limit = highest_rate(facts, law)
    return limit == "ordinary_rate_unknown" or (
        isinstance(limit, RateLimit) and limit.most_pct is not None
    )
