"""Take one payment for a person with several loans, split by the law of the contracts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, Protocol

from recovery.documents.accounting.payments import payer_document
from recovery.documents.packs.reading import careful_lending_pack, lending_pack
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.lending import LendingPack, debt_order
from recovery.domain.accounting.payment import NO_LINKS, PaymentRef, derived_id, fingerprint_of
from recovery.domain.accounting.payment_checks import future_problems, parts_that_look_like
from recovery.domain.cases.stages import Outcome
from recovery.domain.intake.debts import debt_of
from recovery.domain.intake.person_payment import (
    PersonPayment,
    SharedOut,
    SplitPayment,
    share_out,
)
from recovery.domain.intake.split import Debt, Share
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.accounting import PaymentExistsError, StoredLoan
from recovery.ports.needs import HasBorrowers, PaymentPorts
from recovery.use_cases.accounting.posting import (
    Incoming,
    Posted,
    Taken,
    commit_posting,
    in_suspense,
    into_suspense,
    known_or_conflict,
    post_on,
    repeated,
    rest_of,
    whole_in_suspense,
)
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import Rules, rules_of

_MOST_LOANS = 20  # in one transaction


class _Creditors(NamedTuple):
    """Whose debts one rule ranks: one creditor's, under one law (None: nobody said which)."""

    creditor: str
    law: str | None


class SharingPorts(PaymentPorts, HasBorrowers, Protocol):
    """What a payment for a person needs: the person's loans."""


@retry_when_stale
def share_payment(
    institution_id: str, request: PersonPayment, by: Actor, now: datetime, ports: SharingPorts
) -> Taken:
    """Post the payment once, over the person's loans in its currency, in one transaction.

    The payer's designation comes first, then the law; the receipt names each share and the rule.
    What no loan takes is credit of the last loan where law and policy let it be, otherwise it goes
    to suspense. Raises RefusedError, and ConflictError for an id in use.
    """
    payment_id = request.payment.payment_id
    known = ports.payments.find(payment_id)
    if known:
        return repeated(payment_id, request.fingerprint, known, ports)
    today = business_date(institution_id, now, ports.institutions)
    calendar_day = local_date(institution_id, now, ports.institutions)
    loans = _loans(request, ports)
    latest = max(today, calendar_day)
    problems = [*future_problems(request.payment, calendar_day, latest), *_problems(request, loans)]
    if problems:
        raise RefusedError(*problems)
    rules = rules_of(institution_id, today, ports.institutions)
    shared = _shared_out(request, loans, rules)
    if len(shared.shares) > _MOST_LOANS:
        reason = f"has debts on more than {_MOST_LOANS} loans"
        raise RefusedError(Problem("borrower_id", reason, "Post a payment for each loan"))
    recorded = {each.loan.loan_id: ports.loans.recorded(each.loan.loan_id) for each in loans}
    money = Incoming(
        payment=request.payment,
        currency=request.currency,
        fingerprint=request.fingerprint,
        by=by,
        at=now,
        reference=request.reference,
        links=replace(
            NO_LINKS, possible_duplicate_of=_duplicate_of(request, now, recorded.values(), ports)
        ),
    )
    if not shared.shares:
        return _suspend_all(money, request, shared, rules, ports)
    by_id = {each.loan.loan_id: each for each in loans}
    keeps = shared.may_be_kept and rules.policy.accounting.surplus == "credit"
    posted = [
        post_on(by_id[loan_id], recorded[loan_id], _share(money, number, share), rules)
        for number, share in enumerate(_amounts(shared, keeps), start=1)
        for loan_id in [share.loan_id]
    ]
    return _commit(money, request, shared, keeps, posted, rules, ports)


def _loans(request: PersonPayment, ports: SharingPorts) -> list[StoredLoan]:
    """Return the person's loans in this currency that the payment may be for, by id.

    Not one that is settled, nor one disbursed after the money came.
    """
    found = ports.loans.load_many(ports.borrowers.loans_of(request.borrower_id))
    return sorted(
        (
            each
            for each in found
            if each.loan.currency == request.currency
            and each.state.closed != Outcome.SETTLED
            and each.loan.disbursed_on <= request.payment.value_date
        ),
        key=lambda each: each.loan.loan_id,
    )


def _problems(request: PersonPayment, loans: Sequence[StoredLoan]) -> Iterator[Problem]:
    if not loans:
        reason = f"{request.borrower_id} has no loan in {request.currency} on that day"
        remedy = "Check the person, the currency and the date, or send it to_suspense"
        yield Problem("borrower_id", reason, remedy, "not_found")
        return
    known = {each.loan.loan_id for each in loans}
    for index, loan_id in enumerate(request.designation):
        if loan_id not in known:
            reason = f"{loan_id} is none of the person's loans in {request.currency} on that day"
            yield Problem(f"designation.{index}", reason, "Name such a loan, or none", "not_found")


