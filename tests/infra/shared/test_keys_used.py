"""Each function, run on a table in memory, touches only the kinds of items its role may.

The embedded AWS does not look at `dynamodb:LeadingKeys`, so nothing else would show a gap before a
real account does.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from functions import (
    advance_case,
    agreements_api,
    audit_api,
    contacts_api,
    finish_erasures,
    hear_replies,
    note_deliveries,
    notes_api,
    payment_batches_api,
    payments_api,
    plan_review,
    prepare_dossier,
    reconcile_shard,
    review_changed_loans,
    review_shard,
    route_changes,
    seal_audit,
    send_messages,
    start_due_reviews,
    tasks_api,
    unsubscribe_api,
    write_letters,
)
from recovery.adapters import aws
from recovery.adapters.dynamodb.connection import table_connection
from recovery.adapters.dynamodb.items import Item
from recovery.documents.intake.files import stage_portfolio
from recovery.documents.intake.manifest import Manifest
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.said import DisputeKind
from recovery.domain.agreements.fact_request import DisputeMade, FactRequest
from recovery.domain.agreements.rights import RightsRequest
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import DEFINITION, Stage
from recovery.domain.contact.plan import Wish
from recovery.domain.monitoring.policy import Contagion
from recovery.domain.shared.actor import Role
from recovery.ports.accounting import StoredLoan
from recovery.settings import Settings
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.intake.import_portfolio import import_portfolio
from recovery.wiring import Wiring
from tests import fakes
from tests.adapters.conftest import in_memory_aws, table  # noqa: F401  fixtures
from tests.agreed import AGREEMENT_ID, OFFER_ID, an_agreement, an_offer, put_on_record
from tests.builders import (
    FIRST_DUE,
    a_borrower,
    a_loan,
    a_payment,
    a_policy,
    a_state,
    a_task,
    an_actor,
    an_institution,
)
from tests.conftest import Context
from tests.infra.shared.test_loan_table import MAY_TOUCH

_PARTITION = re.compile(
    r'"S": "((?:SENT|CHAIN|LOAN|PERSON|CONTACT|NOTE|PAYMENT|SUSPENSE|GROUP|TASK|TIMELINE|'
    r'EXPERIMENT)#[^#"]+#'
    r"|DELIVERIES#|INSTITUTIONS?\b)"
)
FILES = {
    "borrowers": "borrower_id,name,language,country,email,email_consent,contact_confirmed_on\n"
    "B-1,Grace,en,KE,grace@example.org,true,2026-02-01\n",
    "loans": "loan_id,borrower_id,portfolio,currency,principal,disbursed_on,advisor_name\n"
    "L-1,B-1,2026,EUR,200.00,2026-01-02,Peter\n",
    "instalments": "loan_id,number,due_date,principal,interest\nL-1,1,2026-02-01,100.00,9.00\n"
    "L-1,2,2026-03-01,100.00,9.00\n",
    "payments": "payment_id,loan_id,value_date,amount,currency\n"
    "P-0,L-1,2026-01-15,10.00,EUR\nP-9,L-404,2026-01-15,10.00,EUR\n",
    "facts": "fact_id,loan_id,kind,reason,amount,payment_id,reason_code\n"
    "F-0,L-1,chargeback,debit returned,1.00,P-0,AM04\n",
}


class Recorder:
    """Notes which kinds of items each function touches."""

    def __init__(self) -> None:
        self.used: dict[str, set[str]] = defaultdict(set)
        self._function = ""

    @contextmanager
    def of(self, function: str) -> Iterator[None]:
        self._function = function
        yield
        self._function = ""

    def __call__(self, params, **_: object) -> None:
        body = params["body"].decode() if isinstance(params["body"], bytes) else params["body"]
        kinds = (found.partition("#")[0] for found in _PARTITION.findall(body))
        self.used[self._function] |= {
            "INSTITUTION*" if kind.startswith("INSTITUTION") else f"{kind}#*" for kind in kinds
        }


@pytest.fixture
def recorder(table: str) -> Iterator[Recorder]:  # noqa: F811
    recorder = Recorder()
    events = table_connection(Item).connection.client.meta.events
    events.register("before-call.dynamodb", recorder)
    yield recorder
    events.unregister("before-call.dynamodb", recorder)


@pytest.fixture
def wiring(recorder: Recorder) -> Wiring:
    """The real table; everything else is in memory."""
    note_key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    settings = Settings(table="recovery", shards=1, replay_allowed=True, note_key_arn=note_key)
    wiring = Wiring(settings)
    shared = {
        "now": lambda: datetime(2026, 2, 2, 12, tzinfo=UTC),
        "queue": fakes.FakeMessageQueue(),
        "messenger": fakes.FakeMessenger(),
        "links": fakes.FakeLinks(),
        "daily_reviews": fakes.FakeDailyReviews(),
    }
    ports = wiring.of("umoja")
    vars(wiring).update(shared)
    vars(ports).update(
        shared,
        bus=fakes.FakeEventBus(),
        workflow=fakes.FakeCaseWorkflow(),
        dossier_files=fakes.FakeDossierStore(),
        evidence=fakes.FakeEvidenceStore(),
        pdf=fakes.FakePdfWriter(),
    )
    wiring.institutions.save(an_institution())
    # Late charges, contagion and suspense, so that what they need is used too.
    policy = a_policy(
        version=2,
        contagion=Contagion(),
        late_charges=(LateCharge(amount_minor=5),),
        unmatched="suspense",
    )
    wiring.institutions.save_policy("umoja", policy)
    return wiring


def test_functions_use_the_kinds_their_roles_may_touch_and_no_others(
    recorder: Recorder, wiring: Wiring, load_event, tmp_path: Path
) -> None:
    ports, context = wiring.of("umoja"), Context()
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text)
    files = {name: (tmp_path / f"{name}.csv").open("rb") for name in FILES}
    with recorder.of("ImportPortfolio"), stage_portfolio(files, workspace=tmp_path) as staged:
        imported = import_portfolio(
            staged,
            "umoja",
            wiring.now(),
            ports,
            delivery_id="D-1",
            manifest=Manifest({kind: f"{kind}.csv" for kind in FILES}, full=True),
        )
    assert (imported.loans_added, imported.payments_suspended) == (1, 1), imported.rejections
    assert imported.facts_recorded == 1, imported.rejections
    a_case_in_pre_action(ports)
    with recorder.of("ReviewChangedLoans"):
        review_changed_loans.handler(changed(load_event), context, wiring)
        review_changed_loans.handler(changed(load_event, "L-2"), context, wiring)
    with recorder.of("RouteChanges"):
        route_changes.handler(changed(load_event), context, wiring)
        route_changes.handler(load_event("route_changes.money_suspended"), context, wiring)
        route_changes.handler(load_event("route_changes.task_ended"), context, wiring)
    with recorder.of("SendMessages"):
        send_messages.handler(load_event("send_messages"), context, wiring)
        of_another_language = load_event("send_messages")
        somebody_of_another_language(wiring)
        of_another_language["Records"][0]["body"] = json.dumps(
            {"institution_id": "umoja", "borrower_id": "B-8", "as_of": "2026-02-02"}
        )
        send_messages.handler(of_another_language, context, wiring)
        somebody_with_a_phone_alone(wiring)
        by_text = load_event("send_messages")
        by_text["Records"][0]["body"] = json.dumps(
            {"institution_id": "umoja", "borrower_id": "B-9", "as_of": "2026-02-02"}
        )
        send_messages.handler(by_text, context, wiring)
    assert len(wiring.messenger.texts) == 1
    assert len(wiring.messenger.emails) == 1
    with recorder.of("PrepareDossier"):
        prepare_dossier.handler(load_event("prepare_dossier"), context, wiring)
    for step in ("open_case", "enter_stage", "close_case"):
        with recorder.of("AdvanceCase"):
            advance_case.handler(load_event(f"advance_case.{step}"), context, wiring)
    an_advisor_and_a_call(wiring)
    for call in ("list_tasks", "show_task", "take_task", "try_task", "finish_task"):
        with recorder.of("DoTasks"):
            answer = tasks_api.handler(load_event(f"tasks_api.{call}"), context, wiring)
        assert answer["statusCode"] == 200, answer
    for name in ("stage", "at_risk", "waiting", "restrained"):
        event = load_event("tasks_api.list_cases")
        value = "early_management" if name == "stage" else "true"
        event["queryStringParameters"] = {name: value}
        event["multiValueQueryStringParameters"] = {name: [value]}
        with recorder.of("DoTasks"):
            answer = tasks_api.handler(event, context, wiring)
        assert answer["statusCode"] == 200, answer
    with recorder.of("DoTasks"):
        answer = tasks_api.handler(load_event("tasks_api.show_judicial"), context, wiring)
        assert answer["statusCode"] == 200, answer
        answer = tasks_api.handler(load_event("tasks_api.decide"), context, wiring)
        assert answer["statusCode"] == 422, answer  # no approval is pending
        wrong = {"outcome": "wrong_number"}
        event = load_event("tasks_api.finish_task")
        event["path"] = event["path"].replace("L-1.call.2026-02-01", "T-2")
        answer = tasks_api.handler({**event, "body": json.dumps(wrong)}, context, wiring)
        assert answer["statusCode"] == 200, answer
    a_guarantor_and_a_second_loan(ports)
    for call in (
        "record_waiver",
        "post_payment",
        "record_return",
        "reverse_payment",
        "split_payment",
        "to_suspense",
        "guarantor_pays",
        "read_payment",
        "read_receipt",
        "list_payments",
        "payments_of_day",
        "list_facts",
        "read_standing",
        "read_loan",
        "read_timeline",
        "record_party",
        "guarantor_pays",
        "list_parties",
        "end_party",
        "loans_of_person",
        "record_collateral",
        "value_collateral",
        "open_claim",
        "end_collateral",
        "list_collateral",
        "record_group",
        "show_group",
        "record_sheet",
        "show_sheet",
        "verify_sheet",
    ):
        with recorder.of("TakePayments"):
            answer = payments_api.handler(load_event(f"payments_api.{call}"), context, wiring)
        assert answer["statusCode"] in (200, 201), answer
    with recorder.of("TakeBatches"):
        event = load_event("payment_batches_api.post_batch")
        answer = payment_batches_api.handler(event, context, wiring)
        assert json.loads(answer["body"])["posted"] == 2, answer
        for call in ("split_payment", "to_suspense"):
            sent = json.loads(load_event(f"payments_api.{call}")["body"])
            event["body"] = json.dumps({"payments": [{**sent, "payment_id": f"BATCH-{call}"}]})
            answer = payment_batches_api.handler(event, context, wiring)
            assert json.loads(answer["body"])["posted"] == 1, answer
    with recorder.of("TakePayments"):
        event = load_event("payments_api.move_payment")
        event["path"] = event["path"].replace("BANK-2026-0001", "BANK-2026-0002")
        assert payments_api.handler(event, context, wiring)["statusCode"] == 200
    a_trained_person(wiring)
    vars(ports)["evidence"] = fakes.FakeEvidenceStore()
    dispute = FactRequest(
        fact_id="DIS-1",
        loan_id="L-1",
        fact=DisputeMade(date(2026, 2, 2), DisputeKind.TERMS),
        reason="as the person says",
    )
    with recorder.of("TakePayments"):
        record_fact(dispute, an_actor(), wiring.now(), ports)
    for call in (
        *("add_note", "read_notes", "erase_note", "invite_evidence", "list_evidence"),
        *("assess", "list_assessments", "read_assessment", "decide_assessment", "options"),
        *("access", "correction", "objection", "restriction"),
        *("place_legal_hold", "end_legal_hold", "erasure"),
    ):
        with recorder.of("KeepNotes"):
            answer = notes_api.handler(load_event(f"notes_api.{call}"), context, wiring)
        assert answer["statusCode"] in (200, 201), answer
    somebody_to_forget(ports)
    with recorder.of("FinishErasures"):
        event = load_event("finish_erasures")
        event["detail"]["loan_id"] = "L-6"
        assert finish_erasures.handler(event, context, wiring)["finished"] == 1
    with recorder.of("NoteDeliveries"):
        for news in ("bounce", "invalid_number"):
            event = load_event(f"note_deliveries.{news}")
            assert note_deliveries.handler(event, context, wiring) == {"batchItemFailures": []}
    with recorder.of("Unsubscribe"):
        event = load_event("unsubscribe_api.one_click")
        link = wiring.links.unsubscribe_url("umoja", "B-8", "email")
        event["path"] = event["path"].replace("TOKEN", link.rpartition("/")[2])
        assert unsubscribe_api.handler(event, context, wiring)["statusCode"] == 200
    for call in ("instruct", "show"):
        with recorder.of("InstructContact"):
            answer = contacts_api.handler(load_event(f"contacts_api.{call}"), context, wiring)
        assert answer["statusCode"] == 200, answer
    with recorder.of("HearReplies"):
        somebody_to_hear(wiring)
        for name in ("sms", "email"):
            answer = hear_replies.handler(load_event(f"hear_replies.{name}"), context, wiring)
            assert answer == {"batchItemFailures": []}
    an_auditor(wiring)
    with recorder.of("ExportLoans"):
        answer = audit_api.handler(load_event("audit_api.export"), context, wiring)
        assert answer["statusCode"] == 200, answer
    with recorder.of("SealAudit"):
        a_day_later = Moved(wiring, days=1)
        assert seal_audit.handler(load_event("seal_audit"), context, a_day_later) == {
            "sealed": {"umoja": ["2026-02-02"]}
        }
    say_yes_and_write_letters(recorder, wiring, load_event)
    with recorder.of("PlanReview"):
        plan_review.handler({"institution_id": "umoja"}, context, wiring)
    with recorder.of("StartDueReviews"):
        start_due_reviews.handler(load_event("start_due_reviews"), context, wiring)
    shard = {"institution_id": "umoja", "as_of": "2026-02-03", "shard": 0}
    vars(wiring)["failed_reviews"] = None
    a_case_in_pre_action(ports, "L-3")
    with recorder.of("ReviewShard"):
        assert review_shard.handler(shard, context, wiring)["failed"] == 0
    with recorder.of("ReconcileShard"):
        reconcile_shard.handler(shard, context, wiring)
    machines = {"DailyReviewStateMachine", "RecoveryCaseStateMachine"}  # no code of ours
    del recorder.used[""]
    assert recorder.used == {
        name: kinds for name, kinds in MAY_TOUCH.items() if name not in machines
    }


def say_yes_and_write_letters(recorder: Recorder, wiring: Wiring, load_event) -> None:
    """A code is sent and typed; two agreements are written about: one person has a phone alone, the
    other no address that only they read."""
    ports, context = wiring.of("umoja"), Context()
    vars(ports).update(pdf=fakes.FakePdfWriter(), letter_files=fakes.FakeLetterStore())
    for number, known in enumerate(({"email": None}, {"email": None, "phone_privacy": "shared"})):
        loan_id, person_id = f"L-6{number}", f"B-6{number}"
        phone = f"+25471100006{number}"
        ports.borrowers.save_contact_details(a_borrower(person_id, phone=phone, **known))
        loan = a_loan(loan_id, borrower_id=person_id)
        ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
        put_on_record(ports, loan_id, **{OFFER_ID: an_offer()})
        if not number:
            say_yes(recorder, wiring, load_event, loan_id, person_id)
        put_on_record(ports, loan_id, **{AGREEMENT_ID: an_agreement(signed_by=(person_id,))})
        event = load_event("write_letters")
        [record] = event["Records"]
        record["body"] = record["body"].replace('"L-1"', f'"{loan_id}"')
        with recorder.of("WriteLetters"):
            assert write_letters.handler(event, context, wiring) == {"batchItemFailures": []}
    with recorder.of("SayYes"):
        event = load_event("agreements_api.read_letters")
        event["path"] = event["path"].replace("L-1", "L-60")
        assert agreements_api.handler(event, context, wiring)["statusCode"] == 200


def say_yes(recorder: Recorder, wiring: Wiring, load_event, loan_id: str, person_id: str) -> None:
    for call in ("send_code", "answer_code"):
        event = load_event(f"agreements_api.{call}")
        event["path"] = event["path"].replace("L-1", loan_id)
        body = json.loads(event["body"]) | {"person_id": person_id}
        if call == "answer_code":
            body["code"] = re.findall(r"\b\d{6}\b", wiring.messenger.texts[-1][1])[0]
        with recorder.of("SayYes"):
            answer = agreements_api.handler({**event, "body": json.dumps(body)}, Context(), wiring)
        assert answer["statusCode"] in (200, 201), answer


def a_guarantor_and_a_second_loan(ports) -> None:
    ports.borrowers.save_contact_details(a_borrower("G-1"))
    loan = a_loan("L-7", borrower_id="B-7")
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])


def somebody_to_forget(ports) -> None:
    """Who asked for it while L-6, which is paid, was still owed."""
    ports.borrowers.save_contact_details(a_borrower("B-6"))
    loan = a_loan("L-6", borrower_id="B-6", instalments=1)
    paid = a_payment("P-6", loan_id="L-6", amount_minor=11_500)
    ports.loans.add_loan(StoredLoan(loan, a_state(loan, [paid])), [paid])
    asked = RightsRequest(
        request_id="R-6",
        person_id="B-6",
        right="erasure",
        received_on=date(2026, 1, 5),
        answer_by=date(2026, 2, 5),
        answered_on=date(2026, 1, 5),
        answered_by="Ana",
        fingerprint="f",
        answer={"erased": [], "kept": [{"what": "everything"}]},
    )
    ports.rights.add_request(asked, None)


def somebody_of_another_language(wiring: Wiring) -> None:
    """Whom no text can be sent to: the institution gets a task."""
    ports = wiring.of("umoja")
    ports.borrowers.save_contact_details(a_borrower("B-8", language="lg"))
    loan = a_loan("L-8", borrower_id="B-8")
    wish = Wish("first_days_late+1", "first_days_late", FIRST_DUE)
    ports.loans.add_loan(StoredLoan(loan, replace(a_state(loan), wish=wish)), [])


def somebody_to_hear(wiring: Wiring) -> None:
    """The institution has a number, and Grace's e-mail says that she cannot pay."""
    wiring.institutions.save(an_institution(sms_number="+254700000100"))
    mail = b"From: g@example.org\nMessage-ID: <a@b>\n\nhelp, no debo nada. klacht\n"
    mailbox = fakes.FakeMailbox()
    mailbox.mails["umoja/o3vrnil0e2ic28tr"] = mail
    vars(wiring)["mailbox"] = mailbox


