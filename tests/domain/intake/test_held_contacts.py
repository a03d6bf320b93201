"""A person decides about contact changes that wait."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from recovery.domain.intake.held_contacts import (
    Answered,
    ContactAnswer,
    Delivered,
    HeldContacts,
    answer,
)
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import RefusedError
from tests.builders import an_actor, fields

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ANA, LUZ = an_actor("Ana Torres"), an_actor("Luz Mendoza")
HELD = HeldContacts(
    delivery_id="D-2",
    source="core",
    as_of=date(2026, 3, 1),
    people=40,
    reasons=("changes the phone numbers of 40 of 100 people, more than 10 %",),
    sample=("B-1", "B-2"),
    asked_at=NOW,
)
LAST = Delivered(source="core", as_of=date(2026, 3, 1), delivery_id="D-2")
ACCEPT, ROLL_BACK = ContactAnswer.ACCEPT, ContactAnswer.ROLL_BACK
ACCEPTED = replace(HELD, accepted=Answered(ANA, NOW, "A merger."))


def test_a_supervisor_accepts_or_rolls_back() -> None:
    assert HELD.is_pending
    assert answer(HELD, LAST, ACCEPT, ANA, NOW, " A merger. ") == ACCEPTED
    rolled_back = answer(HELD, LAST, ROLL_BACK, ANA, NOW, "An error.")
    assert rolled_back == replace(HELD, rolled_back=Answered(ANA, NOW, "An error."))
    assert not ACCEPTED.is_pending and not rolled_back.is_pending


def test_what_was_accepted_can_be_rolled_back_and_both_stay_on_record() -> None:
    both = answer(ACCEPTED, None, ROLL_BACK, LUZ, NOW, "An error.")
    assert both.accepted == ACCEPTED.accepted
    assert both.rolled_back == Answered(LUZ, NOW, "An error.")


def test_the_same_answer_again_changes_nothing() -> None:
    assert answer(ACCEPTED, LAST, ACCEPT, LUZ, NOW, "Once more.") == ACCEPTED
    rolled_back = answer(ACCEPTED, None, ROLL_BACK, LUZ, NOW, "An error.")
    assert answer(rolled_back, None, ROLL_BACK, ANA, NOW, "Once more.") == rolled_back


@pytest.mark.parametrize(
    ("held", "last", "by", "because", "field"),
    [
        (HELD, LAST, an_actor("Peter", Role.ADVISOR), "Fine.", "by"),
        (HELD, LAST, an_actor("import", Role.SERVICE), "Fine.", "by"),
        (HELD, LAST, ANA, "  ", "why"),
        (HELD, replace(LAST, delivery_id="D-3"), ANA, "Fine.", "delivery"),
        (replace(HELD, rolled_back=Answered(LUZ, NOW, "Wrong.")), LAST, ANA, "Fine.", "delivery"),
    ],
)
def test_an_answer_that_may_not_be_given_is_refused(held, last, by, because, field) -> None:
    with pytest.raises(RefusedError) as refused:
        answer(held, last, ACCEPT, by, NOW, because)
    assert fields(refused.value.problems) == {field}
