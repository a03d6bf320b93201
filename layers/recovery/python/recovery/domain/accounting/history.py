"""The history of a loan beside its schedule: dated facts, each of which can come in late.

Facts are kept as they were said and are never edited. What is owed on any date follows from the
facts up to that date, so a back-dated payment, a reversal or a pause recomputes history, and the
order in which facts arrived makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Literal

from recovery.domain.accounting.loan import NOTHING, Components, Instalment, Payment
from recovery.domain.accounting.pauses import Pause

ComponentName = Literal["principal", "interest", "fee", "penalty"]


@dataclass(frozen=True, slots=True)
class Reversal:
    """From ``on``, the payment was a mistake: it is as though it had never come in."""

    payment_id: str
    on: date


@dataclass(frozen=True, slots=True)
class Chargeback:
    """On ``on``, the payer's bank took back so much of a payment that had come in.

    Unlike a reversal it does not change the past: the amount is owed again from here on.
    """

    payment_id: str
    on: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee or a penalty owed from ``on``, in minor units: on the named instalment, or on the
    first one due on that date or later."""

    on: date
    component: Literal["fee", "penalty"]
    amount_minor: int
    instalment: int | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """On ``on``, the institution let go of what was unpaid of one component.

    ``amount_minor`` None is all of it; ``instalment`` None is every instalment, the oldest first.
    What is not owed cannot be waived, so a waiver takes away at most what is unpaid.
    """

    on: date
    component: ComponentName
    amount_minor: int | None = None
    instalment: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduleVersion:
    """From the end of ``on``, a restructuring: these instalments are owed instead of those before.

    Instalments keep their numbers as far as they go on. ``days_past_due`` is frozen: how late the
    loan was when it was restructured, so that reports can show it apart. ``due_before`` is what had
    become due in all when the version was made, before ``waived`` was let go: a charge, chargeback
    or waiver of an earlier date that becomes known later changes that sum, and the difference is
    carried over. ``annual_rate_pct`` is the rate from there on; None: as before.
    """

    version: int
    on: date
    kind: str
    instalments: tuple[Instalment, ...]
    days_past_due: int = 0
    due_before: Components | None = None
    waived: Components = NOTHING
    annual_rate_pct: Decimal | None = None


Fact = Charge | Chargeback | Payment | ScheduleVersion | Waiver
# The order of facts of one date: what is owed, what was paid, what came back, what was let go.
_ORDER = {Charge: 0, Payment: 1, Chargeback: 2, Waiver: 3, ScheduleVersion: 4}


@dataclass(frozen=True, slots=True)
class History:
    """All facts of one loan, in any order."""

    payments: tuple[Payment, ...] = ()
    reversals: tuple[Reversal, ...] = ()
    chargebacks: tuple[Chargeback, ...] = ()
    charges: tuple[Charge, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    pauses: tuple[Pause, ...] = ()
    versions: tuple[ScheduleVersion, ...] = ()

    def until(self, as_of: date) -> History:
        """The facts up to and including ``as_of``, without the payments reversed by then."""
        reversed_ids = {each.payment_id for each in self.reversals if each.on <= as_of}
        return replace(
            self,
            payments=tuple(
                each
                for each in self.payments
                if each.value_date <= as_of and each.payment_id not in reversed_ids
            ),
            reversals=(),
            chargebacks=tuple(
                each
                for each in self.chargebacks
                if each.on <= as_of and each.payment_id not in reversed_ids
            ),
            charges=tuple(each for each in self.charges if each.on <= as_of),
            waivers=tuple(each for each in self.waivers if each.on <= as_of),
            versions=tuple(each for each in self.versions if each.on <= as_of),
        )

    def facts(self) -> Iterator[tuple[date, Fact]]:
        """What changes amounts, in the one order that counts, whatever the order of arrival."""
        facts: list[Fact] = [*self.charges, *self.chargebacks, *self.payments, *self.waivers]
        facts += self.versions
        for on, _, _, fact in sorted(map(_ordered, facts), key=itemgetter(0, 1, 2)):
            yield on, fact


def _ordered(fact: Fact) -> tuple[date, int, str, Fact]:
    if isinstance(fact, Payment):
        return fact.value_date, _ORDER[Payment], fact.payment_id, fact
    if isinstance(fact, ScheduleVersion):
        return fact.on, _ORDER[ScheduleVersion], f"{fact.version:09}", fact
    return fact.on, _ORDER[type(fact)], repr(fact), fact
