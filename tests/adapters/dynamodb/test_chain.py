"""Chains on a table: writers at once, crashes and repeats leave one chain that holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.adapters import aws
from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.case_repository import DynamoDbCaseRepository
from recovery.adapters.dynamodb.chain import DynamoDbLoanChain
from recovery.adapters.dynamodb.items import TimelineItem
from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository
from recovery.adapters.dynamodb.timeline import DynamoDbTimeline
from recovery.domain.outbox import Outbox, TimelineEntry
from recovery.domain.shared.chain import (
    Attest,
    ChainEntry,
    chain_problems,
    record_problems,
    start_of,
)
from recovery.ports.accounting import StoredLoan
from recovery.ports.shared import StaleWriteError
from tests.adapters.conftest import TABLE
from tests.builders import FIRST_DUE, a_loan, a_payment, a_state, posts, reverses
from tests.fakes import FakeClock

NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)
START = start_of("umoja", "L-1")
ENTRY = TimelineEntry(date(2026, 2, 2), "payment", "paid 10.00", 1, "P-1")


@pytest.fixture
def clock(table: str) -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def chain(clock: FakeClock) -> DynamoDbLoanChain:
    return DynamoDbLoanChain("umoja", clock.now)


@pytest.fixture
def timeline(clock: FakeClock) -> DynamoDbTimeline:
    return DynamoDbTimeline("umoja", clock.now)


def problems(chain: DynamoDbLoanChain, loan_id: str = "L-1") -> list[tuple[int, str]]:
    links, stored = chain.links(loan_id), chain.records(loan_id)
    fixed = [each for each in stored if each[0].isdigit()]
    found = [*chain_problems(links, start_of("umoja", loan_id))]
    found += record_problems(links, stored, never_changed=fixed)
    return [(each.position, each.source) for each in found]


def test_what_comes_on_the_timeline_is_told_to_the_chain_once(chain, timeline) -> None:
    later = replace(ENTRY, key="P-2")
    timeline.add("L-1", [ENTRY])
    timeline.add("L-1", [ENTRY, later])
    timeline.add("L-1", [ENTRY, later])
    said = [[each.source for each in link.entry.records] for link in chain.links("L-1")]
    assert said == [[ENTRY.entry_id], [later.entry_id]]
    assert problems(chain) == []


def test_a_crash_before_the_timeline_is_written_leaves_a_chain_that_holds(
    chain, timeline, monkeypatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(TimelineItem, "save", _crash)
        with pytest.raises(OSError, match="crashed"):
            timeline.add("L-1", [ENTRY])
    timeline.add("L-1", [ENTRY])
    assert [link.position for link in chain.links("L-1")] == [1, 2]
    assert problems(chain) == []


def _crash(*_: object, **__: object) -> None:
    raise OSError("crashed")


def test_one_that_is_overtaken_between_read_and_write_takes_the_next_place(
    chain, monkeypatch
) -> None:
    once, head = iter([True]), DynamoDbLoanChain._head

    def overtaken(self: DynamoDbLoanChain, loan_id: str) -> object:
        found = head(self, loan_id)
        if next(once, False):
            chain.append(loan_id, ChainEntry(about="first"))
        return found

    monkeypatch.setattr(DynamoDbLoanChain, "_head", overtaken)
    assert chain.append("L-1", ChainEntry(about="second")).position == 2
    assert problems(chain) == []


def test_one_that_is_always_overtaken_gives_up(chain, monkeypatch) -> None:
    monkeypatch.setattr(DynamoDbLoanChain, "_head", lambda self, loan_id: None)
    chain.append("L-1", ChainEntry())
    with pytest.raises(StaleWriteError):
        chain.append("L-1", ChainEntry())


def test_a_payment_its_reversal_and_what_it_left_are_told(chain, clock, timeline) -> None:
    loans, loan = DynamoDbLoanRepository("umoja", 1), a_loan()
    loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    paid = a_payment()
    loans.commit(posts(paid, a_state(loan), Outbox("00000001", FIRST_DUE), loan))
    _route(loans, timeline)
    assert [each.source for each in chain.links("L-1")[-1].entry.records] == ["PAYMENT#P-1"]
    assert problems(chain) == []
    state = loans.load("L-1").state
    undone = replace(paid, reversed_on=FIRST_DUE, reversal_reason="typed twice")
    loans.commit(reverses(undone, state, Outbox("00000002", FIRST_DUE), loan))
    _route(loans, timeline)
    assert problems(chain) == []
    _set(keys.LOAN, "PAYMENT#P-1", "amount_minor", {"N": "1"})
    assert problems(chain) == [(2, "PAYMENT#P-1")]


def _route(loans: DynamoDbLoanRepository, timeline: DynamoDbTimeline) -> None:
    for outbox in loans.outboxes("L-1"):
        assert outbox.records
        timeline.add("L-1", outbox.timeline, outbox.records)
        loans.acknowledge("L-1", [outbox.outbox_id])


def test_a_decision_comes_with_its_entry_or_not_at_all(chain, clock) -> None:
    from tests.adapters.dynamodb.test_case_repository_contract import asked

    cases = DynamoDbCaseRepository("umoja", clock.now)
    cases.save_decision(asked())
    [link] = chain.links("L-1")
    assert link.entry.act == "asked"
    with pytest.raises(StaleWriteError):
        cases.save_decision(replace(asked(), reason="another question"))
    assert len(chain.links("L-1")) == 1
    assert problems(chain) == []


def test_a_decision_waits_for_its_place_in_the_chain(chain, clock, monkeypatch) -> None:
    from tests.adapters.dynamodb.test_case_repository_contract import asked

    once, head = iter([True]), DynamoDbLoanChain._head

    def overtaken(self: DynamoDbLoanChain, loan_id: str) -> object:
        found = head(self, loan_id)
        if next(once, False):
            chain.append(loan_id, ChainEntry(about="first"))
        return found

    monkeypatch.setattr(DynamoDbLoanChain, "_head", overtaken)
    DynamoDbCaseRepository("umoja", clock.now).save_decision(asked())
    assert chain.links("L-1")[0].entry.about == "first"
    assert problems(chain) == []


def _item(sk: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": "CHAIN#umoja#L-1"}, "sk": {"S": sk}}


def _set(kind: str, sk: str, name: str, value: dict[str, str]) -> None:
    aws.client("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": f"{kind}#umoja#L-1"}, "sk": {"S": sk}},
        UpdateExpression="SET #name = :value",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": value},
    )


@pytest.fixture
def five(chain, timeline) -> Iterator[None]:
    for number in range(5):
        timeline.add("L-1", [replace(ENTRY, key=f"P-{number}", text=f"paid {number}")])
    yield


@pytest.mark.parametrize("position", range(1, 6))
def test_an_altered_entry_and_an_altered_record_are_named(chain, five, position) -> None:
    sk = f"2026-02-02#payment#P-{position - 1}"
    _set(keys.TIMELINE, sk, "text", {"S": "paid 1000"})
    assert problems(chain) == [(position, sk)]
    _set(keys.TIMELINE, sk, "text", {"S": f"paid {position - 1}"})
    _set(keys.CHAIN, f"{position:08}", "content", {"S": "{}"})
    assert (position, "") in problems(chain)


@pytest.mark.parametrize("position", range(1, 5))
def test_a_deleted_entry_is_named(chain, five, position) -> None:
    aws.client("dynamodb").delete_item(TableName=TABLE, Key=_item(f"{position:08}"))
    assert problems(chain)[0] == (position, "")


def test_one_that_was_put_between_two_is_named(chain, five) -> None:
    found = aws.client("dynamodb").get_item(TableName=TABLE, Key=_item("00000002"))["Item"]
    forged = {**found, "sk": {"S": "00000002a"}}
    aws.client("dynamodb").put_item(TableName=TABLE, Item=forged)
    assert problems(chain)


def test_erasing_takes_text_and_salt_and_the_chain_still_holds(chain, five) -> None:
    source = "2026-02-02#payment#P-2"
    TimelineItem("TIMELINE#umoja#L-1", source).delete()
    assert problems(chain) == [(3, source)]
    assert chain.erase("L-1", [source], "ana", "asked for") == 1
    assert problems(chain) == []
    raw = aws.client("dynamodb").get_item(TableName=TABLE, Key=_item("00000003"))["Item"]
    assert "content" not in raw and "salt" not in raw
    assert chain.links("L-1")[-1].entry.act == "erased"
    assert chain.erase("L-1", ["unknown"], "ana", "asked for") == 0
    assert len(chain.links("L-1")) == 6


def test_a_day_knows_its_chains_and_how_far_each_had_grown(chain, clock) -> None:
    chain.append("L-1", ChainEntry())
    chain.append("L-2", ChainEntry())
    chain.append("L-1", ChainEntry())
    clock.at = NOON + timedelta(days=1)
    chain.append("L-1", ChainEntry())
    grown = {loan_id: link.position for loan_id, link in chain.grown_on(NOON.date())}
    assert grown == {"L-1": 2, "L-2": 1}
    grown = {loan_id: link.position for loan_id, link in chain.grown_on(date(2026, 2, 3))}
    assert grown == {"L-1": 3}


def test_a_clock_behind_the_last_entry_keeps_the_order(chain, clock) -> None:
    chain.append("L-1", ChainEntry())
    clock.at = NOON - timedelta(hours=1)
    assert chain.append("L-1", ChainEntry()).at == NOON


def test_an_entry_is_one_small_item(chain) -> None:
    said = tuple(Attest(f"2026-02-02#message#{n:040}", "0" * 64) for n in range(4))
    chain.append("L-1", ChainEntry(by="a" * 60, about="b" * 40, records=said))
    raw = aws.client("dynamodb").get_item(TableName=TABLE, Key=_item("00000001"))["Item"]
    size = sum(len(k) + sum(len(str(v)) for v in each.values()) for k, each in raw.items())
    assert size <= 1024


def test_a_day_has_one_root(chain) -> None:
    chain.add_seal(NOON.date(), "seal", "root")
    with pytest.raises(StaleWriteError):
        chain.add_seal(NOON.date(), "other", "root")
    chain.add_seal(date(2026, 2, 5), "next", "root")
    assert chain.seals() == [(NOON.date(), "seal"), (date(2026, 2, 5), "next")]
    assert chain.seals(date(2026, 2, 3)) == [(date(2026, 2, 5), "next")]
    assert chain.last_seal() == (date(2026, 2, 5), "next")
