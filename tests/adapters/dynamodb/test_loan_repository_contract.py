"""The loan repository contract, run against the in-memory fake and DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from recovery.adapters.dynamodb.case_repository import DynamoDbCaseRepository
from recovery.adapters.dynamodb.keys import shard_of
from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository
from recovery.domain.accounting.acts import (
    Acknowledgement,
    CalledIn,
    ContractTerms,
    Demand,
    Listing,
    ListingChange,
    NegotiationOpened,
    NegotiationStep,
    Suit,
    SuitEnd,
)
from recovery.domain.accounting.agreed import (
    Agreement,
    AgreementEnd,
    Booked,
    Offer,
    OfferedOption,
    Part,
    PlanState,
    RefusedOption,
    Turn,
)
from recovery.domain.accounting.court_steps import CourtStep, PreActionCheck
from recovery.domain.accounting.details import DetailsChange
from recovery.domain.accounting.fact import (
    KINDS,
    FactRecord,
    Recorded,
    RecordedFact,
    Resume,
    Undo,
)
from recovery.domain.accounting.history import (
    Charge,
    Chargeback,
    ScheduleVersion,
    Waiver,
    WriteOff,
)
from recovery.domain.accounting.late_charges import Accrued
from recovery.domain.accounting.loan import Components, LoanProfile, Payment
from recovery.domain.accounting.loan_facts import LoanFacts
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.accounting.owner_facts import OwnerRecord, history_of, ownership_of
from recovery.domain.accounting.ownership import (
    Medium,
    OwnerChange,
    OwnerChangeKind,
    TransferNotice,
)
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.refinancing import Carried
from recovery.domain.accounting.relief import Relief
from recovery.domain.accounting.said import (
    Dispute,
    DisputeEnd,
    DisputeKind,
    DisputeOutcome,
    Promise,
    PromiseEnd,
    PromiseState,
    Written,
)
from recovery.domain.accounting.write_off import Loss, LossClass
from recovery.domain.cases.approval import DecisionKind, PendingDecision
from recovery.domain.cases.write_offs import Proposal
from recovery.domain.outbox import Outbox, TimelineEntry, outbox_id
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.review import review
from recovery.ports.accounting import (
    FactExistsError,
    LoanChange,
    LoanNotFoundError,
    LoanRepository,
    PaymentExistsError,
    StoredLoan,
)
from recovery.ports.shared import StaleWriteError
from tests.builders import FIRST_DUE, a_loan, a_payment, a_state, an_actor, posts, reverses
from tests.fakes import FakeLoanRepository

SHARDS = 4
MARCH = date(2026, 3, 9)
OUTBOX = Outbox("00000002", MARCH, 1, timeline=(TimelineEntry(MARCH, "payment", "received"),))


@pytest.fixture(params=["fake", "dynamodb"])
def repository(request: pytest.FixtureRequest) -> LoanRepository:
    if request.param == "fake":
        return FakeLoanRepository(SHARDS)
    request.getfixturevalue("table")
    return DynamoDbLoanRepository("umoja", SHARDS)


def add(repository: LoanRepository, loan_id: str = "L-1", **changes) -> StoredLoan:
    loan = a_loan(loan_id)
    stored = StoredLoan(loan, a_state(loan, **changes))
    repository.add_loan(stored, [])
    return stored


def test_a_loan_loads_as_added_with_its_history(repository: LoanRepository) -> None:
    loan = a_loan(advisor_phone=None, schedule_version=3)
    meant = Payment("P-2", FIRST_DUE, 11_500, instalment=1)
    paid = [a_payment("P-2", payment=meant, reference="bank 17"), a_payment("P-1")]
    stored = StoredLoan(loan, a_state(loan, paid))
    repository.add_loan(stored, paid)
    assert repository.load("L-1") == stored
    assert repository.recorded("L-1").payments == tuple(
        sorted(paid, key=lambda p: p.payment.payment_id)
    )
    assert repository.find_payment("P-2") == paid[0]


def test_a_reviewed_state_loads_as_saved(repository: LoanRepository) -> None:
    stored = add(repository)
    reviewed = review(stored.loan, stored.state, DEFAULT_POLICY, MARCH)
    state = replace(reviewed.state, retry_on={"due_today-0": date(2026, 3, 11)}, closed="settled")
    assert state.case and state.standing and state.wish and state.next_review_on
    repository.save_state(state, stored.loan, reviewed.outbox)
    assert repository.load("L-1") == StoredLoan(stored.loan, state)


def test_an_unknown_loan_is_not_found(repository: LoanRepository) -> None:
    add(repository)
    with pytest.raises(LoanNotFoundError, match="L-2"):
        repository.load("L-2")
    assert repository.recorded("L-2").payments == ()
    assert repository.find_payment("P-1") is None


def test_load_many_returns_the_loans_that_exist(repository: LoanRepository) -> None:
    added = [add(repository, f"L-{number}") for number in range(60)]  # 120 items: two requests
    found = repository.load_many([f"L-{number}" for number in range(70)])
    assert sorted(found, key=lambda k: k.loan.loan_id) == sorted(
        added, key=lambda k: k.loan.loan_id
    )


def test_a_loan_on_record_is_never_overwritten(repository: LoanRepository) -> None:
    stored = add(repository)
    other = a_loan(advisor_name="Another Advisor")
    with pytest.raises(StaleWriteError):
        repository.add_loan(StoredLoan(other, a_state(other, version=9)), [])
    assert repository.load("L-1") == stored


def test_a_long_history_is_added_in_full(repository: LoanRepository) -> None:
    loan = a_loan(instalments=120)
    history = [a_payment(f"P-{number:03}", amount_minor=100 + number) for number in range(60)]
    repository.add_loan(StoredLoan(loan, a_state(loan, history)), history)
    assert repository.recorded("L-1").payments == tuple(history)


def test_a_loan_is_not_added_with_a_payment_of_another_loan(repository: LoanRepository) -> None:
    first, second = a_loan("L-1"), a_loan("L-2")
    repository.add_loan(StoredLoan(first, a_state(first)), [a_payment("P-1")])
    with pytest.raises(PaymentExistsError):
        repository.add_loan(StoredLoan(second, a_state(second)), [a_payment("P-1", loan_id="L-2")])
    assert repository.load_many(["L-2"]) == []
    assert repository.find_payment("P-1") == a_payment("P-1")


def test_the_due_loans_of_a_shard_are_listed_earliest_first(repository: LoanRepository) -> None:
    dates = {f"L-{day}": date(2026, 3, 30 - day) for day in range(1, 29)}
    for loan_id, on in dates.items():
        add(repository, loan_id, next_review_on=on)
    add(repository, "L-paid-off")
    for shard in range(SHARDS):
        due = [on for on in dates.values() if on <= MARCH]
        expected = [
            loan_id
            for loan_id in sorted(dates, key=lambda each: dates[each])
            if dates[loan_id] in due and shard_of(loan_id, SHARDS) == shard
        ]
        assert list(repository.due_loan_ids(shard, MARCH)) == expected


def test_a_review_adds_a_loan_to_and_removes_it_from_the_due_index(
    repository: LoanRepository,
) -> None:
    stored = add(repository)
    shard = shard_of("L-1", SHARDS)
    due = replace(stored.state, version=2, next_review_on=MARCH)
    repository.save_state(due, stored.loan, OUTBOX)
    assert list(repository.due_loan_ids(shard, MARCH)) == ["L-1"]
    repository.save_state(replace(due, version=3, next_review_on=None), stored.loan, OUTBOX)
    assert list(repository.due_loan_ids(shard, date(2030, 1, 1))) == []


def test_a_stale_review_changes_nothing(repository: LoanRepository) -> None:
    stored = add(repository)
    repository.save_state(replace(stored.state, version=2), stored.loan, OUTBOX)
    for version in (2, 4):
        with pytest.raises(StaleWriteError):
            repository.save_state(
                replace(stored.state, version=version, cases=9), stored.loan, OUTBOX
            )
    assert repository.load("L-1").state == replace(stored.state, version=2)


def test_a_review_does_not_create_a_loan(repository: LoanRepository) -> None:
    with pytest.raises(StaleWriteError):
        repository.save_state(a_state(version=1), a_loan("L-none"), OUTBOX)
    assert repository.load_many(["L-none"]) == []


def test_a_payment_is_posted_with_the_new_position(repository: LoanRepository) -> None:
    stored = add(repository, next_review_on=MARCH, asked={"due_today-0": date(2026, 2, 1)})
    paid = a_payment()
    position = a_state(stored.loan, [paid]).position
    paid_state = replace(stored.state, position=position, asked={})  # emptying it is stored too
    repository.commit(posts(paid, paid_state, OUTBOX, stored.loan))
    assert repository.load("L-1").state == replace(
        stored.state, version=2, position=position, asked={}
    )
    assert repository.recorded("L-1").payments == (paid,)
    assert list(repository.due_loan_ids(shard_of("L-1", SHARDS), MARCH)) == ["L-1"]


def test_a_payment_makes_the_loan_due_for_review_in_the_same_write(
    repository: LoanRepository,
) -> None:
    """Were the stream's record lost, the daily review would still find the loan."""
    stored, shard = add(repository), shard_of("L-1", SHARDS)
    assert list(repository.due_loan_ids(shard, MARCH)) == []
    repository.commit(
        posts(a_payment(), replace(stored.state, next_review_on=MARCH), OUTBOX, stored.loan)
    )
    assert list(repository.due_loan_ids(shard, MARCH)) == ["L-1"]
    posted = repository.load("L-1").state
    assert posted.next_review_on == MARCH
    reversed_ = a_payment(reversed_on=MARCH, reversal_reason="bounced")
    repository.commit(
        reverses(reversed_, replace(posted, next_review_on=None), OUTBOX, stored.loan)
    )
    assert list(repository.due_loan_ids(shard, date(2030, 1, 1))) == []


