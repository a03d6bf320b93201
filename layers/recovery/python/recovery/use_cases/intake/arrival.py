"""A delivery as it arrives: whose it is, what day it shows, and whether a newer one came before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from recovery.documents.intake.join import StagedLoan
from recovery.documents.intake.manifest import Manifest
from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import (
    BorrowerRow,
    CollateralRow,
    FactRow,
    Kind,
    PartyRow,
    PaymentRow,
)
from recovery.domain.shared.actor import PORTFOLIO_IMPORT, Actor, Role
from recovery.ports.needs import (
    HasCases,
    HasCollateral,
    HasDeliveries,
    HasYesCodes,
    PaymentPorts,
)
from recovery.use_cases.people.record_person_fact import PersonFactPorts
from recovery.use_cases.shared.business_date import business_date, local_date

IMPORT = Actor(id=PORTFOLIO_IMPORT, name="a portfolio file", roles=frozenset({Role.SERVICE}))


class Delivery(Protocol):
    """The validated rows of one delivery."""

    def borrowers(self) -> Iterator[Row[BorrowerRow]]: ...
    def loans(self) -> Iterator[StagedLoan]: ...
    def payments_for_other_loans(self) -> Iterator[Row[PaymentRow]]: ...
    def parties(self) -> Iterator[Row[PartyRow]]: ...
    def collateral(self) -> Iterator[Row[CollateralRow]]: ...
    def facts(self) -> Iterator[Row[FactRow]]: ...
    def refused_files(self) -> frozenset[Kind]: ...
    def names_loan(self, loan_id: str) -> bool: ...


class ImportPorts(
    PaymentPorts,
    PersonFactPorts,
    HasCases,
    HasCollateral,
    HasYesCodes,
    HasDeliveries,
    Protocol,
):
    """Where a portfolio is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the import of one delivery goes by.

    ``as_of`` is the business date that the files show, ``schedule_on`` from when a changed schedule
    is owed, ``today`` the institution's business date and ``latest`` the last day that has come
    there. ``newer_as_of`` is set if a later state was taken up before.
    """

    institution_id: str
    delivery_id: str
    source: str
    as_of: date
    schedule_on: date
    is_full: bool
    now: datetime
    today: date
    latest: date
    has_people: bool
    newer_as_of: date | None


def arrive(
    institution_id: str, delivery_id: str, manifest: Manifest, now: datetime, ports: ImportPorts
) -> Arrival:
    """Find out what to go by.

    Files that do not say what day they show show the business date; no day to come is known yet.
    """
    today = business_date(institution_id, now, ports.institutions)
    latest = max(today, local_date(institution_id, now, ports.institutions))
    last = ports.deliveries.last(manifest.source)
    newest = last.as_of if last else date.min
    as_of = min(manifest.as_of or max(today, newest), latest)
    return Arrival(
        institution_id=institution_id,
        delivery_id=delivery_id,
        source=manifest.source,
        as_of=as_of,
        # The business date opens later in the day than files may come.
        schedule_on=min(manifest.schedule_from_on or as_of, today),
        is_full=manifest.full,
        now=now,
        today=today,
        latest=latest,
        has_people="borrowers" in manifest.files,
        newer_as_of=newest if newest > as_of else None,
    )
