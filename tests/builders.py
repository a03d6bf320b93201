"""Build test values: pass what the test is about; the rest has ordinary defaults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from recovery.documents.packs.reading import careful_contact_pack
from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Components, Instalment, Loan, Payment
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.contact_rules import ContactPack
from recovery.domain.contact.places import Limits, Place
from recovery.domain.contact.policy import ContactPolicy
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import Outbox
from recovery.domain.policy import DEFAULT_POLICY, Policy
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import Problem
from recovery.ports.accounting import LoanChange
from recovery.ports.institutions import Institution

FIRST_DUE = date(2026, 2, 1)


def months_after(start: date, months: int) -> date:
    """Return the same day this many months later; days up to 28 only."""
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, start.day)


def a_schedule(
    instalments: int = 12,
    due: Components = Components(10_000, 1_500),  # noqa: B008  an immutable tuple
    first_due: date = FIRST_DUE,
) -> tuple[Instalment, ...]:
    """Monthly instalments of the same amount."""
    return tuple(
        Instalment(number + 1, months_after(first_due, number), due)
        for number in range(instalments)
    )


def a_loan(loan_id: str = "L-1", *, instalments: int = 12, **changes: Any) -> Loan:
    """A monthly loan in EUR, the first instalment due on ``FIRST_DUE``."""
    loan = Loan(
        loan_id=loan_id,
        institution_id="umoja",
        portfolio="2026",
        borrower_id="B-1",
        currency="EUR",
        disbursed_on=date(2026, 1, 2),
        schedule=a_schedule(instalments),
        advisor_name="Peter Otieno",
        advisor_phone="+254700000001",
    )
    return replace(loan, **changes)


def an_institution(institution_id: str = "umoja", **changes: Any) -> Institution:
    """An institution in Nairobi, reviewed from half past nine."""
    institution = Institution(
        institution_id=institution_id,
        name="Umoja Microfinance",
        time_zone="Africa/Nairobi",
        review_at=time(9, 30),
    )
    return replace(institution, **changes)


def an_actor(name: str = "Ana Torres", *roles: Role, **changes: Any) -> Actor:
    """A person, by default one who may decide everything."""
    given = frozenset(roles or (Role.SUPERVISOR, Role.LEGAL))
    actor = Actor(id=f"arn:aws:iam::111122223333:user/{name}", name=name, roles=given)
    return replace(actor, **changes)


def a_task(task_id: str = "L-1.call.2026-03-01", **changes: Any) -> Task:
    """A call to the borrower by the loan's officer, opened on 2026-03-02."""
    task = Task(
        task_id=task_id,
        kind=TaskKind.CALL,
        person_id="B-1",
        loan_id="L-1",
        role=Role.ADVISOR,
        officer="Peter Otieno",
        reason="1 day past due: call before day 3",
        opened_on=date(2026, 3, 2),
        do_by=date(2026, 3, 4),
        tries_wanted=2,
    )
    return replace(task, **changes)


SECTIONS = ("accounting", "monitoring", "agreements", "cases", "contact")


def a_policy(**changes: Any) -> Policy:
    """The default policy, with these changes."""
    policy = DEFAULT_POLICY
    for name, value in changes.items():
        section = next((s for s in SECTIONS if hasattr(getattr(policy, s), name)), None)
        if section and name not in SECTIONS:
            changed = replace(getattr(policy, section), **{name: value})
            policy = replace(policy, **{section: changed})
        else:
            policy = replace(policy, **{name: value})
    return policy


def a_payment(
    payment_id: str = "P-1",
    *,
    loan_id: str = "L-1",
    amount_minor: int = 11_500,
    value_date: date = FIRST_DUE,
    **changes: Any,
) -> PaymentRecord:
    """A recorded payment of one full instalment."""
    record = PaymentRecord(
        payment=Payment(payment_id, value_date, amount_minor),
        loan_id=loan_id,
        currency="EUR",
        fingerprint=f"fingerprint of {payment_id}",
        receipt={"payment_id": payment_id, "amount_minor": amount_minor},
    )
    return replace(record, **changes)


def a_borrower(borrower_id: str = "B-1", **changes: Any) -> Borrower:
    """A borrower with e-mail and phone, both confirmed for the year, who consents to both."""
    borrower = Borrower(
        borrower_id=borrower_id,
        name="Grace Wanjiru Mwangi",
        language="en",
        country="KE",
        time_zone="Africa/Nairobi",
        email="grace@example.org",
        phone="+254711000001",
        email_consent=True,
        sms_consent=True,
        contact_confirmed_on=date(2026, 12, 31),
    )
    return replace(borrower, **changes)


def the_limits(
    policy: ContactPolicy = DEFAULT_POLICY.contact,
    zone: str = "Africa/Nairobi",
    *others: Place,
    pack: ContactPack | None = None,
    holidays: Iterable[date] = (),
) -> Limits:
    """What holds for a person who is in this zone, under the careful rules or those of a pack."""
    rules = pack or careful_contact_pack()
    return Limits(policy, (Place(rules, (ZoneInfo(zone),), frozenset(holidays)), *others))


def a_state(
    loan: Loan | None = None, payments: Iterable[PaymentRecord] = (), **changes: Any
) -> LoanState:
    """The loan's state before its first review, with these payments allocated."""
    schedule = (loan or a_loan()).schedule
    paid = [record.payment for record in payments if record.reversed_on is None]
    position = (
        allocate(schedule, paid, DEFAULT_POLICY.accounting.allocation)
        if paid
        else unpaid_position(schedule)
    )
    return replace(LoanState(version=1, position=position), **changes)


def posts(record: PaymentRecord, state: LoanState, outbox: Outbox, loan: Loan) -> LoanChange:
    """The change that posts this payment, with the state that follows."""
    return LoanChange(loan, loan, state, outbox, payments=(record,))


def reverses(record: PaymentRecord, state: LoanState, outbox: Outbox, loan: Loan) -> LoanChange:
    """The change that reverses this payment."""
    return LoanChange(loan, loan, state, outbox, reversed_payments=(record,))


def fields(problems: Iterable[Problem]) -> set[str]:
    """Return the fields of these problems, checking that each has a reason and a remedy."""
    found = list(problems)
    assert all(problem.reason and problem.remedy for problem in found)
    return {problem.field for problem in found}
