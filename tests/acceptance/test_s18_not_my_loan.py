"""S18: the person called says that the loan is not theirs; another of theirs is genuine."""

from __future__ import annotations

from datetime import date

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.shared.errors import RefusedError
from tests.builders import a_schedule
from tests.life import ANOTHER, OFFICER, Life

CLAIMED = date(2026, 4, 17)


@pytest.fixture
def life(wiring) -> Life:
    """75 days late on the one, and on time with the other."""
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(6, Components(10_000), date(2026, 2, 2)))
    life.lend("L-2", schedule=a_schedule(6, Components(5_000), date(2026, 4, 25)))
    life.until(CLAIMED)
    life.say("L-1", "dispute", fact_id="D-1", about="not_mine")
    return life


def test_all_contact_on_that_loan_stops_and_the_other_goes_on(life: Life) -> None:
    mails = len(life.ports.messenger.emails)
    life.until(date(2026, 5, 15))
    about = [text for _, _, text, _ in life.ports.messenger.emails[mails:]]
    assert about and all("L-2" in each and "L-1" not in each for each in about)
    assert not [each for each in life.tasks() if each.loan_id == "L-1" and each.kind == "call"]
    assert life.standing("L-2")["held_by"] == []


def test_it_is_for_somebody_else_than_the_officer_to_find_out(life: Life) -> None:
    [task] = life.tasks("fraud")
    assert task.not_by == (OFFICER.name,) and task.role == "supervisor"
    assert "check who they are before anything is said" in task.reason
    with pytest.raises(RefusedError):
        life.say(
            *("L-1", "dispute_end", OFFICER),
            dispute_id="D-1", outcome="rejected", answer="It is yours.",
        )  # fmt: skip


def test_not_proven_contact_resumes_with_written_reasons(life: Life) -> None:
    life.until(date(2026, 4, 27))
    life.say(
        *("L-1", "dispute_end", ANOTHER),
        dispute_id="D-1", outcome="rejected", answer="You signed in our branch on 2 January.",
    )  # fmt: skip
    assert life.standing()["held_by"] == []
    [mail] = [each for each in life.ports.messenger.emails if each[1].startswith("Our answer")]
    assert "You signed in our branch" in mail[2]
