"""What filing costs, and whether a lawyer must do it. Neither makes a procedure open or closed."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.domain.judicial.amount import Claim
from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import Detail, Finding
from recovery.domain.judicial.law import Law
from recovery.domain.judicial.rules import FeeRule
from recovery.domain.shared.money import Money

FEE, NOTE = "court_fee", "fee_note"


def costs(procedure: str, facts: Facts, claim: Claim, law: Law) -> Iterator[Finding]:
    """Yield the court's fee, if it is known, what the last table said, and the lawyer's part."""
    amount_minor = claim.total_minor(with_interest=True)
    for fee in law.all(lambda rules: rules.fees):
        if procedure in fee.procedures:
            yield from _fee(fee, facts, amount_minor)
            yield from _earlier_table(fee, facts, amount_minor, law)
    for lawyer in law.all(lambda rules: rules.lawyers):
        if procedure in lawyer.procedures:
            required = lawyer.required and (
                lawyer.over_minor is None or amount_minor > lawyer.over_minor
            )
            yield Finding(effect="informs", rule=lawyer, details={"lawyer_required": required})


def out_of_proportion(found: Iterator[Finding], claim: Claim, law: Law) -> Iterator[Finding]:
    """Pass on what was found; add an advice if the court costs more than the claim brings."""
    for each in found:
        yield each
        fee = each.details.get(FEE)
        if isinstance(fee, Money) and fee.amount_minor > claim.principal_minor:
            rule = law.point("claim.proportion")
            yield Finding(effect="informs", rule=rule, details={"advice": rule.says})


def fee_minor(fee: FeeRule, facts: Facts, amount_minor: int) -> int | None:
    """Return the fee of a claim, None if it was not found. Who claims is a company unless known."""
    row = fee.row_for(amount_minor)
    if row is None:
        return None
    own = row.person_minor if facts.creditor_is_person else row.company_minor
    exempt = fee.exempt_up_to_minor is not None and amount_minor <= fee.exempt_up_to_minor
    return 0 if exempt and facts.title not in fee.unless_titles else own


def _fee(fee: FeeRule, facts: Facts, amount_minor: int) -> Iterator[Finding]:
    found_minor = fee_minor(fee, facts, amount_minor)
    details: dict[str, Detail] = {NOTE: fee.note} if fee.note else {}
    if found_minor is not None:
        details[FEE] = Money(found_minor, facts.currency)
    yield Finding(effect="informs", rule=fee, details=details)


def _earlier_table(fee: FeeRule, facts: Facts, amount_minor: int, law: Law) -> Iterator[Finding]:
    """A table that others confirm helps whoever must confirm the one in force."""
    assert law.pack.own is not None
    earlier = [e for e in law.pack.own.fees if e.id == fee.id and e.valid_from < fee.valid_from]
    if fee.confidence == "H" or not earlier:
        return
    last = max(earlier, key=lambda each: each.valid_from)
    found_minor = fee_minor(last, facts, amount_minor)
    if found_minor is not None:
        name = f"court_fee_{last.valid_from.year}_table"
        details = {name: Money(found_minor, facts.currency)}
        yield Finding(effect="informs", rule=last, details=details)
