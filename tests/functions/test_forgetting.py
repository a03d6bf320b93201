"""What DynamoDB lets expire of an ended loan is forgotten by the chain and the letters, too."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest

from functions import route_changes
from recovery.adapters import aws
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.agreements.kept_letter import KeptLetter
from recovery.domain.shared.actor import Role
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.audit.export_loan import export_loan
from recovery.use_cases.audit.verify_chain import verify_chain
from tests import fakes
from tests.adapters.conftest import TABLE, in_memory_aws, table  # noqa: F401  fixtures
from tests.builders import a_loan, a_state, an_actor
from tests.conftest import Context
from tests.functions.test_rights_api import NOW, clock, ports, wiring  # noqa: F401  fixtures

LETTER = KeptLetter(
    loan_id="L-1",
    agreement_id="AG-1",
    person_id="B-1",
    language="es",
    template="agreement-1",
    sha256="9c" * 32,
    written_at=NOW,
    sent_by="email",
    sent_on=NOW.date(),
)


@pytest.fixture
def kept(wiring, ports):  # noqa: F811
    """Two payments on record, each with its link, and a letter."""
    loan = a_loan()
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    stores = {"letter_files": fakes.FakeLetterStore(), "roots": fakes.FakeRootStore()}
    vars(ports).update(stores, queue=fakes.FakeMessageQueue(), bus=fakes.FakeEventBus())
    vars(ports).update(workflow=fakes.FakeCaseWorkflow())
    ports.letters.add(LETTER)
    ports.letter_files.files[LETTER.sha256] = b"%PDF"
    for number in (1, 2):
        payment = Payment(f"P-{number}", NOW.date(), 1_000 * number)
        take_payment(PaymentRequest(payment, "L-1", "EUR"), an_actor(), ports.now(), ports)
    route_changes.handler(changed("LOAN#umoja#L-1", "STATE"), Context(), wiring)
    assert len(ports.chain.links("L-1")) == 2 and holds(ports)
    return ports


def changed(pk: str, sk: str) -> dict[str, object]:
    keys = {"pk": {"S": pk}, "sk": {"S": sk}}
    return {"Records": [{"eventName": "MODIFY", "dynamodb": {"Keys": keys}}]}


def expire(wiring, load_event, *items: tuple[str, str]) -> None:  # noqa: F811
    """Let DynamoDB erase these items, and the stream tell of it."""
    event = load_event("route_changes.expired")
    [sample, _] = event["Records"]
    records = []
    for pk, sk in items:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        found = aws.client("dynamodb").delete_item(TableName=TABLE, Key=key, ReturnValues="ALL_OLD")
        record = copy.deepcopy(sample)
        record["dynamodb"] |= {"Keys": key, "OldImage": found["Attributes"]}
        records.append(record)
    assert route_changes.handler({"Records": records}, Context(), wiring) == {
        "batchItemFailures": []
    }


def holds(ports) -> bool:  # noqa: F811
    return bool(verify_chain("umoja", "L-1", NOW.date() + timedelta(days=9999), ports)["holds"])


def stored(prefix: str) -> list[tuple[str, str]]:
    found = aws.client("dynamodb").scan(TableName=TABLE)["Items"]
    pairs = sorted((each["pk"]["S"], each["sk"]["S"]) for each in found)
    return [each for each in pairs if f"{each[0]}#{each[1]}".startswith(prefix)]


def texts(ports) -> list[bool]:  # noqa: F811
    return [each.content is not None for each in ports.chain.links("L-1")]


def test_a_link_goes_with_the_last_record_that_it_tells_of(kept, wiring, load_event) -> None:  # noqa: F811
    timeline = stored("TIMELINE#umoja#L-1")
    assert len(timeline) == 2
    expire(wiring, load_event, *timeline)
    assert texts(kept) == [True, True] and holds(kept)  # both prove their payments still
    first, second = stored("LOAN#umoja#L-1#PAYMENT#")
    expire(wiring, load_event, first)
    assert texts(kept) == [False, True, True] and holds(kept)
    assert kept.chain.links("L-1")[-1].entry.act == "erased"
    expire(wiring, load_event, second)
    assert texts(kept) == [False, False, True, True] and holds(kept)


def test_what_somebody_deletes_still_shows_once_something_else_expires(
    kept,
    wiring,  # noqa: F811
    load_event,
) -> None:
    [first, _] = stored("LOAN#umoja#L-1#PAYMENT#")
    key = {"pk": {"S": first[0]}, "sk": {"S": first[1]}}
    aws.client("dynamodb").delete_item(TableName=TABLE, Key=key)
    expire(wiring, load_event, *stored("TIMELINE#umoja#L-1"))
    assert texts(kept) == [True, True] and not holds(kept)


def test_an_export_after_it_still_verifies_and_says_what_is_gone(
    kept,
    wiring,  # noqa: F811
    clock,  # noqa: F811
    load_event,
) -> None:
    clock.at += timedelta(days=20 * 366)
    [first, _] = stored("LOAN#umoja#L-1#PAYMENT#")
    [note, _] = stored("TIMELINE#umoja#L-1")
    expire(wiring, load_event, first, note)
    auditor = an_actor("Iris Vega", Role.AUDITOR)
    found = export_loan("L-1", NOW.date(), "the supervisor", auditor, kept.now(), kept)
    assert found["integrity"]["holds"], found["integrity"]
    assert any("text was erased from the entries 1" in each for each in found["gaps"])


def test_the_letter_goes_with_its_record_and_a_repeat_changes_nothing(
    kept,
    wiring,  # noqa: F811
    load_event,
) -> None:
    [written] = stored("LOAN#umoja#L-1#WRITTEN#")
    expire(wiring, load_event, written)
    assert kept.letter_files.files == {}
    event = load_event("route_changes.expired")
    assert route_changes.handler(event, Context(), wiring) == {"batchItemFailures": []}
    assert texts(kept) == [True, True] and holds(kept)


def test_what_a_person_deletes_is_no_expiry(kept, wiring, load_event) -> None:  # noqa: F811
    event = load_event("route_changes.expired")
    for record in event["Records"]:
        del record["userIdentity"]
    route_changes.handler(event, Context(), wiring)
    assert kept.letter_files.files
