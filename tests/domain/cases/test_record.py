"""No signal is lost or taken twice, however deliveries and the execution interleave."""

from datetime import date

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from recovery.domain.cases.record import (
    CaseRecord,
    Step,
    close,
    enter,
    next_signal,
    place_of,
    receive,
)
from recovery.domain.cases.signals import Signal

ON = date(2026, 5, 1)


def signal(number: int, to: str = "early_management", opens: bool = False) -> Signal:
    return Signal(f"L1-C1#{number}", "L1-C1", to, f"reason {number}", ON, 1, opens)


def entered(record: CaseRecord, taken: Signal, token: str) -> CaseRecord:
    step = Step(taken.to, taken.as_of, taken.reason)
    return enter(record, step, taken.signal_id, "execution", token)


def test_a_signal_waits_while_the_execution_is_busy() -> None:
    record = receive(CaseRecord("L1-C1", "L1"), signal(1, opens=True))
    busy = receive(record, signal(2, "prevention"))
    assert next_signal(busy) is None
    waiting = entered(busy, signal(1), "token-1")
    assert next_signal(waiting) == signal(2, "prevention")


def test_a_signal_stays_until_the_execution_enters_its_state() -> None:
    waiting = entered(CaseRecord("L1-C1", "L1"), signal(1), "token-1")
    signalled = receive(waiting, signal(2))
    assert next_signal(signalled) == signal(2)
    assert next_signal(entered(signalled, signal(2), "token-2")) is None


def test_repeated_and_outdated_signals_change_nothing() -> None:
    record = receive(CaseRecord("L1-C1", "L1"), signal(3))
    assert receive(record, signal(3)) is record
    assert receive(record, signal(2)) is record


def test_entering_twice_adds_one_step() -> None:
    once = entered(CaseRecord("L1-C1", "L1"), signal(1), "a")
    assert entered(once, signal(1), "b").path == once.path


def test_a_case_is_in_its_stage_since_it_came_there_also_after_continuing_as_new() -> None:
    assert CaseRecord("L1-C1", "L1").entered is None
    early, late = Step("early_management", ON, "late"), date(2026, 7, 1)
    again = Step("early_management", late, "300 days old")
    before = Step("prevention", date(2026, 4, 1), "a risk")
    record = CaseRecord("L1-C1", "L1", stage="early_management", path=(before, early, again))
    assert (record.entered, place_of(record)) == (early, "2026-05-01#L1")
    ended = close(record, "cured", Step("cured", late, "calm"))
    assert (ended.entered, place_of(ended)) == (None, "")


def test_a_closed_case_takes_no_more_signals() -> None:
    record = close(CaseRecord("L1-C1", "L1"), "cured", Step("cured", ON, "calm"))
    assert receive(record, signal(9)) is record


class CaseMachine(RuleBasedStateMachine):
    """Deliveries and the execution interleave at will; the execution sees each signal once."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = 1
        self.record = receive(CaseRecord("L1-C1", "L1"), signal(1, opens=True))
        self.in_motion: Signal | None = signal(1)
        self.used_tokens: set[str] = set()
        self.taken: list[int] = []
        self.tokens = 0

    def deliver_if_waiting(self) -> None:
        waiting = next_signal(self.record)
        token = self.record.task_token
        if waiting and token not in self.used_tokens:  # AWS takes a token once
            self.used_tokens.add(token)
            assert self.in_motion is None
            self.in_motion = waiting

    @rule()
    def a_new_signal_is_delivered(self) -> None:
        self.sent += 1
        self.record = receive(self.record, signal(self.sent))
        self.deliver_if_waiting()

    @rule(back=st.integers(0, 3))
    def an_old_delivery_is_repeated(self, back: int) -> None:
        self.record = receive(self.record, signal(max(1, self.sent - back)))
        self.deliver_if_waiting()

    @precondition(lambda self: self.in_motion)
    @rule(repeated=st.booleans())
    def the_execution_enters_its_next_state(self, repeated: bool) -> None:
        moved = self.in_motion
        assert moved is not None
        self.in_motion = None
        self.taken.append(int(moved.signal_id.split("#")[1]))
        for _ in range(1 + repeated):
            self.tokens += 1
            self.record = entered(self.record, moved, f"token-{self.tokens}")
        self.deliver_if_waiting()

    @invariant()
    def each_signal_is_taken_once_and_in_order(self) -> None:
        assert self.taken == list(range(1, len(self.taken) + 1))

    def teardown(self) -> None:
        while self.in_motion:
            self.the_execution_enters_its_next_state(repeated=False)
        assert self.taken == list(range(1, self.sent + 1)), "a signal was lost"


CaseMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestCaseMachine = CaseMachine.TestCase
