"""Replays months of the sample portfolio with only the use cases and fakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from infra.demo.advisors import Advisors
from infra.demo.sample_portfolio import SamplePortfolio
from recovery.adapters.dynamodb.stream import ChangedLoan
from recovery.documents.intake.files import stage_portfolio
from recovery.documents.intake.manifest import Manifest
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.cases.signals import Signal
from recovery.domain.outbox import Outbox
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.money import to_minor
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.contact.tell_borrower import tell_borrower
from recovery.use_cases.intake.import_portfolio import import_portfolio
from recovery.use_cases.monitoring.review_loans import review_changed, review_shard
from recovery.use_cases.route_changes import route_loan
from tests import fakes

INSTITUTION = "umoja"
BANK = Actor(id="bank", name="the bank", roles=frozenset({Role.SERVICE}))


@dataclass(slots=True)
class Played:
    """Counts: ``signals`` by case, in order; reviews by cause; and ``open_loans`` summed over days,
    the number of reviews if every loan were reviewed daily."""

    signals: dict[str, list[Signal]] = field(default_factory=lambda: defaultdict(list))
    days: int = 0
    reviews_by_date: int = 0
    reviews_by_payment: int = 0
    open_loans: int = 0


class StreamingLoanRepository(fakes.FakeLoanRepository):
    """Records whose outbox changed, like the table's stream."""

    def __init__(self) -> None:
        super().__init__()
        self.stream: list[str] = []

    def _add(self, loan_id: str, outbox: Outbox | None) -> None:
        super()._add(loan_id, outbox)
        if loan_id in self.waiting:
            self.stream.append(loan_id)

    def open_loans(self) -> int:
        return sum(each.state.next_review_on is not None for each in self._loans.values())


def fakes_at(day: date) -> SimpleNamespace:
    loans = StreamingLoanRepository()
    borrowers = fakes.FakeBorrowerRepository()
    clock = fakes.FakeClock(datetime(day.year, day.month, day.day, 7, tzinfo=UTC))
    wiring = SimpleNamespace(
        now=clock.now,
        loans=loans,
        deliveries=fakes.FakeDeliveryRepository(),
        payments=fakes.FakePaymentRepository(loans),
        suspense=fakes.FakeSuspenseRepository(loans),
        borrowers=borrowers,
        people=fakes.FakePeopleRepository(borrowers, loans),
        institutions=fakes.FakeInstitutionRepository(),
        cases=fakes.FakeCaseRepository(),
        experiments=fakes.FakeExperimentRepository(),
        retention=fakes.FakeRetentionRepository(),
        court_letters=fakes.FakeCourtLetterRepository(),
        dossiers=fakes.FakeDossierRepository(),
        tasks=fakes.FakeTaskRepository(),
        timeline=fakes.FakeTimeline(),
        workflow=fakes.FakeCaseWorkflow(),
        queue=fakes.FakeMessageQueue(),
        messenger=fakes.FakeMessenger(),
        sent_texts=fakes.FakeSentTexts(),
        links=fakes.FakeLinks(),
        bus=fakes.FakeEventBus(),
    )
    wiring.of = lambda institution_id: wiring
    return wiring


def play(sample: SamplePortfolio, start: date, end: date, folder: Path) -> Played:
    """Replay each day: payments, the daily review, messages and advisors' decisions."""
    wiring, played = fakes_at(start), Played()
    advisors = Advisors(SimpleNamespace(of=wiring.of, institution=lambda: INSTITUTION))
    _open(wiring, start - timedelta(days=1))
    _import(wiring, sample, folder)
    by_day = defaultdict(list)
    for row in sample.future_payments:
        by_day[row.value_date].append(row)
    for day in _days(start, end):
        _open(wiring, day)
        for row in by_day[day]:
            take_payment(_request(row), BANK, wiring.now(), wiring)
        changed = review_changed(
            INSTITUTION, sorted(wiring.loans.needs_review), wiring.now(), wiring
        )
        due = review_shard(INSTITUTION, 0, day, wiring)
        assert not changed.failed and not due.failed, (changed.failed, due.failed)
        played.days += 1
        played.reviews_by_payment += changed.loans
        played.reviews_by_date += due.loans
        played.open_loans += wiring.loans.open_loans()
        _process(wiring, played, advisors)
        advisors.decide(day)
        _process(wiring, played, advisors)
    return played


def _open(wiring: SimpleNamespace, day: date) -> None:
    wiring.institutions.days[INSTITUTION] = InstitutionDay(day, day, "replay")


def _import(wiring: SimpleNamespace, sample: SamplePortfolio, folder: Path) -> None:
    sample.write(folder)
    files = {path.stem: path.open("rb") for path in folder.glob("*.csv")}
    with stage_portfolio(files, workspace=folder) as staged:  # type: ignore[arg-type]
        import_portfolio(
            staged,
            INSTITUTION,
            wiring.now(),
            wiring,
            delivery_id="sample",
            manifest=Manifest({kind: f"{kind}.csv" for kind in files}),
        )
    for each in files.values():
        each.close()


def _request(row: Any) -> PaymentRequest:
    amount = to_minor(row.amount, row.currency)
    return PaymentRequest(
        Payment(row.payment_id, row.value_date, amount), row.loan_id, row.currency, row.reference
    )


def _process(wiring: SimpleNamespace, played: Played, advisors: Advisors) -> None:
    """Do the work of the stream and the queue until nothing is left."""
    while wiring.loans.stream or wiring.queue.wakes:
        for loan_id in _taken(wiring.loans.stream):
            for outbox in route_loan(INSTITUTION, loan_id, wiring):
                advisors.observe(ChangedLoan(INSTITUTION, loan_id), outbox)
                if outbox.signal:
                    played.signals[outbox.signal.case_id].append(outbox.signal)
        for wake in _taken(wiring.queue.wakes):
            tell_borrower(wake, wiring.now(), wiring)


def _taken(waiting: list[Any]) -> Sequence[Any]:
    taken = list(waiting)
    waiting.clear()
    return taken


def _days(start: date, end: date) -> Iterator[date]:
    for number in range((end - start).days + 1):
        yield start + timedelta(days=number)