def test_a_payment_id_is_unique_across_loans(repository: LoanRepository) -> None:
    first, second = add(repository, "L-1"), add(repository, "L-2")
    repository.commit(posts(a_payment("P-1", loan_id="L-1"), first.state, OUTBOX, first.loan))
    for loan_id, version in (("L-1", 2), ("L-1", 1), ("L-2", 1)):
        with pytest.raises(PaymentExistsError):
            repeated = replace(second.state, version=version)
            repository.commit(
                posts(
                    a_payment("P-1", loan_id=loan_id, amount_minor=1),
                    repeated,
                    OUTBOX,
                    a_loan(loan_id),
                )
            )
    assert repository.find_payment("P-1") == a_payment("P-1", loan_id="L-1")
    assert repository.load("L-1").state.version == 2
    assert repository.load("L-2") == second


def test_a_payment_on_a_stale_state_is_not_posted(repository: LoanRepository) -> None:
    stored = add(repository)
    repository.commit(posts(a_payment("P-1"), stored.state, OUTBOX, stored.loan))
    with pytest.raises(StaleWriteError):
        repository.commit(posts(a_payment("P-2"), stored.state, OUTBOX, stored.loan))
    assert repository.find_payment("P-2") is None
    with pytest.raises(StaleWriteError):
        repository.commit(
            posts(a_payment("P-3", loan_id="L-none"), stored.state, OUTBOX, a_loan("L-none"))
        )


