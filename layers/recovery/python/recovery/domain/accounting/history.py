"""The history of a loan: dated facts, any of which can arrive late.

Facts are stored as reported and never edited. What is owed on a date follows from the facts up to
that date, so a back-dated payment, reversal or pause recomputes history, and the order of arrival
does not matter.
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
from recovery.domain.accounting.write_off import LossClass

ComponentName = Literal["principal", "interest", "fee", "penalty"]


@dataclass(frozen=True, slots=True)
class Reversal:
    """The payment was a mistake: from ``on``, it counts as never received."""

    payment_id: str
    on: date


@dataclass(frozen=True, slots=True)
class Chargeback:
    """On ``on``, the payer's bank took back ``amount_minor`` of a payment.

    Unlike a reversal, it leaves the past unchanged: the amount is owed again from then on.
    ``reason_code`` is the scheme's, such as AM04 (ISO 20022 external code ExternalReturnReason1).
    """

    payment_id: str
    on: date
    amount_minor: int
    reason_code: str | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee or penalty owed from ``on``, in minor units.

    It goes on the named instalment, or else on the first one due on or after that date.
    """

    on: date
    component: Literal["fee", "penalty"]
    amount_minor: int
    instalment: int | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """On ``on``, the institution waived the unpaid amount of one component.

    ``amount_minor`` None waives all of it; ``instalment`` None covers every instalment, oldest
    first. A waiver never exceeds what is unpaid.
    """

    on: date
    component: ComponentName
    amount_minor: int | None = None
    instalment: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduleVersion:
    """A restructuring: from the end of ``on``, these instalments replace the previous ones.

    Instalments that continue keep their numbers. ``days_past_due`` is frozen at the restructuring,
    so reports can show it separately. ``due_before`` is the total due on all instalments when the
    version was made, before ``waived``: a back-dated charge, chargeback or waiver learned later
    changes that total, and the difference is carried forward. ``annual_rate_pct`` is the rate from
    then on; None keeps the previous rate.
    """

    version: int
    on: date
    kind: str
    instalments: tuple[Instalment, ...]
    days_past_due: int = 0
    due_before: Components | None = None
    waived: Components = NOTHING
    annual_rate_pct: Decimal | None = None


@dataclass(frozen=True, slots=True)
class WriteOff:
    """At the end of ``on``, the institution gave up ``amount_minor`` of what is unpaid.

    None gives up everything. The debt remains, and money that still comes is recovered. A part is
    taken from the last instalments, so that days past due stay as they are. ``loss_class`` is why
    it is lost.
    """

    on: date
    amount_minor: int | None = None
    loss_class: LossClass = LossClass.CREDIT


Fact = Charge | Chargeback | Payment | ScheduleVersion | Waiver | WriteOff
# Order of facts on the same date.
_ORDER = {Charge: 0, Payment: 1, Chargeback: 2, Waiver: 3, ScheduleVersion: 4, WriteOff: 5}


@dataclass(frozen=True, slots=True)
class History:
    """All facts about one loan, in any order."""

    payments: tuple[Payment, ...] = ()
    reversals: tuple[Reversal, ...] = ()
    chargebacks: tuple[Chargeback, ...] = ()
    charges: tuple[Charge, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    pauses: tuple[Pause, ...] = ()
    versions: tuple[ScheduleVersion, ...] = ()
    write_offs: tuple[WriteOff, ...] = ()

    def until(self, as_of: date) -> History:
        """Return the facts up to and including ``as_of``, less the payments reversed by then."""
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
            write_offs=tuple(each for each in self.write_offs if each.on <= as_of),
        )

    def facts(self) -> Iterator[tuple[date, Fact]]:
        """Yield the facts that change amounts, in canonical order."""
        facts: list[Fact] = [*self.charges, *self.chargebacks, *self.payments, *self.waivers]
        facts += [*self.versions, *self.write_offs]
        for on, _, _, fact in sorted(map(_ordered, facts), key=itemgetter(0, 1, 2)):
            yield on, fact


def _ordered(fact: Fact) -> tuple[date, int, str, Fact]:
    if isinstance(fact, Payment):
        return fact.value_date, _ORDER[Payment], fact.payment_id, fact
    if isinstance(fact, ScheduleVersion):
        return fact.on, _ORDER[ScheduleVersion], f"{fact.version:09}", fact
    return fact.on, _ORDER[type(fact)], repr(fact), fact
