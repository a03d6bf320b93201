"""Two people decide: who asked never does, and decided is decided."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.cases.approval import (
    Answer,
    DecisionKind,
    PendingDecision,
    ask,
    decide,
    may_decide,
    needs_second_person,
    withdraw,
)
from recovery.domain.cases.policy import CasePolicy
from recovery.domain.shared.actor import Actor, Role, same_person
from recovery.domain.shared.errors import RefusedError
from tests.builders import fields

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
ONE, TWO = CasePolicy(judicial_approvals=1), CasePolicy()


def an_actor(name: str, *roles: Role, typed: bool = False) -> Actor:
    return Actor(id=name.lower().replace(" ", "."), name=name, roles=frozenset(roles), typed=typed)


ANA = an_actor("Ana Torres", Role.SUPERVISOR)
BEN = an_actor("Ben Ade", Role.LEGAL)
CARL = an_actor("Carl Ek", Role.ADVISOR, Role.TRAINED)
SERVICE = an_actor("Daily review", Role.SERVICE)
ASKED = PendingDecision(
    decision_id="D-1",
    kind=DecisionKind.JUDICIAL_APPROVAL,
    loan_id="L-1",
    case_id="L-1-C1",
    asked_by=ANA,
    asked_at=NOW,
    reason="The notice went unanswered.",
)
LATER = NOW + timedelta(hours=1)


def refused(
    decision: PendingDecision, by: Actor, at=LATER, outcome=Answer.APPROVED, because="Yes."
):
    with pytest.raises(RefusedError) as error:
        decide(decision, by, at, outcome, because)
    return error.value.problems


def test_another_person_decides_and_the_record_says_who_when_and_why() -> None:
    decided = decide(ASKED, BEN, LATER, Answer.APPROVED, " I read the dossier. ")
    assert (decided.decided_by, decided.decided_at, decided.outcome) == (BEN, LATER, "approved")
    assert decided.decided_because == "I read the dossier."
    assert (decided.asked_by, decided.is_pending, ASKED.is_pending) == (ANA, False, True)
    assert decide(ASKED, BEN, NOW, Answer.DECLINED, "Talk first.").outcome == "declined"


@pytest.mark.parametrize(
    "same",
    [
        ANA,
        replace(ANA, id="ANA.TORRES", name="A. T."),
        replace(ANA, id="ana.torres\u200b"),
        replace(ANA, id="typed-3", name="ana  torres", typed=True),
        replace(ANA, roles=frozenset(Role) - {Role.SERVICE}),
    ],
)
@pytest.mark.parametrize("outcome", Answer)
def test_who_asked_never_decides(same, outcome) -> None:
    assert "decided_by" in fields(refused(ASKED, same, outcome=outcome))
    assert not may_decide(ASKED, same)


def test_a_typed_name_proves_no_second_person_even_when_it_asked() -> None:
    typed = replace(ASKED, asked_by=replace(BEN, id="typed-1", name="Ana Torres", typed=True))
    assert fields(refused(typed, ANA)) == {"decided_by"}
    assert decide(typed, BEN, LATER, Answer.APPROVED, "Yes.").decided_by == BEN


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        (DecisionKind.JUDICIAL_APPROVAL, {Role.SUPERVISOR, Role.LEGAL}),
        (DecisionKind.SETTLEMENT, {Role.SUPERVISOR}),
        (DecisionKind.WRITE_OFF, {Role.SUPERVISOR}),
        (DecisionKind.REFINANCING, {Role.SUPERVISOR}),
        (DecisionKind.FRAUD, {Role.SUPERVISOR, Role.LEGAL}),
        ("a kind of tomorrow", set()),
    ],
)
@pytest.mark.parametrize("role", Role)
def test_a_decision_takes_the_role_for_it(kind, roles, role) -> None:
    decision, by = replace(ASKED, kind=kind), an_actor("Eva Li", role)
    assert may_decide(decision, by) == (role in roles)
    if role in roles:
        assert decide(decision, by, LATER, Answer.APPROVED, "Yes.").decided_by == by
    else:
        assert fields(refused(decision, by)) == {"decided_by"}


def test_whoever_is_named_may_not_decide_however_the_name_is_written() -> None:
    barred = replace(ASKED, not_by=("Mary Achieng", "Ben  ODHIAMBO"))
    ben = an_actor("ben odhiambo", Role.SUPERVISOR)
    assert fields(refused(barred, ben)) == {"decided_by"}
    assert not may_decide(barred, ben)
    assert may_decide(barred, an_actor("Eva Li", Role.SUPERVISOR))


def test_a_service_decides_nothing_whatever_else_it_was_given() -> None:
    mixed = an_actor("Daily review", Role.SERVICE, Role.SUPERVISOR)
    assert not may_decide(ASKED, mixed)
    assert "decided_by" in fields(refused(ASKED, mixed))


def test_decided_is_decided() -> None:
    decided = decide(ASKED, BEN, LATER, Answer.DECLINED, "Talk first.")
    eva = an_actor("Eva Li", Role.LEGAL)
    for by, outcome, because in [
        (eva, Answer.APPROVED, "Yes."),
        (eva, Answer.DECLINED, "Talk first."),
        (BEN, Answer.APPROVED, "Talk first."),
        (BEN, Answer.DECLINED, "Another reason."),
    ]:
        (problem,) = refused(decided, by, outcome=outcome, because=because)
        assert (problem.field, problem.code) == ("decision_id", "conflict")
        assert "declined by Ben Ade" in problem.reason
    assert not may_decide(decided, eva)


def test_a_repeated_answer_changes_nothing() -> None:
    decided = decide(ASKED, BEN, LATER, Answer.DECLINED, "Talk first.")
    again = decide(decided, BEN, LATER + timedelta(hours=1), Answer.DECLINED, "Talk first. ")
    assert again == decided


def test_half_a_decision_on_record_counts_as_decided() -> None:
    for half in (replace(ASKED, outcome="approved"), replace(ASKED, decided_by=BEN)):
        assert fields(refused(half, an_actor("Eva Li", Role.LEGAL))) == {"decision_id"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"at": NOW - timedelta(seconds=1)}, "decided_at"),
        ({"at": datetime(2026, 6, 2)}, "decided_at"),  # noqa: DTZ001
        ({"because": " "}, "decided_because"),
        ({"because": "a" * 501}, "decided_because"),
        ({"outcome": "perhaps"}, "outcome"),
    ],
)
def test_an_answer_that_may_not_go_on_record_is_refused_by_field(changes, field) -> None:
    assert fields(refused(ASKED, BEN, **changes)) == {field}


def test_under_one_approval_anybody_asks_and_one_person_approves() -> None:
    assert not needs_second_person(ONE)
    for by in (SERVICE, CARL, ANA):
        asked = ask(replace(ASKED, asked_by=by), ONE)
        assert decide(asked, BEN, LATER, Answer.APPROVED, "Yes.").outcome == "approved"


def test_under_two_approvals_asking_is_the_first_of_them() -> None:
    assert needs_second_person(TWO)
    assert ask(ASKED, TWO) == ASKED
    for by in (SERVICE, CARL):
        with pytest.raises(RefusedError) as error:
            ask(replace(ASKED, asked_by=by), TWO)
        assert fields(error.value.problems) == {"asked_by"}
    assert ask(replace(ASKED, kind=DecisionKind.SETTLEMENT, asked_by=CARL), TWO)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "a kind of tomorrow"}, "kind"),
        ({"reason": ""}, "reason"),
        ({"reason": "a\nb"}, "reason"),
        ({"asked_at": datetime(2026, 6, 1)}, "asked_at"),  # noqa: DTZ001
        ({"asked_by": replace(ANA, name=" ")}, "asked_by.name"),
        ({"outcome": "approved"}, "outcome"),
    ],
)
def test_a_question_that_may_not_go_on_record_is_refused_by_field(changes, field) -> None:
    with pytest.raises(RefusedError) as error:
        ask(replace(ASKED, **changes), TWO)
    assert fields(error.value.problems) == {field}


def test_the_daily_review_withdraws_a_question_but_no_answer() -> None:
    gone = withdraw(ASKED, NOW - timedelta(hours=9), "Paid.")
    assert (gone.outcome, gone.decided_because, gone.decided_at) == ("withdrawn", "Paid.", NOW)
    assert not gone.is_pending and not may_decide(gone, BEN)
    (problem,) = refused(gone, BEN)
    assert "already withdrawn by the system" in problem.reason
    decided = decide(ASKED, BEN, LATER, Answer.APPROVED, "Yes.")
    assert withdraw(decided, LATER, "Paid.") == decided


def test_nobody_may_answer_by_withdrawing() -> None:
    assert fields(refused(ASKED, BEN, outcome="withdrawn")) == {"outcome"}


names = st.sampled_from(["Ana Torres", "ana torres", "Ben Ade", "ANA-TORRES", "Eva Li"])
actors = st.builds(
    Actor,
    id=st.sampled_from(["1", "2", "ana", "ANA"]),
    name=names,
    roles=st.frozensets(st.sampled_from(Role)),
    typed=st.booleans(),
)


@given(actors, actors, st.sampled_from([*DecisionKind, "a kind of tomorrow"]))
def test_no_decision_is_ever_made_by_one_person(asker, by, kind) -> None:
    pending = replace(ASKED, kind=kind, asked_by=asker)
    try:
        decided = decide(pending, by, LATER, Answer.APPROVED, "Yes.")
    except RefusedError:
        return
    assert may_decide(pending, by)
    assert not same_person(decided.asked_by, decided.decided_by)
    assert by.is_person
    assert by.may(Role.SUPERVISOR, Role.LEGAL)


def test_a_decision_survives_storage() -> None:
    for each in (ASKED, decide(ASKED, BEN, LATER, Answer.APPROVED, "Yes.")):
        assert from_plain(PendingDecision, json.loads(json.dumps(to_plain(each)))) == each


def test_who_asks_about_fraud_could_decide_it_too_under_any_policy() -> None:
    asked = replace(ASKED, kind=DecisionKind.FRAUD, about="D-1")
    assert ask(asked, ONE) == asked
    with pytest.raises(RefusedError) as refused_:
        ask(replace(asked, asked_by=an_actor("Carl Ek", Role.ADVISOR)), ONE)
    assert fields(refused_.value.problems) == {"asked_by"}


def test_what_is_withdrawn_by_a_person_names_them() -> None:
    withdrawn = withdraw(ASKED, LATER, "D-1 ended otherwise", BEN)
    assert (withdrawn.outcome, withdrawn.decided_by) == ("withdrawn", BEN)
