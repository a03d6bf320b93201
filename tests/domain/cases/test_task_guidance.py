"""Every kind of task says what to say and what not."""

import pytest

from recovery.domain.cases.task_guidance import guidance
from recovery.domain.cases.tasks import TaskKind


@pytest.mark.parametrize("kind", [*TaskKind, "a kind of a later version"])
def test_each_kind_has_a_few_short_sentences_of_its_own(kind) -> None:
    said = guidance(kind)
    assert 2 <= len(said.say) <= 6
    assert 2 <= len(said.not_say) <= 5
    for sentence in (*said.say, *said.not_say):
        assert len(sentence) <= 100
        assert sentence.endswith(".")


def test_no_two_kinds_say_the_same() -> None:
    assert len({guidance(kind) for kind in TaskKind}) == len(TaskKind)


@pytest.mark.parametrize("kind", [TaskKind.CALL, TaskKind.VISIT, TaskKind.HARDSHIP])
def test_whoever_meets_a_borrower_tells_others_no_amount_and_threatens_nobody(kind) -> None:
    not_said = " ".join(guidance(kind).not_say)
    assert "No amount" in not_said
    assert "No threats" in not_said


def test_relatives_of_the_dead_hear_of_no_debt() -> None:
    assert "No amount, and no word of a debt: relatives do not owe it." in guidance("death").not_say