def test_a_payment_is_reversed_once(repository: LoanRepository) -> None:
    stored = add(repository)
    repository.commit(posts(a_payment(), stored.state, OUTBOX, stored.loan))
    reversed_ = a_payment(reversed_on=MARCH, reversal_reason="bounced")
    repository.commit(reverses(reversed_, replace(stored.state, version=2), OUTBOX, stored.loan))
    assert repository.find_payment("P-1") == reversed_
    assert repository.recorded("L-1").payments == (reversed_,)
    assert repository.load("L-1").state == replace(stored.state, version=3)
    for version in (2, 3):
        with pytest.raises(StaleWriteError):
            repository.commit(
                reverses(
                    replace(reversed_, reversal_reason="again"),
                    replace(stored.state, version=version),
                    OUTBOX,
                    stored.loan,
                )
            )
    assert repository.find_payment("P-1") == reversed_


def test_a_payment_not_on_record_cannot_be_reversed(repository: LoanRepository) -> None:
    stored = add(repository)
    with pytest.raises(StaleWriteError):
        repository.commit(reverses(a_payment(reversed_on=MARCH), stored.state, OUTBOX, stored.loan))
    assert repository.load("L-1") == stored
    assert repository.find_payment("P-1") is None


def outbox(number: int, on: date = MARCH) -> Outbox:
    return replace(OUTBOX, outbox_id=outbox_id(number), as_of=on)


def test_what_is_decided_waits_in_order_until_acknowledged(repository: LoanRepository) -> None:
    stored = add(repository)
    state = replace(stored.state, version=2)
    repository.save_state(state, stored.loan, outbox(2))
    repository.commit(posts(a_payment(), state, outbox(3), stored.loan))
    repository.save_state(replace(state, version=4), stored.loan)
    repository.save_state(replace(state, version=5), stored.loan, outbox(5))
    assert repository.outboxes("L-1") == [outbox(2), outbox(3), outbox(5)]
    for _ in range(2):
        repository.acknowledge("L-1", [outbox_id(3)])
    assert repository.outboxes("L-1") == [outbox(2), outbox(5)]
    repository.acknowledge("L-1", [outbox_id(2), outbox_id(3), outbox_id(5)])
    assert repository.outboxes("L-1") == []
    assert repository.load("L-1").state.version == 5


