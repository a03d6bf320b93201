"""The collateral and group repositories' contracts, run against the fakes and DynamoDB.

With them, how a loan's change stores parties and collateral.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

import pytest

from recovery.adapters.dynamodb.borrower_repository import DynamoDbBorrowerRepository
from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository
from recovery.adapters.dynamodb.security_repository import (
    DynamoDbCollateralRepository,
    DynamoDbGroupRepository,
)
from recovery.domain.accounting.collateral import (
    Collateral,
    CollateralRecord,
    InsuranceClaim,
    LifeEvent,
    OpenedClaim,
    Valuation,
)
from recovery.domain.accounting.groups import (
    CollectionSheet,
    Group,
    Member,
    SheetRow,
    sheet_payments,
)
from recovery.domain.accounting.party import Party, PartyRecord
from recovery.domain.outbox import Outbox
from recovery.ports.accounting import (
    CollateralRepository,
    GroupRepository,
    LoanChange,
    LoanRepository,
    SheetExistsError,
    StoredLoan,
)
from recovery.ports.shared import StaleWriteError
from tests.builders import a_borrower, a_loan, a_state
from tests.fakes import FakeCollateralRepository, FakeGroupRepository, FakeLoanRepository

MARCH = date(2026, 3, 9)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
OUTBOX = Outbox("00000002", MARCH)
GUARANTOR = PartyRecord(
    party=Party(
        person_id="G-1",
        role="guarantor",
        from_on=MARCH,
        limit_minor=50_000,
        subsidiary=True,
    ),
    recorded_by="ana",
    recorded_at=NOON,
)
CO_BORROWER = PartyRecord(
    party=Party(
        person_id="C-1",
        role="co_borrower",
        from_on=MARCH,
        liability="share",
        share_pct=Decimal("33.3"),
        until=date(2026, 6, 1),
    ),
    recorded_by="ana",
    recorded_at=NOON,
    ended_by="bea",
    ended_at=NOON,
    ended_because="divorced",
)
INSURANCE = CollateralRecord(
    loan_id="L-1",
    collateral=Collateral(
        collateral_id="K-1",
        kind="credit_life_insurance",
        person_id="B-1",
        from_on=MARCH,
        valuations=(Valuation(MARCH, 100), Valuation(date(2026, 4, 1), 200)),
        covers=frozenset({"death", "disability"}),
        insurer="Kenya Life",
    ),
    recorded_by="ana",
    recorded_at=NOON,
    claims=(
        OpenedClaim(
            InsuranceClaim("claim-1", "K-1", LifeEvent("death", "B-1", MARCH), 100), MARCH, "ana"
        ),
    ),
)


class Repositories(NamedTuple):
    loans: LoanRepository
    collateral: CollateralRepository
    groups: GroupRepository


@pytest.fixture(params=["fake", "dynamodb"])
def repositories(request: pytest.FixtureRequest) -> Repositories:
    if request.param == "fake":
        loans = FakeLoanRepository()
        return Repositories(loans, FakeCollateralRepository(loans), FakeGroupRepository())
    request.getfixturevalue("table")
    return Repositories(
        DynamoDbLoanRepository("umoja", 1),
        DynamoDbCollateralRepository("umoja"),
        DynamoDbGroupRepository("umoja"),
    )


def add(loans: LoanRepository, loan_id: str = "L-1") -> StoredLoan:
    loan = a_loan(loan_id)
    loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    return loans.load(loan_id)


def change(stored: StoredLoan, **what) -> LoanChange:
    return LoanChange(stored.loan, stored.loan, stored.state, OUTBOX, **what)


def test_parties_are_stored_with_the_state_and_found_with_the_facts(repositories) -> None:
    loans = repositories.loans
    stored = add(loans)
    loans.commit(change(stored, parties=(GUARANTOR, CO_BORROWER)))
    assert set(loans.recorded("L-1").parties) == {GUARANTOR, CO_BORROWER}
    assert loans.load("L-1").state.version == stored.state.version + 1
    with pytest.raises(StaleWriteError):
        loans.commit(change(stored, parties=(GUARANTOR,)))


def test_a_persons_rows_are_replaced_together_and_nobody_elses(repositories) -> None:
    loans = repositories.loans
    loans.commit(change(add(loans), parties=(GUARANTOR, CO_BORROWER)))
    ended = replace(GUARANTOR, party=replace(GUARANTOR.party, until=MARCH))
    again = replace(GUARANTOR, party=replace(GUARANTOR.party, from_on=date(2026, 7, 1)))
    loans.commit(change(loans.load("L-1"), parties=(ended, again)))
    assert set(loans.recorded("L-1").parties) == {ended, again, CO_BORROWER}


def test_collateral_is_stored_with_the_state_and_replaced_by_id(repositories) -> None:
    loans, collateral, _ = repositories
    savings = replace(
        INSURANCE,
        collateral=replace(
            INSURANCE.collateral, collateral_id="K-2", kind="pledged_savings", covers=frozenset()
        ),
        claims=(),
    )
    loans.commit(change(add(loans), collateral=(savings, INSURANCE)))
    assert collateral.of_loan("L-1") == (INSURANCE, savings)
    released = replace(INSURANCE, collateral=replace(INSURANCE.collateral, until=MARCH))
    loans.commit(change(loans.load("L-1"), collateral=(released,)))
    assert collateral.of_loan("L-1") == (released, savings)
    assert collateral.of_loan("L-2") == ()


GROUP = Group("G-1", tuple(Member(each, f"L-{each}") for each in "AB"), True, from_on=MARCH)


def a_sheet(sheet_id: str = "S-1") -> CollectionSheet:
    sheet = CollectionSheet(
        sheet_id=sheet_id,
        group_id="G-1",
        met_on=MARCH,
        currency="EUR",
        total_minor=130,
        rows=(SheetRow("A", 130, 100), SheetRow("B", 0, 100)),
        recorded_by="officer",
        recorded_at=NOON,
    )
    return replace(sheet, payments=sheet_payments(GROUP, sheet))


def test_versions_of_a_group_are_kept_by_date(repositories) -> None:
    groups = repositories.groups
    earlier = replace(GROUP, joint_and_several=False, from_on=date(2026, 1, 5))
    groups.add_version(GROUP)
    groups.add_version(earlier)
    assert groups.versions("G-1") == (earlier, GROUP)
    assert groups.versions("G-2") == ()
    with pytest.raises(StaleWriteError):
        groups.add_version(replace(GROUP, covers="as_listed"))
    assert groups.versions("G-1") == (earlier, GROUP)


def test_a_sheet_is_recorded_once_and_verified_by_one(repositories) -> None:
    groups, sheet = repositories.groups, a_sheet()
    groups.add_version(GROUP)
    assert groups.sheet("G-1", "S-1") is None
    groups.add_sheet(sheet)
    with pytest.raises(SheetExistsError):
        groups.add_sheet(replace(sheet, total_minor=1))
    assert groups.sheet("G-1", "S-1") == sheet
    verified = replace(sheet, verified_by="teller", verified_at=NOON)
    groups.save_sheet(verified, sheet)
    with pytest.raises(StaleWriteError):
        groups.save_sheet(replace(verified, verified_by="other"), sheet)
    posted = replace(verified, posted=True)
    groups.save_sheet(posted, verified)
    assert groups.sheet("G-1", "S-1") == posted
    assert groups.versions("G-1") == (GROUP,)


@pytest.mark.usefixtures("table")
def test_a_guarantors_loans_are_found_and_are_not_her_own() -> None:
    """What ``choose`` reads is the borrower's alone, so no message about arrears reaches her."""
    people, loans = DynamoDbBorrowerRepository("umoja"), DynamoDbLoanRepository("umoja", 1)
    people.save_contact_details(a_borrower("G-1"))
    assert people.knows("G-1")
    assert not people.knows("X-1")
    own = a_loan("L-own", borrower_id="G-1")
    loans.add_loan(StoredLoan(own, a_state(own)), [])
    as_borrower = replace(GUARANTOR, party=Party(person_id="B-1", role="borrower", from_on=MARCH))
    loans.commit(change(add(loans), parties=(GUARANTOR, as_borrower)))
    assert people.loans_of("G-1") == ["L-own"]
    assert people.roles_of("G-1") == {"L-1": "guarantor", "L-own": "borrower"}
    assert people.loans_of("B-1") == ["L-1"]
    assert people.roles_of("B-1") == {"L-1": "borrower"}
    assert DynamoDbBorrowerRepository("other").roles_of("G-1") == {}
