"""What a running loan kept of somebody who asked to be forgotten goes once the loan has ended."""

from __future__ import annotations

from functions import finish_erasures
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.shared.audit import Act
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.monitoring.review_loans import review_changed
from tests.adapters.conftest import in_memory_aws, table  # noqa: F401  fixtures
from tests.builders import an_actor
from tests.conftest import Context
from tests.functions.test_rights_api import (  # noqa: F401  fixtures
    call,
    clock,
    lent,
    ports,
    stored,
    tell,
    wiring,
)


def finish(wiring, load_event) -> int:  # noqa: F811
    """Hear that L-1 has ended."""
    event = load_event("finish_erasures")
    return finish_erasures.handler(event, Context(), wiring)["finished"]


def pay_off(ports) -> None:  # noqa: F811
    owed = sum(each.due.total for each in ports.loans.load("L-1").loan.schedule)
    payment = Payment("P-1", ports.now().date(), owed)
    take_payment(PaymentRequest(payment, "L-1", "EUR"), an_actor(), ports.now(), ports)
    assert review_changed("umoja", ["L-1"], ports.now(), ports).failed == []


def test_the_rest_goes_once_the_loan_is_paid_and_not_before(
    call,  # noqa: F811
    ports,  # noqa: F811
    wiring,  # noqa: F811
    lent,  # noqa: F811
    load_event,
) -> None:
    tell(ports)
    call("notes_api.erasure")
    person = ports.borrowers.load("B-1")
    assert finish(wiring, load_event) == 0  # said too early: nothing has ended
    assert ports.borrowers.load("B-1") == person
    pay_off(ports)
    assert finish(wiring, load_event) == 1
    left = stored()
    for gone in (person.name, person.email, person.phone):
        assert gone not in left
    [request] = ports.rights.requests_of("B-1")
    assert len(request.answer["erased"]) == 5
    assert "name and addresses" not in {each["what"] for each in request.answer["kept"]}
    acts = {each.act: each for each in ports.audit.of_person("B-1")}
    entry = acts[Act.ERASURE_FINISHED]
    assert (entry.by.name, entry.about) == ("the end of a loan", request.request_id)
    assert finish(wiring, load_event) == 0


def test_who_asked_for_nothing_keeps_everything(
    ports,  # noqa: F811
    wiring,  # noqa: F811
    lent,  # noqa: F811
    load_event,
) -> None:
    pay_off(ports)
    before = stored()
    assert finish(wiring, load_event) == 0
    assert stored() == before


def test_what_came_since_goes_only_if_it_was_asked_for(
    call,  # noqa: F811
    ports,  # noqa: F811
    wiring,  # noqa: F811
    lent,  # noqa: F811
    load_event,
) -> None:
    """Notes went at once when they were asked to: one that she had written since stays."""
    call("notes_api.erasure")
    call("notes_api.add_note")
    pay_off(ports)
    assert finish(wiring, load_event) == 1
    assert len(ports.notes.marks_of("B-1")) == 1


def test_the_end_of_a_legal_hold_finishes_what_it_kept(call, ports) -> None:  # noqa: F811
    tell(ports)
    call("notes_api.place_legal_hold")
    assert call("notes_api.erasure")[1]["answer"]["erased"] == []
    call("notes_api.end_legal_hold")
    assert ports.borrowers.load("B-1").phone is None
    [request] = ports.rights.requests_of("B-1")
    assert len(request.answer["erased"]) == 5