def test_an_empty_outbox_is_not_kept(repository: LoanRepository) -> None:
    stored, shard = add(repository), shard_of("L-1", SHARDS)
    state = replace(stored.state, version=2)
    repository.save_state(state, stored.loan, Outbox("00000002", MARCH))
    assert repository.outboxes("L-1") == []
    assert list(repository.waiting_loan_ids(shard, date(2030, 1, 1))) == []


def test_an_unknown_loan_has_nothing_waiting(repository: LoanRepository) -> None:
    assert repository.outboxes("L-none") == []


def test_what_waits_since_an_earlier_day_is_found_until_the_last_is_acknowledged(
    repository: LoanRepository,
) -> None:
    stored, shard = add(repository), shard_of("L-1", SHARDS)
    state, tomorrow = replace(stored.state, version=2), MARCH + timedelta(days=1)
    repository.save_state(state, stored.loan, outbox(2))
    repository.save_state(replace(state, version=3), stored.loan, outbox(3, on=tomorrow))
    assert list(repository.waiting_loan_ids(shard, MARCH)) == []
    assert list(repository.waiting_loan_ids(shard, tomorrow)) == ["L-1"]
    repository.send_again("L-1")
    repository.acknowledge("L-1", [outbox_id(3)])
    assert list(repository.waiting_loan_ids(shard, tomorrow)) == ["L-1"]
    repository.acknowledge("L-1", [outbox_id(2)])
    assert list(repository.waiting_loan_ids(shard, date(2030, 1, 1))) == []
    repository.send_again("L-1")  # too late, and harmless
    assert list(repository.waiting_loan_ids(shard, date(2030, 1, 1))) == []


def test_every_loan_of_a_shard_is_listed(repository: LoanRepository) -> None:
    ids = {add(repository, f"L-{number}").loan.loan_id for number in range(9)}
    listed = [each for shard in range(SHARDS) for each in repository.loan_ids(shard)]
    assert sorted(listed) == sorted(ids)


def a_fact(fact_id: str, fact: RecordedFact, loan_id: str = "L-1") -> FactRecord:
    return FactRecord(
        fact_id=fact_id,
        loan_id=loan_id,
        fact=fact,
        known_on=MARCH,
        fingerprint="f",
        reason="said so",
        recorded_by="ana",
        recorded_at=datetime(2026, 3, 9, 12, tzinfo=UTC),
    )


_TO = {"on": MARCH, "persons": ("B-1",), "medium": "burofax", "proof": "proven"}
ACTS = (
    Demand(**_TO, purpose="payment", sent_on=MARCH, amount_minor=5, instalments=(1, 2)),
    Acknowledgement(**_TO, reference="B-1"),
    NegotiationOpened(**_TO, form="conciliation", received_on=MARCH),
    NegotiationStep(negotiation_id="f20", on=MARCH, step="meeting", proof="proven"),
    Suit(on=MARCH, persons=("B-1",), procedure="ES_MONITORIO", court="Madrid 3", amount_minor=5),
    SuitEnd(suit_id="f22", on=MARCH, outcome="upheld", amount_minor=500),
    CalledIn(on=MARCH, demand_id="f18"),
    ContractTerms(on=MARCH, title="no_document", late_rate_pct=Decimal("7.5"), region="Madrid"),
    Listing(on=MARCH, persons=("B-1",), bureau="ASNEF", amount_minor=500),
    ListingChange(listing_id="f26", on=MARCH, step="corrected", amount_minor=400),
    PreActionCheck(on=MARCH, codes=("QUESTION",), reference="mail"),
    CourtStep(
        suit_id="f22",
        on=MARCH,
        step="judgment",
        outcome="part",
        final_on=MARCH,
        amount_minor=400,
    ),
)
EVERY_KIND = (
    Charge(MARCH, "fee", 500, 2),
    Chargeback("P-1", MARCH, 40, "AM04"),
    DetailsChange(MARCH, {"place": "Pisac", "employer": None}, {"place": None, "employer": "X"}),
    Dispute(MARCH, DisputeKind.CHARGES, MARCH, ("judicial", "late_charges"), 500, ("Peter",)),
    DisputeEnd("f3", MARCH, DisputeOutcome.REJECTED, "No."),
    Pause(MARCH, None),
    Promise(MARCH, 500, MARCH, "phone", "cash", 1, 2, 25, True),
    PromiseEnd("f6", MARCH),
    Resume("f5", MARCH),
    ScheduleVersion(
        2, MARCH, "reage", a_loan().schedule, 9, Components(5), Components(), Decimal(7)
    ),
    Undo("f0", MARCH),
    Waiver(MARCH, "interest", None),
    WriteOff(MARCH, 1_000, LossClass.FRAUD),
    Offer(
        *(MARCH, MARCH, "less_income", "A-1", 1, 500, 9),
        (OfferedOption("reage", (Part(MARCH, 900),), (), 5, 900, 0, "supervisor", '{"a": 1}'),),
        (RefusedOption("payment_plan", "above_capacity"),),
        ("B-1", "B-2"),
        ("B-3",),
    ),
    Agreement(
        *(MARCH, "f14", "payment_plan", "paper", "DOC-1", ("B-1",), "ana"),
        (Part(MARCH, 900),),
        (Part(MARCH, 500),),
        *("W-1", ("B-3",), ("B-4",), ("B-5",), 3, 2, 45, 14),
    ),
    AgreementEnd("f15", MARCH),
    NoticeGiven("notice+76@2026-03-01", MARCH, "burofax", MARCH, "received", "B-17", True),
    Booked("f9", MARCH, "CORE-7"),
    Relief(MARCH, "R-1", MARCH, ("judicial",), True, True),
    *ACTS,
)


