"""Whose yes an agreement on a loan needs, by its parties and the law of its contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.party import debtors, parties_at, sureties
from recovery.domain.agreements.people_rules import PeoplePack, PeopleRules
from recovery.domain.agreements.signing_rules import SigningRule
from recovery.domain.shared.packs import may_permit


@dataclass(frozen=True, slots=True)
class Signing:
    """The ids of the debtors, of whom all or one say yes; and of the guarantors who are free unless
    they consent. ``source`` is the rule's."""

    debtors: tuple[str, ...]
    one_is_enough: bool
    guarantors: tuple[str, ...]
    source: str

    def missing(self, signed_by: Iterable[str]) -> tuple[str, ...]:
        """Return the debtors whose yes is missing."""
        signed = set(signed_by) & set(self.debtors)
        if self.one_is_enough and signed:
            return ()
        return tuple(each for each in self.debtors if each not in signed)


def who_signs(
    loan: Loan,
    recorded: Recorded,
    on: date,
    pack: PeoplePack,
    kind: str,
    objected: Iterable[str] = (),
) -> Signing:
    """Return whose yes an agreement of this kind needs on this day.

    ``objected`` are debtors who objected in writing. A rule that nobody verified spares nobody.
    """
    parties = parties_at(recorded.parties_said(), loan.borrower_id, on)
    own = tuple(dict.fromkeys(each.person_id for each in debtors(parties)))
    others = dict.fromkeys(each.person_id for each in sureties(parties))
    rule = _rule(pack, kind, on)
    permits = may_permit(rule, on)
    spares = permits and rule.debtors == "one" and not set(objected) & set(own)
    are_bound = permits and not rule.frees_guarantors
    return Signing(
        debtors=own,
        one_is_enough=spares,
        guarantors=() if are_bound else tuple(each for each in others if each not in own),
        source=rule.source,
    )


def _rule(pack: PeoplePack, kind: str, on: date) -> SigningRule:
    def of_kind(rules: PeopleRules) -> Iterator[SigningRule]:
        return (each for each in rules.signing if each.is_about(kind))

    found = pack.in_force(of_kind, on)
    assert found, "the careful default has a rule for every kind"
    return max(found, key=lambda each: bool(each.kinds))
