"""What a court needs, gathered from the record of a loan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recovery.domain.accounting.loan import Payment
from recovery.domain.cases.tasks import Result, TaskOutcome
from recovery.domain.outbox import Outbox
from recovery.ports.accounting import LoanChange
from recovery.use_cases.judicial.court_bundle import court_bundle_of
from tests.builders import a_payment, a_task
from tests.court_record import AS_OF, put_on_record


def test_it_has_the_money_the_people_and_what_was_done(wiring) -> None:
    put_on_record(wiring, sent=4)
    found = court_bundle_of("L-1", 2_000_000, AS_OF, wiring)
    assert (found.creditor, found.law, found.country) == ("Cooperativa Caja del Turia", "ES", "ES")
    assert len(found.schedule) == len(found.paid) == 60
    assert sum(each.total for each in found.paid) == sum(e.amount_minor for e in found.payments)
    assert [each.arrival for each in found.messages] == ["failed", "arrived", "arrived", "arrived"]
    assert found.left_out == 2 and found.confidential == {"OF-SECRET", "NS-proposal"}


def test_a_payer_who_is_no_party_has_no_name_and_a_reversal_is_shown(wiring) -> None:
    put_on_record(wiring, sent=0)
    stored = wiring.loans.load("L-1")
    aunt = Payment("P-99", date(2026, 4, 1), 1_000, payer_kind="relative", payer_id="X-7")
    record = replace(a_payment("P-99"), payment=aunt, reversed_on=date(2026, 4, 3))
    change = LoanChange(stored.loan, stored.loan, stored.state, Outbox("O-9", AS_OF), (record,))
    wiring.loans.commit(change)
    found = court_bundle_of("L-1", 2_000_000, AS_OF, wiring)
    last = found.payments[-1]
    assert (last.payer, last.reversed_on) == ("other", date(2026, 4, 3))
    assert "X-7" not in f"{found}"


def test_talks_count_and_talks_about_other_loans_do_not(wiring) -> None:
    put_on_record(wiring, sent=0)
    spoken = Result(code=TaskOutcome.REACHED)
    for loan_id in ("L-1", "L-2"):
        task = a_task(f"{loan_id}.call.2026-03-01", loan_id=loan_id)
        wiring.tasks.add(task)
        task = wiring.tasks.find(task.task_id)
        wiring.tasks.save(replace(task, ended_on=date(2026, 3, 3), result=spoken))
    found = court_bundle_of("L-1", 2_000_000, AS_OF, wiring)
    assert [(each.channel, each.arrival) for each in found.messages] == [("talk", "spoke")]
