"""Stored values round-trip, stay small and keep the formats other readers rely on."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date

from hypothesis import given
from hypothesis import strategies as st

from recovery.adapters.dynamodb import codec
from recovery.documents.cases.signal import execution_name, signal_from_document, signal_to_document
from recovery.documents.intake.join import MOST_INSTALMENTS
from recovery.documents.shared.plain import from_plain, from_row, to_plain, to_row
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.cases.approval import PendingDecision
from recovery.domain.cases.record import Step
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.cases.write_offs import Proposal, Withdrawal
from recovery.domain.contact.plan import Wish
from recovery.domain.loan_state import LoanState
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry
from recovery.domain.shared.actor import Actor
from recovery.ports.contact import Wake
from tests.builders import FIRST_DUE, a_loan, a_payment, a_state

AMOUNTS = st.integers(-(10**15), 10**15)
COMPONENTS = st.builds(Components, *[AMOUNTS] * 4)
DATES = st.dates()
WORDS = st.text(max_size=20)
MARKS = st.dictionaries(WORDS, DATES, max_size=4)
# builds() alone omits fields that have a default, so list the optional ones.
SIGNALS = st.builds(
    Signal,
    opens=st.booleans(),
    execution_number=st.none() | st.integers(2, 99),
    resume_at=st.none() | st.sampled_from([each.value for each in Stage]),
)
CASES = st.builds(
    CaseState,
    current_since=st.none() | DATES,
    notice_on=st.none() | DATES,
    judicial_not_before=st.none() | DATES,
    signals=st.integers(0, 999),
    execution_number=st.integers(1, 99),
    execution_since=st.none() | DATES,
    execution_signals=st.integers(0, 999),
)
STANDINGS = st.builds(
    Standing, overdue=COMPONENTS, outstanding=COMPONENTS, next_due=COMPONENTS, credit_minor=AMOUNTS
)
RESTRAINTS = st.builds(
    Restraint, blocks=st.frozensets(WORDS, max_size=3), part=st.none() | st.integers(1)
)
MOMENTS = st.datetimes(timezones=st.just(UTC))
QUESTIONS = st.builds(
    PendingDecision,
    asked_by=st.builds(Actor, roles=st.frozensets(WORDS, max_size=2)),
    asked_at=MOMENTS,
    amount_minor=st.none() | AMOUNTS,
)
OUTBOXES = st.builds(
    Outbox,
    asks=st.none() | QUESTIONS,
    withdraws=st.none() | st.builds(Withdrawal),
    signal=st.none() | SIGNALS,
    wakes=st.none() | WORDS,
    timeline=st.lists(
        st.builds(TimelineEntry, policy_version=st.none() | st.integers(), key=WORDS), max_size=3
    ).map(tuple),
    events=st.lists(
        st.builds(DomainEvent, detail=st.dictionaries(WORDS, WORDS | st.integers())), max_size=2
    ).map(tuple),
)


@st.composite
def positions(draw: st.DrawFn) -> Position:
    rows = draw(st.lists(st.tuples(COMPONENTS, st.none() | DATES), max_size=30))
    return Position(
        paid=tuple(paid for paid, _ in rows),
        paid_off_on=tuple(on for _, on in rows),
        credit_minor=draw(AMOUNTS),
        last_value_date=draw(st.none() | DATES),
    )


STATES = st.builds(
    LoanState,
    version=st.integers(0),
    position=positions(),
    standing=st.none() | STANDINGS,
    case=st.none() | CASES,
    cases=st.integers(0, 99),
    wish=st.none() | st.builds(Wish, until=st.none() | DATES),
    restraints=st.lists(RESTRAINTS, max_size=3).map(tuple),
    asked=MARKS,
    retry_on=MARKS,
    next_review_on=st.none() | DATES,
    closed=st.sampled_from([None, "settled", "written_off"]),
    proposal=st.none()
    | st.builds(Proposal, from_days=st.none() | st.integers(1, 999), is_open=st.booleans()),
)


@given(STATES)
def test_a_state_round_trips(state: LoanState) -> None:
    fields = codec.state_to_fields(state)
    assert codec.state_from_fields(fields) == state
    stored = {name: value for name, value in fields.items() if value is not None}
    assert codec.state_from_fields({**stored, "outbox": "{}", "pk": "LOAN#umoja#1"}) == state


@given(st.lists(st.builds(Instalment, due=COMPONENTS), max_size=60).map(tuple))
def test_a_schedule_round_trips(schedule: tuple[Instalment, ...]) -> None:
    assert codec.schedule_from_json(codec.schedule_to_json(schedule)) == schedule


@given(OUTBOXES)
def test_an_outbox_round_trips_and_starts_with_a_brace(outbox: Outbox) -> None:
    text = codec.outbox_to_json(outbox)
    assert text.startswith("{")
    assert codec.outbox_from_json(text) == outbox


@given(st.lists(SIGNALS, max_size=3).map(tuple), st.lists(st.builds(Step), max_size=3).map(tuple))
def test_the_signals_and_path_of_a_case_round_trip(
    signals: tuple[Signal, ...], path: tuple[Step, ...]
) -> None:
    assert codec.signals_from_json(codec.signals_to_json(signals)) == signals
    assert codec.path_from_json(codec.path_to_json(path)) == path


@given(st.builds(Wake))
def test_a_wake_round_trips(wake: Wake) -> None:
    assert codec.wake_from_json(codec.wake_to_json(wake)) == wake


def test_decoding_stream_images_imports_no_aws_library() -> None:
    """boto3 and pynamodb would dominate such a function's cold start."""
    modules = "recovery.adapters.dynamodb.codec, recovery.adapters.dynamodb.keys"
    aws = "{'boto3', 'botocore', 'pynamodb'}"
    program = f"import sys, {modules}; sys.exit(bool({aws} & sys.modules.keys()))"
    environment = {"PYTHONPATH": "layers/recovery/python"}
    assert subprocess.run([sys.executable, "-c", program], env=environment).returncode == 0


