"""A write-off from its proposal to the letter that says all is paid."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.fact import Undo
from recovery.domain.accounting.history import Waiver
from recovery.domain.accounting.loan import Components, Payment, sum_components
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.agreements.fact_request import FactRequest
from recovery.domain.cases.approval import Answer
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import ConflictError, PaymentNotFoundError, RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.contact import Wake
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.cases.list_write_offs import list_write_offs
from recovery.use_cases.cases.write_offs import answer_write_off, propose_write_off
from recovery.use_cases.contact.tell_borrower import tell_borrower
from recovery.use_cases.monitoring.read_standing import read_standing
from recovery.use_cases.monitoring.review_loans import review_changed, review_shard
from recovery.use_cases.route_changes import route_loan
from tests import conftest
from tests.builders import FIRST_DUE, a_loan, a_policy, a_state, an_actor, fields

DAY = timedelta(days=1)
LATE = FIRST_DUE + 120 * DAY
WHOLE = 12 * 11_500
ANA, BEN, CLERK = an_actor(), an_actor("Ben Ade"), an_actor("Carl Ek", Role.ADVISOR)


class House:
    """An institution of fakes, with one loan that nobody has paid for 120 days."""

    def __init__(self, wiring) -> None:
        self.wiring = wiring
        wiring.institutions.save_policy("umoja", a_policy(version=2, write_off_from_days=100))
        loan = a_loan()
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan, next_review_on=LATE)), [])
        wiring.borrowers.loans["B-1"] = ["L-1"]

    @property
    def state(self):
        return self.wiring.loans.load("L-1").state

    def day(self, on: date) -> None:
        """Review what is due, carry it out, and tell the borrower."""
        self.wiring.clock.at = datetime.combine(on, time(7), UTC)
        self.wiring.institutions.days["umoja"] = InstitutionDay(on)
        assert review_shard("umoja", 0, on, self.wiring).failed == []
        route_loan("umoja", "L-1", self.wiring)
        tell_borrower(Wake("umoja", "B-1", on), self.wiring.now(), self.wiring)

    def stream(self) -> None:
        """Do what the table's stream asks for."""
        assert review_changed("umoja", ["L-1"], self.wiring.now(), self.wiring).failed == []
        route_loan("umoja", "L-1", self.wiring)

    def pay(self, payment_id: str, amount_minor: int, on: date | None = None) -> dict[str, object]:
        today = self.wiring.clock.at.date()
        payment = Payment(payment_id, on or today, amount_minor)
        request = PaymentRequest(payment, "L-1", "EUR")
        return take_payment(request, ANA, self.wiring.now(), self.wiring).receipt

    def propose(self, amount_minor: int | None = None, by=ANA, why="It will not come."):
        return propose_write_off("L-1", amount_minor, by, why, self.wiring.now(), self.wiring)

    def answer(self, decision_id: str, answer=Answer.APPROVED, by=BEN, why="We agree."):
        return answer_write_off(decision_id, answer, by, why, self.wiring.now(), self.wiring)

    def undo(self, fact_id: str) -> None:
        undo = FactRequest(
            fact_id=f"undo-{fact_id}", loan_id="L-1", fact=Undo(fact_id, LATE), reason="a mistake"
        )
        record_fact(undo, ANA, self.wiring.now(), self.wiring)

    def listed(self) -> list[dict[str, object]]:
        return list_write_offs("umoja", self.wiring.now(), self.wiring)

    def events(self, name: str) -> list:
        return [each.detail for each in self.wiring.bus.events if each.name == name]

    def timeline(self, kind: str) -> list[str]:
        return [e.text for e in self.wiring.timeline.entries("L-1") if e.kind == kind]


@pytest.fixture
def house(wiring) -> House:
    house = House(wiring)
    house.day(LATE)
    return house


def totals(standing) -> tuple[object, ...]:
    """Return since when, and the totals of what was written off, recovered and not."""
    said = standing["written_off"]
    parts = (said[name]["total"] for name in ("loss", "recovered", "remaining"))
    return said["on"], *parts


