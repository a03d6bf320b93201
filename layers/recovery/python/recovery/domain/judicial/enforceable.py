"""What must come before a deed or a mortgage is enforced without a judgment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import Asked, Finding
from recovery.domain.judicial.law import Law

_TELL_DEBTOR = "NOTICE_OF_LIQUIDATED_BALANCE_TO_DEBTOR"
_TELL_GUARANTOR = "NOTICE_OF_LIQUIDATED_BALANCE_TO_GUARANTOR"
_CERTIFICATE, _NOTARISED = "BALANCE_CERTIFICATE", "NOTARISED_LIQUIDATION"
TOO_LITTLE = "LCCI24_THRESHOLD_NOT_MET"
_DEMAND = "ONE_MONTH_DEMAND"
_DAY = timedelta(days=1)


def notice_of_balance(facts: Facts, law: Law) -> Iterator[Finding]:
    """Yield what the balance lacks: its documents, and that all who owe it were told."""
    if facts.agreement and facts.agreement.form == "deed":  # it states its own amount
        return
    documents, notice = law.point("balance.documents"), law.point("balance.notice")
    if facts.balance_certificate is False:
        yield Finding(effect="needs", rule=documents, code=_CERTIFICATE)
    if facts.notarised_liquidation is False:
        yield Finding(effect="needs", rule=documents, code=_NOTARISED)
    if facts.debtor_told is None:
        yield Finding(effect="needs", rule=notice, code=_TELL_DEBTOR)
    if facts.guarantor and facts.guarantor_told is None:
        yield Finding(effect="needs", rule=notice, code=_TELL_GUARANTOR)
    yield Finding(effect="permits", rule=documents)
    yield Finding(effect="permits", rule=notice)


def documents_to_confirm(facts: Facts) -> Iterator[Asked]:
    """Yield the documents of the balance that nobody spoke of."""
    if facts.agreement and facts.agreement.form == "deed":
        return
    for name in ("liquidation_clause", "balance_certificate", "notarised_liquidation"):
        if getattr(facts, name) is None:
            yield Asked(name, "the title is enforced only with it")
    if facts.guarantor is None:
        yield Asked("guarantor", "a guarantor must be told of the balance too")


def notice_of_mortgage(facts: Facts, law: Law) -> Iterator[Finding]:
    """Yield what the call of a loan on a home lacks; not known in which half, the second counts."""
    half = facts.half or "second"
    found = (e for e in law.all(lambda rules: rules.home_mortgages) if e.half == half)
    threshold = next(found, None)
    point = law.point("acceleration.home_mortgage")
    ratio, months = facts.overdue_capital_ratio, facts.overdue_months
    if threshold is None or not (
        (ratio is not None and ratio >= threshold.least_capital_ratio)
        or (months is not None and months >= threshold.least_months)
    ):
        yield Finding(effect="stops", rule=threshold or point, code=TOO_LITTLE)
        return
    yield Finding(effect="permits", rule=threshold)
    demand = law.term("home_mortgage.demand")
    if facts.notice_sent is None:
        yield Finding(effect="needs", rule=demand, code=_DEMAND)
        return
    last_day = law.last_day(demand, facts.notice_sent)
    if law.on <= last_day:
        details = {"earliest_filing": last_day + _DAY}
        yield Finding(effect="needs", rule=demand, code=_DEMAND, details=details)
        return
    yield Finding(effect="permits", rule=demand)