def test_a_stage_round_trips_as_an_enum_member() -> None:
    case = CaseState("L-1-C1", FIRST_DUE, Stage.FILING, FIRST_DUE)
    back = codec.state_from_fields(codec.state_to_fields(a_state(case=case))).case
    assert back and back.target_stage is Stage.FILING


def test_the_encoded_formats_are_stable() -> None:
    schedule = (Instalment(1, date(2026, 1, 31), Components(100, 20, 3, 0)),)
    assert codec.schedule_to_json(schedule) == '[[1,"2026-01-31",100,20,3,0]]'
    loan = a_loan(instalments=3)
    paid = [a_payment(amount_minor=12_000)]
    assert codec.position_to_json(a_state(loan, paid).position) == (
        "[3,0,20260201,[[10000,1500,0,0,20260201],[0,500,0,0,null]]]"
    )


def test_values_stored_without_a_newer_field_load_with_its_default() -> None:
    signal = Signal("L-1-C1#1", "L-1-C1", "prevention", "risk", FIRST_DUE, 1)
    assert "opens" not in to_plain(signal)
    assert from_plain(Signal, to_plain(signal)) == signal
    entry = TimelineEntry(FIRST_DUE, "payment", "received")
    assert from_row(TimelineEntry, to_row(entry)[:3]) == entry


SIGNAL = Signal("L-1-C1#4", "L-1-C1", "early_management", "8 days", date(2026, 3, 9), 3)


def test_a_signal_document_has_the_shape_the_state_machine_reads() -> None:
    assert signal_to_document("umoja", 3, "L-1", SIGNAL) == {
        "case_id": "L-1-C1",
        "loan_id": "L-1",
        "signal": {
            "id": "L-1-C1#4",
            "institution_id": "umoja",
            "shard": 3,
            "to": "early_management",
            "reason": "8 days",
            "as_of": "2026-03-09",
            "policy_version": 3,
        },
    }


def test_continuing_as_new_says_how_the_next_execution_starts() -> None:
    signal = Signal(
        "L-1-C1#9", "L-1-C1", "continue_as_new", "300 days", date(2026, 3, 9), 3, False, 2, "filing"
    )
    sent = signal_to_document("umoja", 3, "L-1", signal)["signal"]
    assert (sent["to"], sent["execution_number"]) == ("continue_as_new", 2)
    assert sent["execution_name"] == "umoja_L-1-C1-2"
    assert sent["resume"] == {
        "id": "L-1-C1#9",
        "institution_id": "umoja",
        "shard": 3,
        "to": "filing",
        "reason": "continued as new: 300 days",
        "as_of": "2026-03-09",
        "policy_version": 3,
    }
    document = {"step": "enter_stage", **signal_to_document("umoja", 3, "L-1", signal)}
    assert signal_from_document(document) == signal


def test_no_two_cases_share_an_execution_name() -> None:
    names = {
        execution_name(institution_id, case_id, number)
        for institution_id in ("a", "a-b", "x" * 63)
        for case_id in ("b-c-C1", "c-C1", "b-c-C11", f"{'L' * 64}-C1", f"{'L' * 64}-C2")
        for number in (1, 2, 11)
    }
    assert len(names) == 45
    assert all(len(name) <= 80 for name in names)
    assert "a_b-c-C1" in names


@given(SIGNALS)
def test_a_signal_round_trips_through_its_document(signal: Signal) -> None:
    document = json.loads(json.dumps(signal_to_document("umoja", 3, "L-1", signal)))
    back = signal_from_document(document)
    if signal.execution_number is None:
        assert (back.execution_number, back.resume_at) == (None, None)
    else:
        assert (back.execution_number, back.resume_at) == (
            signal.execution_number,
            signal.resume_at,
        )
    fields = ("signal_id", "case_id", "to", "reason", "as_of", "policy_version")
    assert all(getattr(back, name) == getattr(signal, name) for name in fields)


def test_the_longest_schedule_with_the_largest_amounts_fits_an_item() -> None:
    most = Components(*[10**15 - 1] * 4)
    schedule = [Instalment(n, date(2100, 12, 31), most) for n in range(1, MOST_INSTALMENTS + 1)]
    position = Position(
        paid=(most,) * MOST_INSTALMENTS,
        paid_off_on=(date(2100, 12, 31),) * MOST_INSTALMENTS,
        credit_minor=10**15,
        last_value_date=date(2100, 12, 31),
    )
    for text in (codec.schedule_to_json(schedule), codec.position_to_json(position)):
        assert len(text) < 360_000  # leaves room for the rest of a 400 KB item