class Moved:
    """The wiring some days later."""

    def __init__(self, wiring: Wiring, *, days: int) -> None:
        self.institutions, self.of = wiring.institutions, wiring.of
        self.now = lambda: wiring.now() + timedelta(days=days)


def an_auditor(wiring: Wiring) -> None:
    """Who signs the event of an export; the roots are in memory."""
    arn = "arn:aws:iam::111122223333:user/auditor-iris"
    wiring.institutions.save_actor("umoja", an_actor("Iris Vega", Role.AUDITOR, id=arn))
    vars(wiring.of("umoja"))["roots"] = fakes.FakeRootStore()


def a_trained_person(wiring: Wiring) -> None:
    """Who signs the events of the notes."""
    arn = "arn:aws:iam::111122223333:user/advisor-ana"
    ana = an_actor("Ana Torres", Role.TRAINED, Role.SUPERVISOR, id=arn)
    wiring.institutions.save_actor("umoja", ana)


def somebody_with_a_phone_alone(wiring: Wiring) -> None:
    ports = wiring.of("umoja")
    ports.borrowers.save_contact_details(a_borrower("B-9", email=None))
    loan = a_loan("L-9", borrower_id="B-9")
    wish = Wish("first_days_late+1", "first_days_late", FIRST_DUE)
    ports.loans.add_loan(StoredLoan(loan, replace(a_state(loan), wish=wish)), [])


