"""An offer, and the agreement to one option of it, put on record as if they had been told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from recovery.domain.accounting.agreed import Agreement, Offer, OfferedOption, Part
from recovery.domain.accounting.fact import FactRecord, RecordedFact
from recovery.domain.outbox import Outbox
from recovery.ports.accounting import LoanChange, StoredLoan

DAY = timedelta(days=1)
ON = date(2026, 2, 2)
AT = datetime(2026, 2, 2, 7, 0, tzinfo=UTC)
OFFER_ID, AGREEMENT_ID = "OF-2026-001", "AG-2026-001"
PLAN = OfferedOption(
    kind="payment_plan",
    payments=tuple(Part(ON + (28 + 30 * n) * DAY, 15_000 if n < 2 else 10_000) for n in range(4)),
    parts=tuple(Part(ON + (28 + 30 * n) * DAY, 5_000) for n in range(2)),
    extra_minor=0,
    largest_month_minor=15_000,
    let_go_minor=0,
    approved_by="advisor",
)
EXTENSION = OfferedOption(
    kind="extension",
    payments=tuple(Part(ON + (28 + 30 * n) * DAY, 9_000) for n in range(6)),
    parts=(),
    extra_minor=4_000,
    largest_month_minor=9_000,
    let_go_minor=500,
    approved_by="supervisor",
    action="{}",
)


def an_offer(**changes: Any) -> Offer:
    """A plan and more time, offered today, until in two weeks."""
    offer = Offer(
        on=ON,
        expires_on=ON + 14 * DAY,
        difficulty="one_off",
        assessment_id="A-1",
        policy_version=1,
        overdue_minor=10_000,
        days_past_due=1,
        options=(PLAN, EXTENSION),
        refused=(),
        signers=("B-1",),
    )
    return replace(offer, **changes)


def an_agreement(option: OfferedOption = PLAN, **changes: Any) -> Agreement:
    """B-1 signed on paper for one option, before Ana."""
    parts = option.parts
    last = parts[-1].due_date if parts else date.min
    agreed = Agreement(
        on=ON,
        offer_id=OFFER_ID,
        option=option.kind,
        yes="paper",
        proof="DOC-1",
        signed_by=("B-1",),
        approved_by="ana",
        payments=tuple(each for each in option.payments if each.due_date <= last),
        parts=parts,
        grace_days=2,
    )
    return replace(agreed, **changes)


def put_on_record(ports: Any, loan_id: str = "L-1", **facts: RecordedFact) -> None:
    """Store facts of the loan; the names of arguments are their ids, with _ for -."""
    stored: StoredLoan = ports.loans.load(loan_id)
    records = tuple(
        FactRecord(
            fact_id=name.replace("_", "-"),
            loan_id=loan_id,
            fact=fact,
            known_on=ON,
            fingerprint=name,
            reason="as told",
            recorded_by="ana",
            recorded_at=AT + number * timedelta(seconds=1),
        )
        for number, (name, fact) in enumerate(facts.items())
    )
    loan, state = stored.loan, stored.state
    outbox = Outbox(f"told-{loan_id}-{len(facts)}", ON)
    ports.loans.commit(LoanChange(loan, loan, state, outbox, facts=records))
