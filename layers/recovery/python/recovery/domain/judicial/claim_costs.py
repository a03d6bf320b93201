"""The costs of collection that a claim may have, from the day on which they are owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.judicial.claim_account import Account, ClaimLine
from recovery.domain.judicial.claim_facts import ClaimFacts, Collection
from recovery.domain.judicial.claim_rules import ClaimPack
from recovery.domain.judicial.collection_costs import (
    Costs,
    Fault,
    Letter,
    collection_costs,
    letter_expires,
    letter_faults,
    letter_rule,
    states_too_much,
    vat_minor,
)
from recovery.domain.shared.packs import Rule

_DAY = timedelta(days=1)


@dataclass(slots=True)
class CostsDue:
    """When costs begin to be owed, and what for; ``faults`` are why none are.

    Only parts that were due when they were asked for count (``asked_on``), with what is still
    unpaid of them on ``owed_on``, after that day's payments.
    """

    collection: Collection | None
    pack: ClaimPack
    currency: str
    asked_on: date | None
    owed_on: date | None
    faults: tuple[Fault, ...]
    rules: tuple[Rule, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which the statement must look at what is unpaid."""
        return tuple(each for each in (self.asked_on, self.owed_on) if each is not None)

    def lines(self, on: date, accounts: Sequence[Account]) -> Iterator[ClaimLine]:
        """Yield the costs that begin to be owed after this day."""
        asked = self.collection
        if asked is None:
            return
        if asked.letter is not None and on == self.asked_on and self.rules:
            self._check_amount(asked.letter, accounts, on)
        if on != self.owed_on or self.faults:
            return
        found = self._costs(self._principal(accounts), on)
        if found is None:
            return
        vat = vat_minor(found.amount_minor, asked.vat_pct, self.pack, on)
        costs = found.amount_minor
        letter = asked.letter
        if letter is not None and letter.amount_stated_minor is not None:
            costs = min(costs, letter.amount_stated_minor)
            vat = min(vat, letter.amount_stated_minor - costs)
        base = self._principal(accounts)
        rules = (*found.rules, *self.rules)
        if costs:
            yield ClaimLine(
                kind="collection_costs",
                amount_minor=costs,
                from_on=on + _DAY,
                base_minor=base,
                rules=rules,
            )
        if vat:
            yield ClaimLine(
                kind="vat",
                amount_minor=vat,
                from_on=on + _DAY,
                base_minor=costs,
                rules=found.rules,
            )

    def lost_minor(self, accounts: Sequence[Account]) -> int:
        """Return what a right letter could ask for now, and this one does not make due."""
        if self.owed_on is None:
            return 0
        found = self._costs(sum(each.principal for each in accounts), self.owed_on)
        return 0 if found is None else found.amount_minor

    def _check_amount(self, letter: Letter, accounts: Sequence[Account], on: date) -> None:
        """Hold the amount in the letter against what was unpaid when it was sent."""
        if "sent_before_default" in self.faults:
            return  # nothing was unpaid yet
        found = self._costs(self._principal(accounts), on)
        percent = None if self.collection is None else self.collection.vat_pct
        lawful = 0 if found is None else found.amount_minor
        if states_too_much(letter, lawful + vat_minor(lawful, percent, self.pack, on)):
            self.faults = (*self.faults, "amount_too_high")

    def _principal(self, accounts: Iterable[Account]) -> int:
        asked_on = self.asked_on or date.max
        return sum(each.principal for each in accounts if each.due_on < asked_on)

    def _costs(self, principal_minor: int, on: date) -> Costs | None:
        earlier = () if self.collection is None else self.collection.earlier
        return collection_costs(principal_minor, self.pack, self.currency, on, earlier)


def costs_due(
    facts: ClaimFacts, pack: ClaimPack, as_of: date, holidays: frozenset[date]
) -> CostsDue:
    """Return when the costs that are asked for begin to be owed, or why they never do."""
    asked = facts.collection
    nothing = CostsDue(asked, pack, facts.currency, None, None, (), ())
    if asked is None:
        return nothing
    letter = asked.letter
    if collection_costs(1, pack, facts.currency, as_of) is None:
        return CostsDue(asked, pack, facts.currency, None, None, ("no_scale",), ())
    rule = letter_rule(pack, facts.agreed.capacity, letter.sent_on if letter else as_of)
    if rule is None:
        on = asked.on or (letter.sent_on if letter else as_of)
        return CostsDue(asked, pack, facts.currency, on, on, (), ())
    if letter is None:
        return CostsDue(asked, pack, facts.currency, as_of, as_of, ("letter_missing",), (rule,))
    first_due = min(each.due_on for each in facts.parts)
    faults = letter_faults(letter, rule, first_due + _DAY)
    expires = letter_expires(letter, rule, holidays)
    if not faults and expires >= as_of:
        faults = ("term_running",)
    on = min(expires, as_of)
    return CostsDue(asked, pack, facts.currency, letter.sent_on, on, faults, (rule,))