def an_advisor_and_a_call(wiring: Wiring) -> None:
    """Who signs the events of the tasks, and a second call that she has taken."""
    arn = "arn:aws:iam::111122223333:user/peter"
    peter = an_actor("Peter Otieno", Role.ADVISOR, id=arn)
    wiring.institutions.save_actor("umoja", peter)
    wiring.of("umoja").tasks.add(a_task("L-1.call.2026-02-01"))
    wiring.of("umoja").tasks.add(a_task("T-2", taken_by=peter, taken_at=wiring.now()))


def a_case_in_pre_action(ports, loan_id: str = "L-2") -> None:
    """Whose review looks at the whole record."""
    loan = a_loan(loan_id)
    case = CaseState(
        f"{loan_id}-C1",
        *(FIRST_DUE, Stage.PRE_ACTION, FIRST_DUE),
        notice_on=FIRST_DUE,
        definition=DEFINITION,
    )
    state = replace(a_state(loan), case=case, cases=1, next_review_on=FIRST_DUE)
    ports.loans.add_loan(StoredLoan(loan, state), [])


def changed(load_event, loan_id: str = "L-1") -> dict:
    """One record about the loan."""
    record = json.dumps(load_event("review_changed_loans")["Records"][0])
    return {"Records": [json.loads(record.replace("L-1", loan_id))]}