def test_the_policy_proposes_and_a_committee_sees_what_about(house) -> None:
    [row] = house.listed()
    assert row == {
        "decision_id": "L-1-W2",
        "loan_id": "L-1",
        "whole": True,
        "amount": "1380.00",
        "currency": "EUR",
        "days_past_due": 120,
        "since": "2026-02-01",
        "reason": "120 days past due, proposed from 100",
        "asked_by": "the system",
        "asked_on": "2026-06-01",
    }
    assert (house.state.closed, house.state.facts.loss) == (None, None)


def test_an_approval_records_the_fact_and_closes_the_case_in_one_transaction(house) -> None:
    [waiting] = house.listed()
    decided = house.answer(waiting["decision_id"])
    assert (decided.signal.to, decided.signal.case_id) == ("written_off", "L-1-C1")
    assert decided.signal.reason == "written off by a person, decision L-1-W2"
    [fact] = house.wiring.loans.recorded("L-1").facts
    assert (fact.fact_id, fact.kind, fact.recorded_by) == ("write-off-2", "write_off", BEN.id)
    assert (fact.fact.on, fact.fact.amount_minor) == (LATE, None)
    on_record = house.wiring.cases.decision("L-1", "L-1-W2")
    assert (on_record.outcome, on_record.decided_by) == ("approved", BEN)
    state = house.state
    assert (state.closed, state.case, state.facts.loss.written_off.total) == (
        "written_off",
        None,
        WHOLE,
    )
    [outbox] = house.wiring.loans.outboxes("L-1")
    assert outbox.signal == decided.signal
    assert house.listed() == []


def test_nothing_of_an_approval_is_stored_unless_all_is(house, monkeypatch) -> None:
    def refused(*_):
        raise RuntimeError("crashed")

    before = house.state
    monkeypatch.setattr(house.wiring.loans, "commit", refused)
    with pytest.raises(RuntimeError):
        house.answer("L-1-W2")
    monkeypatch.undo()
    assert (house.state, house.wiring.loans.outboxes("L-1")) == (before, [])
    assert house.wiring.cases.decision("L-1", "L-1-W2").is_pending


def test_a_repeated_answer_changes_nothing_and_another_is_refused(house) -> None:
    house.answer("L-1-W2")
    version = house.state.version
    again = house.answer("L-1-W2")
    assert (again.decision.outcome, again.signal, house.state.version) == (
        "approved",
        None,
        version,
    )
    with pytest.raises(RefusedError, match="already approved by Ben Ade"):
        house.answer("L-1-W2", Answer.DECLINED)


@pytest.mark.parametrize("by", [CLERK, an_actor("Eva", Role.LEGAL)])
def test_only_a_supervisor_decides(house, by) -> None:
    with pytest.raises(RefusedError, match="Leave it to: supervisor"):
        house.answer("L-1-W2", by=by)
    assert house.state.closed is None


def test_who_proposed_never_decides(house) -> None:
    house.answer("L-1-W2", Answer.DECLINED)
    proposed = house.propose(by=ANA)
    for answer in Answer:
        with pytest.raises(RefusedError, match="Let a second person decide"):
            house.answer(proposed.decision_id, answer, by=ANA)
    assert house.answer(proposed.decision_id, by=BEN).signal.to == "written_off"


def test_a_declined_proposal_is_not_made_again_by_the_policy(house) -> None:
    house.answer("L-1-W2", Answer.DECLINED, why="Talk first.")
    house.stream()
    house.day(LATE + 30 * DAY)
    assert (house.listed(), house.state.closed) == ([], None)
    assert "write-off L-1-W2 declined by Ben Ade: Talk first." in house.timeline("decision")
    assert house.propose(by=CLERK).is_pending


