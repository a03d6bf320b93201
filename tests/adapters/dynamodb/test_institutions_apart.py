"""Two institutions with the same ids live side by side in one table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from recovery.adapters.dynamodb.borrower_repository import DynamoDbBorrowerRepository
from recovery.adapters.dynamodb.case_repository import DynamoDbCaseRepository
from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository
from recovery.adapters.dynamodb.payment_repository import DynamoDbPaymentRepository
from recovery.adapters.dynamodb.security_repository import (
    DynamoDbCollateralRepository,
    DynamoDbGroupRepository,
)
from recovery.adapters.dynamodb.suspense_repository import DynamoDbSuspenseRepository
from recovery.adapters.dynamodb.timeline import DynamoDbTimeline
from recovery.domain.accounting.groups import Group, Member
from recovery.domain.accounting.party import Party, PartyRecord
from recovery.domain.cases.record import CaseRecord
from recovery.domain.intake.suspense import Suspended
from recovery.domain.outbox import Outbox, TimelineEntry
from recovery.ports.accounting import LoanChange, LoanNotFoundError, StoredLoan
from recovery.ports.payments import SuspenseChange
from tests.builders import a_borrower, a_loan, a_payment, a_state, posts

pytestmark = pytest.mark.usefixtures("table")
MARCH = date(2026, 3, 9)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def test_loans_and_payments_with_the_same_ids_are_apart() -> None:
    for institution_id, amount_minor in (("a", 100), ("a-b", 200)):
        repository = DynamoDbLoanRepository(institution_id, 1)
        with pytest.raises(LoanNotFoundError):
            repository.load("L-1")
        assert repository.find_payment("P-1") is None
        loan = a_loan(institution_id=institution_id)
        history = [a_payment("P-0", amount_minor=amount_minor)]
        state = a_state(loan, next_review_on=MARCH)
        repository.add_loan(StoredLoan(loan, state), history)
        payment = a_payment(amount_minor=amount_minor)
        repository.commit(posts(payment, state, Outbox("1", MARCH), loan))
    for institution_id, amount_minor in (("a", 100), ("a-b", 200)):
        repository = DynamoDbLoanRepository(institution_id, 1)
        assert repository.load("L-1").loan.institution_id == institution_id
        assert [r.payment.amount_minor for r in repository.recorded("L-1").payments] == [
            amount_minor
        ] * 2
        found = repository.find_payment("P-1")
        assert found and found.payment.amount_minor == amount_minor
        assert list(repository.due_loan_ids(0, MARCH)) == list(repository.loan_ids(0)) == ["L-1"]


def test_money_in_suspense_and_the_payments_of_a_day_are_apart() -> None:
    for institution_id, amount_minor in (("a", 100), ("a-b", 200)):
        suspended = Suspended(
            payment_id="S-1",
            currency="EUR",
            amount_minor=amount_minor,
            value_date=MARCH,
            why="unknown_loan",
            suspended_by="bank",
            suspended_at=NOON,
        )
        change = SuspenseChange(suspended, Outbox("1", MARCH))
        DynamoDbLoanRepository(institution_id, 1).commit(suspense=[change])
    for institution_id, amount_minor in (("a", 100), ("a-b", 200)):
        [money] = DynamoDbSuspenseRepository(institution_id).open_items()
        assert money.amount_minor == amount_minor
        assert [*DynamoDbPaymentRepository(institution_id).of_day(MARCH)] == [money]


def test_people_are_apart() -> None:
    for institution_id, name in (("a", "Ana"), ("a-b", "Bea")):
        people = DynamoDbBorrowerRepository(institution_id)
        people.save_contact_details(a_borrower(name=name))
        person = people.load("B-1")
        people.lease_contact(person, "m", MARCH, NOON)
        loan = a_loan(f"L-{institution_id}", institution_id=institution_id)
        DynamoDbLoanRepository(institution_id, 1).add_loan(StoredLoan(loan, a_state(loan)), [])
    for institution_id, name in (("a", "Ana"), ("a-b", "Bea")):
        people = DynamoDbBorrowerRepository(institution_id)
        assert people.load("B-1").name == name
        assert people.load("B-1").recent_contacts == (MARCH,)
        assert people.loans_of("B-1") == [f"L-{institution_id}"]


def test_parties_collateral_and_groups_are_apart() -> None:
    for institution_id in ("a", "a-b"):
        loans = DynamoDbLoanRepository(institution_id, 1)
        loan = a_loan(institution_id=institution_id)
        loans.add_loan(StoredLoan(loan, a_state(loan)), [])
        stored, outbox = loans.load("L-1"), Outbox("00000002", MARCH)
        party = Party(person_id=f"G-{institution_id}", role="guarantor", from_on=MARCH)
        record = PartyRecord(party=party, recorded_by="ana", recorded_at=NOON)
        loans.commit(LoanChange(loan, loan, stored.state, outbox, parties=(record,)))
        members = (Member("A", f"L-{institution_id}"),)
        DynamoDbGroupRepository(institution_id).add_version(Group("G-1", members, from_on=MARCH))
    for institution_id in ("a", "a-b"):
        [record] = DynamoDbLoanRepository(institution_id, 1).recorded("L-1").parties
        assert record.party.person_id == f"G-{institution_id}"
        people = DynamoDbBorrowerRepository(institution_id)
        assert people.roles_of(f"G-{institution_id}") == {"L-1": "guarantor"}
        [group] = DynamoDbGroupRepository(institution_id).versions("G-1")
        assert group.members[0].loan_id == f"L-{institution_id}"
        assert DynamoDbCollateralRepository(institution_id).of_loan("L-1") == ()


def test_cases_and_timelines_are_apart() -> None:
    for institution_id in ("a", "a-b"):
        cases = DynamoDbCaseRepository(institution_id)
        timeline = DynamoDbTimeline(institution_id, lambda: NOON)
        cases.save(replace(CaseRecord("L-1-C1", "L-1"), stage=institution_id))
        timeline.add("L-1", [TimelineEntry(MARCH, "payment", institution_id)])
    for institution_id in ("a", "a-b"):
        cases = DynamoDbCaseRepository(institution_id)
        timeline = DynamoDbTimeline(institution_id, lambda: NOON)
        assert [each.stage for each in cases.cases_of("L-1")] == [institution_id]
        assert [each.text for each in timeline.entries("L-1")] == [institution_id]