def test_every_kind_of_fact_is_read_as_recorded(repository: LoanRepository) -> None:
    stored = add(repository)
    records = tuple(a_fact(f"f{n:02}", fact) for n, fact in enumerate(EVERY_KIND))
    assert {type(each) for each in EVERY_KIND} == set(KINDS.values())
    facts = LoanFacts(
        has_news=True,
        pauses=(Pause(MARCH, None, MARCH),),
        loss=Loss(MARCH, Components(9), Components(4), LossClass.FRAUD),
        accrued=Accrued(MARCH, 7, (("abc", 1, 14),), ((1, 11_500),)),
        told_minor=5,
        restructured_on=MARCH,
        frozen_days_past_due=9,
        promises=(PromiseState("f6", EVERY_KIND[6], 10, 20, MARCH, "cancelled"),),
        answers=(Written("dispute", "f3", "rejected", MARCH),),
        plans=(PlanState("f15", MARCH, (Turn(MARCH, "breached"),), "breached"),),
    )
    loan = replace(
        stored.loan,
        schedule=stored.loan.schedule[1:],
        first_schedule=stored.loan.schedule,
        schedule_version=2,
        annual_rate_pct=Decimal("12.5"),
        profile=LoanProfile(product="solar", purpose="business", law="NL"),
        core_terms="abc 12.5",
    )
    state = replace(stored.state, facts=facts)
    payments = (a_payment("P-1", payment=Payment("P-1", MARCH, 5, None, "guarantor", "B-9")),)
    repository.commit(LoanChange(stored.loan, loan, state, OUTBOX, payments, facts=records))
    found = repository.load("L-1")
    assert found == StoredLoan(loan, replace(state, version=state.version + 1))
    assert repository.recorded("L-1") == Recorded(payments, records)


def test_a_fact_is_recorded_once_and_all_or_nothing(repository: LoanRepository) -> None:
    stored = add(repository)
    charge = a_fact("f1", EVERY_KIND[0])
    repository.commit(LoanChange(stored.loan, stored.loan, stored.state, OUTBOX, facts=(charge,)))
    again = replace(stored.state, version=stored.state.version + 1)
    paid = (a_payment("P-1"),)
    with pytest.raises(FactExistsError):
        repository.commit(
            LoanChange(stored.loan, stored.loan, again, OUTBOX, paid, facts=(charge,))
        )
    assert repository.recorded("L-1") == Recorded((), (charge,))


def test_two_loans_change_together_or_not_at_all(repository: LoanRepository) -> None:
    one, two = add(repository), add(repository, "L-2")
    paid = a_payment("P-1"), a_payment("P-2", loan_id="L-2")
    changes = [
        LoanChange(each.loan, each.loan, each.state, OUTBOX, (payment,))
        for each, payment in zip((one, two), paid, strict=True)
    ]
    stale = replace(changes[1], state=replace(two.state, version=9))
    with pytest.raises(StaleWriteError):
        repository.commit(changes[0], stale)
    assert repository.recorded("L-1").payments == ()
    repository.commit(*changes)
    assert repository.recorded("L-2").payments == (paid[1],)