def test_one_proposal_waits_at_a_time(house) -> None:
    with pytest.raises(RefusedError, match="L-1-W2") as refused:
        house.propose()
    assert fields(refused.value.problems) == {"loan_id"}
    house.answer("L-1-W2", Answer.DECLINED)
    proposed = house.propose(5_000)
    assert house.propose(5_000) == proposed  # a repeat
    with pytest.raises(RefusedError, match="has a proposal that waits"):
        house.propose(6_000)


@pytest.mark.parametrize(
    ("amount_minor", "why", "field"), [(WHOLE + 1, "x", "amount"), (None, " ", "why")]
)
def test_a_proposal_that_could_not_be_recorded_is_refused(house, amount_minor, why, field) -> None:
    house.answer("L-1-W2", Answer.DECLINED)
    with pytest.raises(RefusedError) as refused:
        house.propose(amount_minor, why=why)
    assert fields(refused.value.problems) == {field}


@pytest.mark.parametrize("unknown", ["L-1", "L-1-W99", "L-1-C1#2-settlement"])
def test_an_id_that_is_no_proposal_is_refused(house, unknown) -> None:
    with pytest.raises(RefusedError, match="is no proposal"):
        house.answer(unknown)


def test_after_a_part_the_case_goes_on(house) -> None:
    house.answer("L-1-W2", Answer.DECLINED)
    proposed = house.propose(38_000)
    assert house.listed()[0]["amount"] == "380.00"
    assert house.answer(proposed.decision_id).signal is None
    house.stream()
    state = house.state
    assert (state.closed, state.case.case_id, state.standing.days_past_due) == (
        None,
        "L-1-C1",
        120,
    )
    assert state.standing.outstanding.total == WHOLE - 38_000
    standing = read_standing("L-1", house.wiring.now(), house.wiring)
    assert totals(standing) == (None, "380.00", "0.00", "380.00")
    assert house.listed() == []  # the policy leaves it at what people decided


def test_a_part_that_is_all_there_is_writes_the_whole_loan_off(house) -> None:
    house.answer("L-1-W2", Answer.DECLINED)
    assert house.answer(house.propose(WHOLE).decision_id).signal.to == "written_off"
    house.pay("early", 11_500, FIRST_DUE)  # told late, it makes the loss smaller
    assert house.state.facts.loss.written_off.total == WHOLE - 11_500
    reverse_payment("umoja", "early", "a mistake", ANA, house.wiring.now(), house.wiring)
    assert (house.state.closed, house.state.facts.loss.remaining.total) == ("written_off", WHOLE)


def test_money_that_comes_before_the_decision_takes_the_proposal_off_the_list(house) -> None:
    house.pay("P-1", 3 * 11_500)
    with pytest.raises(RefusedError, match="31 days past due, no longer 100"):
        house.answer("L-1-W2")
    house.stream()
    assert (house.listed(), house.state.proposal) == ([], None)
    assert house.wiring.cases.decision("L-1", "L-1-W2").outcome == "withdrawn"
    with pytest.raises(RefusedError, match="already withdrawn"):
        house.answer("L-1-W2")


def test_a_proposal_withdrawn_but_still_listed_cannot_be_approved(house) -> None:
    house.pay("P-1", 4 * 11_500)
    review_changed("umoja", ["L-1"], house.wiring.now(), house.wiring)
    assert house.listed()
    with pytest.raises(RefusedError, match="was withdrawn"):
        house.answer("L-1-W2")


def test_after_it_there_are_no_days_no_bucket_and_no_messages(house) -> None:
    told = len(house.wiring.messenger.emails)
    house.answer("L-1-W2")
    house.stream()
    for days in range(1, 60):
        house.day(LATE + days * DAY)
    standing = read_standing("L-1", house.wiring.now(), house.wiring)
    assert (standing["days_past_due"], standing["bucket"], standing["next_review_on"]) == (
        0,
        None,
        None,
    )
    assert standing["outstanding"]["total"] == "0.00"
    assert totals(standing) == ("2026-06-01", "1380.00", "0.00", "1380.00")
    assert len(house.wiring.messenger.emails) == told
    [written_off] = house.events("LossWrittenOff")
    assert (written_off["difference_minor"], written_off["recovered_minor"]) == (WHOLE, 0)


