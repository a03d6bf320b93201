"""recovery restructure LOAN: through the same offer and yes as any agreement."""

from __future__ import annotations

import json

import pytest

from infra.deployment.target import TargetError
from tests.infra.command_line.test_agree import lending as lending
from tests.infra.command_line.test_agree import recovery

YES = ("--signed-by", "B-1", "--proof", "DOC-1", "--why", "lost her second job")
APPLY = ("restructure", "L-1", "--apply", "--by", "Ana Torres", "--difficulty", "less_income")


def kinds() -> list[str]:
    shown = recovery("restructure", "L-1", "--by", "Ana Torres", "--difficulty", "less_income")
    return [each["kind"] for each in json.loads(shown.output)["options"]]


def test_what_fits_is_shown_and_nothing_is_stored(lending) -> None:
    assert kinds() and lending.loans.recorded("L-1").facts == ()


def test_it_is_offered_and_agreed_once(lending) -> None:
    kind = next(each for each in kinds() if each != "payment_plan")
    first, again = (recovery(*APPLY, "--option", kind, *YES) for _ in range(2))
    assert first.exit_code == 0, first.exception
    assert again.output.count("On record already") == 2
    kinds_of = {each.kind for each in lending.loans.recorded("L-1").facts}
    assert kinds_of == {"offer", "agreement", "schedule_version"}
    assert lending.loans.load("L-1").loan.schedule_version == 2


@pytest.mark.parametrize("said", [("--option", "payment_plan", *YES), YES, ("--option", "reage")])
def test_what_is_missing_is_said(lending, said) -> None:
    result = recovery(*APPLY, *said)
    assert isinstance(result.exception, TargetError) and "--option" in str(result.exception)
    assert lending.loans.recorded("L-1").facts == ()