SOLD = OwnerRecord(
    record_id="list-7",
    loan_id="L-1",
    fact=OwnerChange(
        change_id="list-7",
        kind=OwnerChangeKind.SALE,
        executed_on=date(2026, 3, 8),
        creditor="Fondo Norte",
        outside=True,
        excepted_by="Ana Torres",
        excepted_because="the buyer knows",
    ),
    known_on=MARCH,
    recorded_by="ana",
    recorded_at=datetime(2026, 3, 9, 10, tzinfo=UTC),
)
TOLD = replace(
    SOLD,
    record_id="list-7#notice-1",
    fact=TransferNotice(
        change_id="list-7", medium=Medium.LETTER, sent_on=date(2026, 3, 9), proof="RR12"
    ),
)


def changes_hands(stored: StoredLoan, *records: OwnerRecord) -> LoanChange:
    ownership = ownership_of(history_of("umoja", records))
    state = replace(stored.state, ownership=ownership)
    return LoanChange(stored.loan, stored.loan, state, OUTBOX, owners=records)


def test_owners_are_read_as_recorded_and_kept_with_the_state(repository: LoanRepository) -> None:
    stored = add(repository)
    change = changes_hands(stored, TOLD, SOLD)
    repository.commit(change)
    assert repository.recorded("L-1").owners == (SOLD, TOLD)  # by the day they take effect
    state = repository.load("L-1").state
    assert state == replace(change.state, version=stored.state.version + 1)
    assert state.ownership.owner_on(MARCH, "umoja").creditor == "Fondo Norte"


def test_a_change_of_owner_is_recorded_once(repository: LoanRepository) -> None:
    repository.commit(changes_hands(add(repository), SOLD))
    with pytest.raises(StaleWriteError):
        repository.commit(changes_hands(repository.load("L-1"), SOLD))
    assert repository.recorded("L-1").owners == (SOLD,)


def test_what_a_loan_carries_over_loads_as_saved(repository: LoanRepository) -> None:
    carried = Carried(("L-0", "L-3"), 45, date(2025, 3, 2), forborne=True)
    stored = add(repository, facts=LoanFacts(carried=carried))
    assert repository.load("L-1") == stored


def a_question(**changes) -> PendingDecision:
    question = PendingDecision(
        decision_id="L-1-W2",
        kind=DecisionKind.WRITE_OFF,
        loan_id="L-1",
        case_id="L-1-C1",
        asked_by=an_actor(),
        asked_at=datetime(2026, 3, 9, 12, tzinfo=UTC),
        reason="It will not come.",
    )
    return replace(question, **changes)


def test_a_decision_is_stored_with_the_change_it_makes_or_not_at_all(
    repository: LoanRepository,
) -> None:
    cases = (
        repository.cases
        if isinstance(repository, FakeLoanRepository)
        else DynamoDbCaseRepository("umoja")
    )
    stored = add(repository)
    proposed = replace(stored.state, proposal=Proposal("L-1-W2"))
    asks = LoanChange(stored.loan, stored.loan, proposed, OUTBOX, decisions=(a_question(),))
    repository.commit(asks)
    assert cases.pending_decisions(DecisionKind.WRITE_OFF) == [a_question()]
    state = repository.load("L-1").state
    assert (state.proposal, state.version) == (Proposal("L-1-W2"), 2)
    answered = a_question(
        decided_by=an_actor("Ben Ade"),
        decided_at=datetime(2026, 3, 9, 13, tzinfo=UTC),
        outcome="approved",
        decided_because="Yes.",
    )
    gone = a_fact("write-off-2", WriteOff(MARCH))
    approves = LoanChange(
        stored.loan, stored.loan, state, OUTBOX, facts=(gone,), decisions=(answered,)
    )
    with pytest.raises(StaleWriteError):
        repository.commit(replace(approves, state=replace(state, version=1)))
    assert cases.decision("L-1", "L-1-W2") == a_question()
    repository.commit(approves)
    assert cases.decision("L-1", "L-1-W2") == answered
    assert cases.pending_decisions(DecisionKind.WRITE_OFF) == []
    other = replace(answered, outcome="declined")
    with pytest.raises(StaleWriteError):
        repository.commit(
            replace(approves, state=replace(state, version=3), facts=(), decisions=(other,))
        )
    assert repository.recorded("L-1").facts == (gone,)
    assert repository.load("L-1").state.version == 3