def test_what_comes_later_is_recovered_and_the_surplus_is_credit(house) -> None:
    house.answer("L-1-W2")
    house.day(LATE + DAY)
    receipt = house.pay("P-1", 38_000)
    assert (receipt["recovered"], receipt["to_credit"]) == ("380.00", "0.00")
    receipt = house.pay("P-2", 110_000)
    assert (receipt["recovered"], receipt["to_credit"]) == ("1000.00", "100.00")
    house.stream()
    recovered = [each["difference_minor"] for each in house.events("LossRecovered")]
    assert recovered == [38_000, 100_000]
    assert house.timeline("loss")[-1] == (
        "1380.00 EUR written off, 1380.00 EUR recovered of it, 0.00 EUR remaining"
    )
    reverse_payment("umoja", "P-1", "bounced", ANA, house.wiring.now(), house.wiring)
    house.stream()
    last = house.events("LossRecovered")[-1]
    assert (last["difference_minor"], last["recovered_minor"]) == (-28_000, 110_000)


def test_once_all_is_recovered_one_letter_says_so(house) -> None:
    told = len(house.wiring.messenger.emails)
    house.answer("L-1-W2")
    house.day(LATE + DAY)
    house.pay("P-1", 38_000)
    house.stream()
    house.day(LATE + 2 * DAY)
    assert len(house.wiring.messenger.emails) == told
    house.pay("P-2", 100_000)
    house.stream()
    for days in range(2, 120):
        house.day(LATE + days * DAY)
    house.pay("P-3", 50)
    house.stream()
    house.day(LATE + 125 * DAY)
    [(_, subject, text, _)] = house.wiring.messenger.emails[told:]
    assert subject == "Your loan is fully paid"
    assert "€1,000.00" in text and "You owe nothing more" in text
    assert house.timeline("message")[-1] == "sent by email: clearance_letter"


def test_a_part_written_off_is_no_reason_to_say_that_all_is_paid(house) -> None:
    house.answer("L-1-W2", Answer.DECLINED)
    house.answer(house.propose(38_000).decision_id)
    house.day(LATE + DAY)
    house.pay("P-1", 100_000)
    house.stream()
    assert house.state.standing.outstanding.total == 0
    house.day(LATE + 7 * DAY)
    last = house.wiring.messenger.emails[-1][2]
    assert "fully paid" not in last and "Nothing is late" in last
    house.pay("P-2", 38_000)
    house.stream()
    house.day(LATE + 14 * DAY)
    assert house.wiring.messenger.emails[-1][1] == "Your loan is fully paid"


def test_undoing_it_opens_the_loan_again_unless_recoveries_stand(house) -> None:
    house.answer("L-1-W2")
    house.day(LATE + DAY)
    house.pay("P-1", 38_000)
    with pytest.raises(RefusedError, match="recoveries: P-1"):
        house.undo("write-off-2")
    reverse_payment("umoja", "P-1", "a mistake", ANA, house.wiring.now(), house.wiring)
    house.undo("write-off-2")
    house.stream()
    state = house.state
    assert (state.closed, state.facts.loss, state.standing.days_past_due) == (None, None, 121)
    assert state.case.case_id == "L-1-C2"
    assert house.listed() == []  # it was decided once
    assert house.propose().is_pending


def test_undoing_a_part_leaves_a_loan_closed_that_is_written_off_whole(house) -> None:
    house.answer("L-1-W2", Answer.DECLINED)
    part = house.propose(38_000)
    house.answer(part.decision_id)
    house.answer(house.propose().decision_id)
    number = part.decision_id.rpartition("-W")[2]
    house.undo(f"write-off-{number}")
    assert (house.state.closed, house.state.facts.loss.written_off.total) == ("written_off", WHOLE)