def _shared_out(request: PersonPayment, loans: Sequence[StoredLoan], rules: Rules) -> SharedOut:
    on = request.payment.value_date
    debts: dict[_Creditors, list[Debt]] = defaultdict(list)
    for each in loans:
        loan, state = each.loan, each.state
        charges = rules.charges(loan, state)
        debt = debt_of(loan, state.position, state.facts, charges, on)
        owner = state.ownership.owner_on(on, loan.institution_id)
        debts[_Creditors(owner.creditor, loan.profile.law)].append(debt)
    return share_out(
        request.payment.amount_minor,
        debts,
        lambda each: debt_order(_pack(each.law), on),
        request.designation,
    )


def _pack(law: str | None) -> LendingPack:
    return lending_pack(law) if law else careful_lending_pack()


def _amounts(shared: SharedOut, keeps: bool) -> list[Share]:
    """Return the shares, the last one with what is left if that is kept."""
    *first, last = shared.shares
    left_minor = shared.left_minor if keeps else 0
    return [*first, Share(last.loan_id, last.amount_minor + left_minor)]


def _share(money: Incoming, number: int, share: Share) -> Incoming:
    """Return one share as money for its loan."""
    payment_id = derived_id(money.payment.payment_id, str(number))
    payment = replace(money.payment, payment_id=payment_id, amount_minor=share.amount_minor)
    return replace(
        money,
        payment=payment,
        fingerprint=fingerprint_of(payment, share.loan_id, money.currency, money.reference),
        links=replace(money.links, part_of=money.payment.payment_id),
    )


def _commit(
    money: Incoming,
    request: PersonPayment,
    shared: SharedOut,
    keeps: bool,
    posted: Sequence[Posted],
    rules: Rules,
    ports: SharingPorts,
) -> Taken:
    rest = None
    if shared.left_minor and not keeps:
        assert shared.why_left
        rest = rest_of(money, shared.why_left, shared.left_minor, borrower_id=request.borrower_id)
    refs = [(each.receipt["loan_id"], each.receipt["payment_id"]) for each in posted]
    payment, currency = request.payment, request.currency
    duplicate = money.links.possible_duplicate_of
    receipt: dict[str, object] = {
        "payment_id": payment.payment_id,
        "borrower_id": request.borrower_id,
        "value_date": payment.value_date.isoformat(),
        "amount": to_decimal_text(payment.amount_minor, currency),
        "currency": currency,
        "designation": list(request.designation),
        "rules": list(shared.rule_ids),
        "shares": [each.receipt for each in posted],
        **payer_document(payment),
        **(in_suspense(rest) if rest else {}),
        **({"possible_duplicate_of": duplicate} if duplicate else {}),
    }
    split = SplitPayment(
        payment=payment,
        borrower_id=request.borrower_id,
        currency=currency,
        fingerprint=request.fingerprint,
        receipt=receipt,
        posted_by=money.by.id,
        posted_at=money.at,
        designation=request.designation,
        reference=request.reference,
        shares=tuple(PaymentRef(str(loan_id), str(part_id)) for loan_id, part_id in refs),
        rest_id=rest.payment_id if rest else None,
    )
    changes = [change for each in posted for change in each.changes]
    suspense = [change for each in posted for change in each.suspended]
    suspense += [into_suspense(rest, rules)] if rest else []
    try:
        ports.loans.commit(*changes, split=split, suspense=suspense)
    except PaymentExistsError as error:
        return known_or_conflict(payment.payment_id, request.fingerprint, error, ports)
    return Taken(receipt, posted=True)


def _suspend_all(
    money: Incoming,
    request: PersonPayment,
    shared: SharedOut,
    rules: Rules,
    ports: SharingPorts,
) -> Taken:
    assert shared.why_left
    suspended = whole_in_suspense(money, shared.why_left, borrower_id=request.borrower_id)
    posted = Posted(dict(suspended.receipt or {}), None, into_suspense(suspended, rules))
    return commit_posting(request.payment.payment_id, request.fingerprint, posted, ports)


def _duplicate_of(
    request: PersonPayment, now: datetime, recorded: Iterable[Recorded], ports: PaymentPorts
) -> str | None:
    """Return an earlier payment for this person that looks the same, posted within a day."""
    payment = request.payment
    candidates = {
        payment_id
        for each in recorded
        for payment_id in parts_that_look_like(payment, request.reference, now, each)
    }
    for payment_id in sorted(candidates):
        known = ports.payments.find(payment_id)
        if isinstance(known, SplitPayment) and known.payment.amount_minor == payment.amount_minor:
            return payment_id
    return None
