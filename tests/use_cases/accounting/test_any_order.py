"""Whatever happens to a loan, in any order: the standing is the engine's, and no money is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.fact import Undo
from recovery.domain.accounting.history import Charge, Chargeback, Waiver, WriteOff
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.loan import Components, LoanProfile, Payment, sum_components
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.agreements.fact_request import CoreSchedule, FactRequest, Restructure
from recovery.domain.agreements.reage import Reage
from recovery.domain.monitoring.evaluation import EvaluationRules, evaluate
from recovery.domain.schedules.due_dates import MONTHLY
from recovery.domain.shared.errors import ConflictError, RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.move_payment import MoveRequest, move_payment
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.use_cases.shared.rules import rules_of
from tests import fakes
from tests.builders import FIRST_DUE, a_loan, a_policy, a_schedule, a_state, an_actor

TODAY = FIRST_DUE + timedelta(days=120)
NOW = datetime(2026, 6, 1, 7, tzinfo=UTC)
BY = an_actor()
LOANS = ("L-1", "L-2")
LATE_CHARGES = (LateCharge(percent=Decimal(1), per="day", from_days=3, cap_percent=Decimal(20)),)


class Ports:
    """Two loans for business under Dutch law, of an institution with late charges."""

    def __init__(self) -> None:
        self.cases = fakes.FakeCaseRepository()
        self.loans = fakes.FakeLoanRepository(cases=self.cases)
        self.payments = fakes.FakePaymentRepository(self.loans)
        self.borrowers = fakes.FakeBorrowerRepository()
        self.institutions = fakes.FakeInstitutionRepository()
        self.institutions.days["umoja"] = InstitutionDay(TODAY)
        self.institutions.save_policy("umoja", a_policy(version=2, late_charges=LATE_CHARGES))
        for loan_id in LOANS:
            loan = replace(
                a_loan(loan_id, instalments=4), profile=LoanProfile(purpose="business", law="NL")
            )
            self.loans.add_loan(StoredLoan(loan, a_state(loan)), [])


days = st.integers(-20, 120).map(lambda n: FIRST_DUE + timedelta(days=n))
amounts = st.integers(1, 30_000)
names = st.integers(0, 7)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), names, days, amounts),
        st.tuples(st.just("reverse"), names, days, amounts),
        st.tuples(st.just("move"), names, days, amounts),
        st.tuples(st.just("charge"), names, days, st.integers(1, 900)),
        st.tuples(st.just("waive"), names, days, amounts),
        st.tuples(st.just("return"), names, days, amounts),
        st.tuples(st.just("pause"), names, days, st.integers(1, 40)),
        st.tuples(st.just("write off"), names, days, st.none() | amounts),
        st.tuples(st.just("reage"), names, days, st.integers(1, 5)),
        st.tuples(st.just("core"), names, days, st.integers(1, 5)),
        st.tuples(st.just("undo"), names, days, st.integers(0, 30)),
    ),
    min_size=1,
    max_size=14,
)


def do(ports: Ports, loan_id: str, number: int, act: tuple) -> None:
    """Do one act, or be refused and change nothing."""
    what, name, on, extent = act
    try:
        if what == "pay":
            payment = Payment(f"{loan_id}-P{name}", on, extent)
            take_payment(PaymentRequest(payment, loan_id, "EUR"), BY, NOW, ports)
        elif what in ("reverse", "move"):
            payments = ports.loans.recorded(loan_id).payments
            if payments:
                chosen = payments[name % len(payments)].payment.payment_id
                if what == "reverse":
                    reverse_payment("umoja", chosen, "a mistake", BY, NOW, ports)
                else:
                    [other] = {*LOANS} - {loan_id}
                    request = MoveRequest(payment_id=chosen, to_loan_id=other, reason="a mistake")
                    move_payment(request, BY, NOW, ports)
        else:
            facts = {
                "charge": lambda: Charge(on, "fee", extent),
                "waive": lambda: Waiver(on, "interest", extent),
                "return": lambda: Chargeback(f"{loan_id}-P{name}", on, extent, "AM04"),
                "pause": lambda: Pause(on, on + timedelta(days=extent)),
                "write off": lambda: WriteOff(on, extent),
                "reage": lambda: Restructure(
                    Reage(start=on + timedelta(days=9), frequency=MONTHLY, instalments=extent), on
                ),
                "core": lambda: CoreSchedule(a_schedule(extent, Components(9_000, 500)), on),
                "undo": lambda: Undo(f"F{extent}", on),
            }
            request = FactRequest(
                fact_id=f"F{number}", loan_id=loan_id, fact=facts[what](), reason="as it happened"
            )
            record_fact(request, BY, NOW + timedelta(minutes=number), ports)
    except (RefusedError, ConflictError):
        pass


def engine_says(ports: Ports, loan_id: str):
    """Ask the engine alone, from the first schedule and everything on record."""
    stored = ports.loans.load(loan_id)
    rules = rules_of("umoja", TODAY, ports.institutions)
    asked = EvaluationRules(
        allocation=rules.allocation,
        monitoring=rules.policy.monitoring,
        late_charges=rules.charges(stored.loan, stored.state),
    )
    history = ports.loans.recorded(loan_id).history()
    return evaluate(stored.loan.schedule_agreed, history, asked, TODAY)


@settings(max_examples=150)
@given(acts, acts)
def test_the_standing_is_the_engines_and_money_is_conserved(first, second) -> None:
    ports = Ports()
    for number, pair in enumerate(zip(first, second, strict=False)):
        for loan_id, act in zip(LOANS, pair, strict=True):
            do(ports, loan_id, number, act)
    review_changed("umoja", LOANS, NOW, ports)
    received = on_loans = 0
    for loan_id in LOANS:
        state, recorded = ports.loans.load(loan_id).state, ports.loans.recorded(loan_id)
        said, standing = engine_says(ports, loan_id), state.standing
        assert standing is not None
        for name in ("days_past_due", "days_delinquent", "overdue", "outstanding", "credit_minor"):
            assert getattr(standing, name) == getattr(said.standing, name), name
        assert state.facts.loss == said.ledger.loss
        recovered = state.facts.loss.recovered.total if state.facts.loss else 0
        paid = sum_components([Components(), *state.position.paid]).total
        on_loans += paid + recovered + state.position.credit_minor
        received += sum(e.payment.amount_minor for e in recorded.payments if not e.reversed_on)
        if state.facts.loss and state.facts.loss.on:
            assert (standing.days_past_due, standing.bucket, state.closed) == (
                0,
                None,
                "written_off",
            )
    assert on_loans == received


@settings(max_examples=60)
@given(acts, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter_for_what_is_always_accepted(found, random) -> None:
    """Payments and charges never refuse each other: told in any order, they end alike."""
    accepted = [each for each in found if each[0] in ("pay", "charge")][:8]
    kept = [(what, index, on, extent) for index, (what, _, on, extent) in enumerate(accepted)]
    told = list(enumerate(kept))
    ends = []
    for _ in range(2):
        ports = Ports()
        for number, act in told:
            do(ports, "L-1", number, act)
        stored = ports.loans.load("L-1")
        ends.append((stored.loan, stored.state.position, stored.state.facts))
        random.shuffle(told)
    assert ends[0] == ends[1]


def test_a_day_is_told_once_and_late_charges_come_off_after_late_news() -> None:
    ports = Ports()
    review_changed("umoja", ["L-1"], NOW, ports)
    [outbox] = ports.loans.outboxes("L-1")
    [charged] = [e for e in outbox.events if e.name == "LateChargesChanged"]
    assert charged.detail["difference_minor"] == charged.detail["charged_minor"] == 9_200
    all_of_it = PaymentRequest(Payment("P-1", date(2026, 1, 20), 46_000), "L-1", "EUR")
    take_payment(all_of_it, BY, NOW, ports)
    review_changed("umoja", ["L-1"], NOW, ports)
    last = ports.loans.outboxes("L-1")[-1]
    [undone] = [e for e in last.events if e.name == "LateChargesChanged"]
    assert (undone.detail["difference_minor"], undone.detail["charged_minor"]) == (-9_200, 0)
    assert ports.loans.load("L-1").state.standing.outstanding.total == 0


def test_consumers_are_charged_nothing_for_being_late() -> None:
    ports = Ports()
    stored = ports.loans.load("L-1")
    for profile in (
        LoanProfile(purpose="consumer", law="ES"),
        LoanProfile(law="NL"),
        LoanProfile(),
    ):
        loan = replace(stored.loan, profile=profile)
        assert not rules_of("umoja", TODAY, ports.institutions).charges(loan, stored.state)