def test_a_loan_that_cannot_be_read_is_listed_all_the_same(house, monkeypatch) -> None:
    monkeypatch.setattr(house.wiring.loans, "load_many", lambda _: [])
    [row] = house.listed()
    assert (row["loan_id"], row["amount"], row["days_past_due"]) == ("L-1", None, None)


def test_an_id_that_a_client_used_before_blocks_only_this_proposal(house) -> None:
    used = FactRequest(
        fact_id="write-off-2", loan_id="L-1", fact=Waiver(LATE, "interest", 1), reason="kindness"
    )
    record_fact(used, ANA, house.wiring.now(), house.wiring)
    with pytest.raises(RefusedError, match="propose it anew"):
        house.answer("L-1-W2")
    assert house.state.closed is None


def test_a_replayed_day_may_be_ahead_of_the_clock(house) -> None:
    house.wiring.clock.at -= 90 * DAY
    assert house.answer("L-1-W2").decision.decided_at == datetime(2026, 6, 1, tzinfo=UTC)


days = st.integers(-30, 150).map(lambda n: FIRST_DUE + n * DAY)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), st.integers(0, 9), st.integers(1, 160_000), days),
        st.tuples(st.just("reverse"), st.integers(0, 9), st.just(0), st.just(LATE)),
        st.tuples(st.just("propose"), st.just(0), st.none() | st.integers(1, WHOLE), st.just(LATE)),
        st.tuples(st.sampled_from(["approve", "decline", "undo", "stream"]), *[st.just(0)] * 3),
    ),
    min_size=3,
    max_size=16,
)


def act(house: House, what: str, name: int, extent: int | None, on: date) -> None:
    """Do one thing, or be refused and change nothing."""
    waiting = [each["decision_id"] for each in house.listed()]
    counting = house.wiring.loans.recorded("L-1").counting()
    try:
        match what:
            case "pay":
                house.pay(f"P-{name}", extent or 1, on)
            case "reverse":
                reverse_payment(
                    "umoja", f"P-{name}", "a mistake", ANA, house.wiring.now(), house.wiring
                )
            case "propose":
                house.propose(extent)
            case "approve" | "decline" if waiting:
                answer = Answer.APPROVED if what == "approve" else Answer.DECLINED
                house.answer(waiting[0], answer)
            case "undo" if counting:
                house.undo(counting[-1].fact_id)
            case "stream":
                house.stream()
    except (RefusedError, ConflictError, PaymentNotFoundError):
        pass


@settings(max_examples=150)
@given(acts)
def test_no_money_is_lost_or_created_whatever_is_paid_written_off_undone_and_reversed(done) -> None:
    house = House(conftest.wiring_of_fakes())
    house.day(LATE)
    for each in done:
        act(house, *each)
        check_money(house)
    house.stream()
    check_money(house)
    state = house.state
    whole = state.facts.loss is not None and state.facts.loss.on is not None
    assert (state.closed == "written_off") == whole
    if whole:
        assert (state.case, state.standing.days_past_due, state.standing.bucket) == (None, 0, None)
        assert state.standing.outstanding.total == 0
    pending = [each["decision_id"] for each in house.listed()]
    open_now = state.proposal and state.proposal.is_open
    assert pending == ([state.proposal.decision_id] if open_now else [])


def check_money(house: House) -> None:
    stored, recorded = house.wiring.loans.load("L-1"), house.wiring.loans.recorded("L-1")
    position, loss = stored.state.position, stored.state.facts.loss
    received = sum(e.payment.amount_minor for e in recorded.payments if e.reversed_on is None)
    paid = sum_components([Components(), *position.paid]).total
    recovered = loss.recovered.total if loss else 0
    assert received == paid + recovered + position.credit_minor
    still_due = sum(each.due.total for each in stored.loan.schedule)
    assert still_due + (loss.written_off.total if loss else 0) == WHOLE
    assert not (position.credit_minor and loss and loss.remaining.total)
