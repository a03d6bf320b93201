"""Whether what comes before court holds."""

from __future__ import annotations

import pytest

from recovery.domain.judicial.pre_action import readiness


def answer(status: str = "READY", missing=(), blocking=()):
    return {
        "procedure": "ES_MONITORIO",
        "status": status,
        "missing": list(missing),
        "blocking": list(blocking),
    }


def test_a_procedure_that_is_ready_goes_on_whatever_other_routes_are_closed() -> None:
    found = readiness(answer(blocking=["NO_EXECUTIVE_TITLE"]), ())
    assert found.reason == "what comes before ES_MONITORIO is proven"
    assert found.stopped_by == ()


def test_what_is_missing_waits_until_all_of_it_was_checked() -> None:
    needs = answer("NEEDS_PREREQUISITE", ["MASC", "AMICABLE_NOT_EXHAUSTED"])
    assert readiness(needs, ["MASC"]).waits_for == ("AMICABLE_NOT_EXHAUSTED",)
    assert not readiness(needs, ["MASC"]).reason
    both = readiness(needs, ["MASC", "AMICABLE_NOT_EXHAUSTED"])
    assert both.reason.endswith("is proven, MASC and AMICABLE_NOT_EXHAUSTED by a person")


def test_where_no_law_is_known_a_person_may_say_that_it_was_done() -> None:
    unknown = answer("BLOCKED", blocking=["LAW_UNKNOWN"])
    assert readiness(unknown, ()).stopped_by == ("LAW_UNKNOWN",)
    assert readiness(unknown, ["LAW_UNKNOWN"]).reason


@pytest.mark.parametrize("stop", ["DECEASED", "PRESCRIBED", "CONCURSO", "RESTRAINED", "MORATORIUM"])
def test_no_other_stop_is_a_persons_to_lift(stop: str) -> None:
    found = readiness(answer("BLOCKED", blocking=[stop, "LAW_UNKNOWN"]), [stop, "LAW_UNKNOWN"])
    assert found.stopped_by == (stop,) and not found.reason


def test_a_question_that_nobody_answered_keeps_it() -> None:
    assert not readiness(answer(), (), "L-1-C1#4-judicial_approval").reason
