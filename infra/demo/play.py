"""Replays months of a portfolio's business days against a deployment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from infra.demo.advisors import Advisors
from infra.demo.foreseen import Helped
from infra.demo.learners import Learners
from infra.demo.staff import Staff
from infra.demo.stories import Story
from infra.demo.stream_watch import StreamWatch
from infra.demo.teller import Teller
from infra.demo.turns import Turns
from infra.deployment.operate import import_folder, run_review
from infra.deployment.target import Target, TargetError
from recovery.documents.intake.rows import PaymentRow

_POSTING_THREADS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """A folder with the portfolio as of the day before ``start``, and the later payments.

    ``drifts``: see Foreseen. ``stories`` are told beside: their people pay as they tell.
    """

    folder: Path
    payments: Sequence[PaymentRow]
    start: date
    end: date
    drifts: Mapping[str, date] = field(default_factory=dict)
    stories: Sequence[Story] = ()


@dataclass(slots=True)
class Played:
    """Counts of what happened."""

    imported: dict[str, Any] = field(default_factory=dict)
    days: int = 0
    payments_posted: int = 0
    payments_refused: list[dict[str, Any]] = field(default_factory=list)
    signals: int = 0
    decisions: int = 0
    turns: list[str] = field(default_factory=list)
    helped: int = 0
    told: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    lost_minor: dict[tuple[str, str], int] = field(default_factory=dict)
    tasks: Counter[str] = field(default_factory=Counter)
    promises: Counter[str] = field(default_factory=Counter)


def business_days(start: date, end: date) -> Iterator[date]:
    """Yield Monday to Friday; Monday's review catches up on the weekend."""
    day = start
    while day <= end:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


def import_history(target: Target, plan: Plan, played: Played) -> None:
    """Import and evaluate the portfolio as of the day before the first."""
    institution_id = target.institution()
    run_review(target, institution_id, plan.start - timedelta(days=1), replay=True)
    played.imported, _ = import_folder(target, plan.folder, institution_id)


def play(
    target: Target,
    plan: Plan,
    played: Played,
    watch: StreamWatch,
    *,
    on_day: Callable[[date, Played], None] = lambda day, played: None,
) -> None:
    """Each business day: post payments through the API, review, do tasks and decide on cases."""
    payments = _by_business_day(plan)
    institution_id, told = target.institution(), {each.loan: each for each in plan.stories}
    advisors, teller = Advisors(target, told), _teller(target, plan)
    turns, staff = Turns(target, plan.start, told), Staff(target, plan.payments, told)
    helped = Helped(target, plan.start, plan.drifts, plan.payments)
    learners = Learners(target, plan.start, plan.end)
    with ThreadPoolExecutor(_POSTING_THREADS) as threads:
        for outbox in watch.wait_until_done():
            advisors.observe(*outbox)
        for day in business_days(plan.start, plan.end):
            outboxes = []
            if rows := helped.rows(day, payments.get(day, [])):
                posted = [turns.misdirect(each) for each in rows]
                _post_all(target, institution_id, posted, played, threads)
            teller.pay_what_is_due(day)
            turns.take(day)
            learners.take(day)
            staff.confirm_details(day)
            outboxes += watch.wait_until_done()
            run_review(target, institution_id, day, replay=True)
            outboxes += watch.wait_until_done()
            for outbox in outboxes:
                advisors.observe(*outbox)
            played.signals += sum(bool(outbox.signal) for _, outbox in outboxes)
            staff.observe(outbox for _, outbox in outboxes)
            advisors.decide(day)
            staff.work(day)
            teller.take(day)
            if found := helped.look(day):
                turns.told.append(found)
            played.days += 1
            played.turns, played.helped = [*turns.told, *learners.told], helped.count
            played.decisions = advisors.decisions
            played.told, played.lost_minor = teller.told, teller.lost_minor
            played.tasks, played.promises = staff.done, Counter(staff.promises.values())
            on_day(day, played)
        watch.wait_until_done()
        played.untold = teller.unfinished()


def _teller(target: Target, plan: Plan) -> Teller:
    institution_id = target.institution()
    ports = target.of(institution_id)

    def pay(loan_id: str, payment_id: str, amount: str, currency: str, on: date) -> None:
        row = PaymentRow(
            payment_id=payment_id,
            loan_id=loan_id,
            amount=amount,
            currency=currency,
            value_date=on,
        )
        code, answer = _post(target, institution_id, row)
        if code not in (200, 201):
            raise TargetError(f"The payments API answered {code} to {payment_id}: {answer}")

    return Teller(institution_id, ports, plan.stories, plan.start, pay)


def _by_business_day(plan: Plan) -> dict[date, list[list[PaymentRow]]]:
    """Group the payments since the previous business day by day, then by loan."""
    days = list(business_days(plan.start, plan.end))
    by_day: dict[date, dict[str, list[PaymentRow]]] = defaultdict(lambda: defaultdict(list))
    payments = sorted(plan.payments, key=lambda each: (each.value_date, each.payment_id))
    position = 0
    for day in days:
        while position < len(payments) and payments[position].value_date <= day:
            row = payments[position]
            by_day[day][row.loan_id].append(row)
            position += 1
    return {day: list(loans.values()) for day, loans in by_day.items()}


def _post_all(
    target: Target,
    institution_id: str,
    loans: Sequence[Sequence[PaymentRow]],
    played: Played,
    threads: ThreadPoolExecutor,
) -> None:
    def post(rows: Sequence[PaymentRow]) -> list[tuple[int, dict[str, Any]]]:
        return [_post(target, institution_id, row) for row in rows]

    for answers in threads.map(post, loans):
        for code, answer in answers:
            if code in (200, 201):
                played.payments_posted += code == 201
            elif code in (404, 409, 422):
                played.payments_refused.append(answer)
            else:
                raise TargetError(f"The payments API answered {code}: {answer}")


def _post(target: Target, institution_id: str, row: PaymentRow) -> tuple[int, dict[str, Any]]:
    body = {
        "payment_id": row.payment_id,
        "loan_id": row.loan_id,
        "amount": row.amount,
        "currency": row.currency or target.of(institution_id).loans.load(row.loan_id).loan.currency,
        "value_date": row.value_date.isoformat(),
    }
    return target.call_api("POST", "/payments", body, of=institution_id)
