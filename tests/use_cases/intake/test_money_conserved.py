"""Nothing paid is lost or created: all of it is on loans, in suspense, refunded or reversed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.loan import LoanProfile, Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.intake.person_payment import PersonPayment
from recovery.domain.intake.suspense import UnclaimedPayment
from recovery.domain.shared.errors import ConflictError, PaymentNotFoundError, RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.move_payment import MoveRequest, move_payment
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.intake.share_payment import share_payment
from recovery.use_cases.intake.suspense import match_suspended, refund_suspended, take_unclaimed
from tests import fakes
from tests.builders import FIRST_DUE, a_borrower, a_loan, a_policy, a_state, an_actor

NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)
ANA = an_actor()
LOANS = {"L-1": ("EUR", "ES"), "L-2": ("EUR", "ES"), "L-3": ("EUR", "NL"), "L-4": ("KES", None)}
REFUSED = (ConflictError, PaymentNotFoundError, RefusedError)


def a_lender(surplus: str) -> SimpleNamespace:
    loans = fakes.FakeLoanRepository()
    wiring = SimpleNamespace(
        loans=loans,
        payments=fakes.FakePaymentRepository(loans),
        suspense=fakes.FakeSuspenseRepository(loans),
        borrowers=fakes.FakeBorrowerRepository(a_borrower()),
        institutions=fakes.FakeInstitutionRepository(),
    )
    wiring.institutions.days["umoja"] = InstitutionDay(NOW.date(), NOW.date())
    wiring.institutions.save_policy("umoja", a_policy(version=2, surplus=surplus))
    for loan_id, (currency, law) in LOANS.items():
        profile = LoanProfile(law=law)
        loan = a_loan(loan_id, instalments=3, currency=currency, profile=profile)
        loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = [*LOANS]
    return wiring


def where_it_is(wiring) -> dict[str, Counter[str]]:
    """Return the money by currency and place."""
    found: dict[str, Counter[str]] = {"EUR": Counter(), "KES": Counter()}
    for loan_id in LOANS:
        for record in wiring.loans.recorded(loan_id).payments:
            place = "reversed" if record.reversed_on else "on loans"
            if not record.links.moved_to:
                found[record.currency][place] += record.payment.amount_minor
    for money in wiring.loans.suspended.values():
        found[money.currency]["in suspense"] += money.open_minor
        for release in money.releases:
            if release.how != "matched":
                found[money.currency][release.how] += release.amount_minor
    return found


some_ids = st.integers(0, 99)  # which of those on record
some_loans = st.sampled_from([*LOANS, "L-404"])
amounts = st.integers(1, 60_000)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), some_loans, amounts),
        st.tuples(st.just("share"), st.lists(st.sampled_from([*LOANS]), max_size=2), amounts),
        st.tuples(st.just("suspend"), some_loans, amounts),
        st.tuples(st.just("move"), some_ids, some_loans),
        st.tuples(st.just("match"), some_ids, some_loans, amounts | st.none()),
        st.tuples(st.just("refund"), some_ids, amounts | st.none()),
        st.tuples(st.just("reverse"), some_ids),
    ),
    max_size=12,
)


@given(steps, st.sampled_from(["credit", "suspense"]))
@settings(max_examples=200)
def test_every_minor_unit_posted_is_in_one_place(steps, surplus) -> None:
    wiring, posted = a_lender(surplus), Counter()
    for number, (what, *arguments) in enumerate(steps):
        try:
            posted += taken(wiring, number % 4, what, arguments)
        except REFUSED:
            pass
        except Exception as error:
            assert "L-404" in str(error), error  # no such loan
        places = where_it_is(wiring)
        assert {name: sum(each.values()) for name, each in places.items()} == {
            name: posted[name] for name in places
        }
    for loan_id in LOANS:
        stored, recorded = wiring.loans.load(loan_id), wiring.loans.recorded(loan_id)
        position = stored.state.position
        counting = sum(each.amount_minor for each in recorded.history().payments)
        assert counting == sum(each.total for each in position.paid) + position.credit_minor
        if surplus == "suspense":
            assert position.credit_minor == 0


def taken(wiring, number: int, what: str, arguments) -> Counter[str]:
    """Do one thing; return the new money by currency."""
    day = FIRST_DUE + timedelta(days=number)
    match what, arguments:
        case "pay", (loan_id, amount):
            currency = LOANS.get(loan_id, ("EUR", None))[0]
            payment = Payment(f"P-{number}", day, amount)
            request = PaymentRequest(payment, loan_id, currency)
            done = take_payment(request, ANA, NOW, wiring)
        case "share", (named, amount):
            payment, currency = Payment(f"P-{number}", day, amount), "EUR"
            person = PersonPayment(
                payment=payment,
                borrower_id="B-1",
                currency=currency,
                designation=tuple(dict.fromkeys(named)),
            )
            done = share_payment("umoja", person, ANA, NOW, wiring)
        case "suspend", (loan_id, amount):
            payment, currency = Payment(f"P-{number}", day, amount), "EUR"
            unclaimed = UnclaimedPayment(payment=payment, currency=currency, loan_id=loan_id)
            done = take_unclaimed("umoja", unclaimed, ANA, NOW, wiring)
        case "move", (which, loan_id):
            payment_id = on_record(wiring, which)
            request = MoveRequest(payment_id=payment_id, to_loan_id=loan_id, reason="wrong")
            move_payment(request, ANA, NOW, wiring)
            return Counter()
        case "match", (which, loan_id, amount):
            payment_id = on_record(wiring, which, in_suspense=True)
            match_suspended(payment_id, loan_id, ANA, "hers", NOW, wiring, amount)
            return Counter()
        case "refund", (which, amount):
            payment_id = on_record(wiring, which, in_suspense=True)
            refund_suspended("umoja", payment_id, ANA, "asked", NOW, wiring, amount)
            return Counter()
        case _:
            payment_id = on_record(wiring, arguments[0])
            reverse_payment("umoja", payment_id, "bounced", ANA, NOW, wiring)
            return Counter()
    return Counter({currency: amount if done.posted else 0})


def on_record(wiring, which: int, *, in_suspense: bool = False) -> str:
    """Return the id of some payment on record."""
    known = {*wiring.loans.suspended}
    if not in_suspense:
        known |= {*wiring.loans.splits}
        for loan_id in LOANS:
            payments = wiring.loans.recorded(loan_id).payments
            known |= {each.payment.payment_id for each in payments}
    if not known:
        raise PaymentNotFoundError("nothing is on record yet")
    return sorted(known)[which % len(known)]
