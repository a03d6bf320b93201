"""Decisions reserved for people, routed like every other decision."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.owner_facts import NEVER_CHANGED_HANDS, ownership_of
from recovery.domain.accounting.ownership import OwnerChange, OwnerHistory
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.review import review
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.cases.decide_case import decide_case
from tests.builders import a_loan, a_policy, a_state, an_actor, fields

TODAY = date(2026, 6, 1)
ANA = an_actor()


def case(target_stage: Stage) -> CaseState:
    return CaseState(
        "L-1-C1",
        TODAY - timedelta(days=90),
        target_stage,
        TODAY - timedelta(days=2),
        notice_on=TODAY - timedelta(days=20),
        signals=3,
    )


@pytest.fixture
def decide(wiring):
    wiring.institutions.days["umoja"] = InstitutionDay(TODAY)
    loan = a_loan()

    def decide(
        decision,
        target_stage=Stage.JUDICIAL_RECOVERY,
        by=ANA,
        why="We talked.",
        restraints=(),
        ownership=NEVER_CHANGED_HANDS,
        **policy,
    ):
        if policy:
            wiring.institutions.save_policy("umoja", a_policy(version=2, **policy))
        state = a_state(loan, case=case(target_stage), cases=1, restraints=restraints)
        state = replace(state, ownership=ownership)
        wiring.loans.add_loan(StoredLoan(loan, state), [])
        return decide_case("L-1", decision, by, why, wiring.now(), wiring).signal

    return decide


def test_approval_is_on_record_with_the_person_and_leads_to_filing(decide, wiring) -> None:
    signal = decide("approve")
    assert (signal.to, signal.signal_id) == ("filing", "L-1-C1#4")
    assert signal.reason == "approved by a person, decision L-1-C1#4-judicial_approval"
    assert wiring.loans.load("L-1").state.case.target_stage is Stage.FILING
    (outbox,) = wiring.loans.outboxes("L-1")
    assert outbox.signal == signal
    assert outbox.timeline[0].text == "approve by Ana Torres: We talked."
    decision = wiring.cases.decision("L-1", "L-1-C1#4-judicial_approval")
    assert (decision.decided_by, decision.decided_at) == (an_actor(), wiring.now())
    assert (decision.outcome, decision.decided_because) == ("approved", "We talked.")


def test_declining_pauses_further_approval_requests(decide, wiring) -> None:
    assert decide("decline").to == "intermediate_recovery"
    state = wiring.loans.load("L-1").state
    assert state.case.judicial_not_before == TODAY + timedelta(days=90)
    assert state.case.notice_on is None
    assert state.next_review_on <= state.case.judicial_not_before
    soon = review(a_loan(), state, a_policy(), TODAY + timedelta(days=60))
    assert soon.outbox.signal is None


@pytest.mark.parametrize("target_stage", list(Stage))
def test_a_settlement_ends_recovery_from_any_stage(decide, wiring, target_stage) -> None:
    assert decide("settle", target_stage).to == "settled"
    state = wiring.loans.load("L-1").state
    assert (state.case, state.closed, state.next_review_on) == (None, "settled", None)
    later = review(a_loan(), state, a_policy(), TODAY + timedelta(days=60))
    assert (later.outbox.signal, later.state.wish) == (None, None)


@pytest.mark.parametrize("target_stage", list(Stage))
def test_a_write_off_is_asked_by_one_and_decided_by_another_from_any_stage(
    decide, wiring, target_stage
) -> None:
    assert decide("write-off", target_stage) is None
    assert again(wiring, "write-off", ANA).signal is None  # a repeat
    assert wiring.loans.load("L-1").state.case.target_stage is target_stage
    with pytest.raises(RefusedError, match="Let a second person"):
        again(wiring, "write-off", ANA, "I insist.")
    decided = again(wiring, "write-off", an_actor("Grace Njeri"), "I agree.")
    assert (decided.signal.to, decided.signal.signal_id) == ("written_off", "L-1-C1#4")
    assert again(wiring, "write-off", an_actor("Grace Njeri"), "I agree.").signal is None
    state = wiring.loans.load("L-1").state
    assert (state.case, state.closed) == (None, "written_off")
    assert state.facts.loss.written_off.total == 12 * 11_500
    later = review(a_loan(), state, a_policy(), TODAY + timedelta(days=60))
    assert (later.outbox.signal, later.state.wish, later.state.next_review_on) == (None,) * 3


def test_settling_takes_a_proposed_write_off_off_the_list(decide, wiring) -> None:
    decide("write-off")
    again(wiring, "settle", an_actor("Grace Njeri"))
    state = wiring.loans.load("L-1").state
    assert state.next_review_on == TODAY
    settled = review(a_loan(), state, a_policy(), TODAY)
    assert settled.outbox.withdraws.decision_id == "L-1-W2"
    assert (settled.state.proposal, settled.state.next_review_on) == (None, None)


@pytest.mark.parametrize("decision", ["approve", "decline"])
@pytest.mark.parametrize(
    "target_stage",
    [Stage.PREVENTION, Stage.EARLY_MANAGEMENT, Stage.INTERMEDIATE_RECOVERY, Stage.FILING],
)
def test_a_case_not_awaiting_approval_is_refused(decide, decision, target_stage) -> None:
    with pytest.raises(RefusedError, match="no approval is pending"):
        decide(decision, target_stage)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"by": an_actor(" ")}, "by.name"),
        ({"by": an_actor("Ana", Role.ADVISOR)}, "decided_by"),
        ({"why": ""}, "why"),
        ({"decision": "sue"}, "decision"),
    ],
)
def test_a_decision_needs_a_name_a_right_and_a_reason(decide, changes, field) -> None:
    with pytest.raises(RefusedError) as refused:
        decide(**{"decision": "approve", **changes})
    assert refused.value.problems[0].field == field


def test_a_loan_without_an_open_case_is_refused(wiring) -> None:
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    with pytest.raises(RefusedError, match="no open case"):
        decide_case("L-1", "settle", an_actor(), "x", wiring.now(), wiring)


@pytest.mark.parametrize("text", ["x" * 501, "a\nb", "a\u202eb", "\0"])
def test_a_reason_is_bounded_and_on_one_line(decide, wiring, text) -> None:
    """It goes on record and into the execution: no control or direction mark comes with it."""
    with pytest.raises(RefusedError) as refused:
        decide("approve", why=text)
    assert fields(refused.value.problems) == {"why"}
    assert wiring.loans.outboxes("L-1") == []


@pytest.mark.parametrize("block", [Block.JUDICIAL, Block.ESCALATION])
def test_nobody_approves_filing_while_a_restraint_holds_it(decide, block) -> None:
    held = Restraint(Kind.DISPUTE, TODAY, None, frozenset({block}), "form 7")
    with pytest.raises(RefusedError) as refused:
        decide("approve", restraints=(held,))
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == ("decision", "conflict")
    assert "dispute from 2026-06-01 until further notice" in problem.reason


@pytest.mark.parametrize("decision", ["decline", "settle"])
def test_a_restraint_holds_no_decision_that_eases_or_ends(decide, decision) -> None:
    held = Restraint(Kind.DISPUTE, TODAY, None, frozenset(Block), "form 7")
    assert decide(decision, restraints=(held,))


def test_people_may_write_off_what_a_restraint_keeps_the_policy_from_proposing(
    decide, wiring
) -> None:
    held = Restraint(Kind.DISPUTE, TODAY, None, frozenset(Block), "form 7")
    decide("write-off", restraints=(held,))
    assert again(wiring, "write-off", an_actor("Grace Njeri")).signal.to == "written_off"


def test_a_restraint_on_the_person_holds_filing_at_that_moment(decide, wiring) -> None:
    """The copy in the state may lag behind; the step reads what holds now."""
    held = Restraint(Kind.INSOLVENCY, TODAY, None, frozenset({Block.JUDICIAL}), "form 7")
    borrower = wiring.borrowers.load("B-1")
    wiring.borrowers.save_restraints(replace(borrower, restraints=(held,)))
    with pytest.raises(RefusedError, match="insolvency"):
        decide("approve")


def again(wiring, decision: str, by, why: str = "We talked."):
    return decide_case("L-1", decision, by, why, wiring.now(), wiring)


def test_where_two_must_approve_the_first_asks_and_another_decides(decide, wiring) -> None:
    assert decide("approve", judicial_approvals=2) is None
    assert wiring.loans.load("L-1").state.case.target_stage is Stage.JUDICIAL_RECOVERY
    assert again(wiring, "approve", an_actor()).signal is None  # a repeat
    assert wiring.loans.outboxes("L-1") == []
    (entry,) = wiring.timeline.entries("L-1")
    assert entry.text == "approve by Ana Torres: We talked.; a second person decides"
    decided = again(wiring, "approve", an_actor("Grace Njeri"))
    assert decided.signal.to == "filing"
    assert (decided.decision.asked_by, decided.decision.decided_by) == (
        an_actor(),
        an_actor("Grace Njeri"),
    )


def test_who_asked_never_decides(decide, wiring) -> None:
    decide("approve", judicial_approvals=2)
    same = replace(an_actor(), id=an_actor().id.upper())
    for decision, why in (("approve", "I insist."), ("decline", "On second thoughts.")):
        with pytest.raises(RefusedError, match="Let a second person decide"):
            again(wiring, decision, same, why)
    assert wiring.loans.load("L-1").state.case.target_stage is Stage.JUDICIAL_RECOVERY


def test_a_second_person_may_decline_what_the_first_asked_for(decide, wiring) -> None:
    decide("approve", judicial_approvals=2)
    declined = again(wiring, "decline", an_actor("Grace Njeri"))
    assert declined.signal.to == "intermediate_recovery"
    with pytest.raises(RefusedError, match="no approval is pending"):
        again(wiring, "approve", an_actor("Luz Mendoza"))


def test_a_decision_its_state_and_its_signal_are_stored_together_or_not_at_all(
    decide, wiring, monkeypatch
) -> None:
    def lost(*_):
        raise RuntimeError("crashed")

    monkeypatch.setattr(wiring.loans, "commit", lost)
    with pytest.raises(RuntimeError):
        decide("approve")
    monkeypatch.undo()
    assert wiring.cases.decisions_of("L-1") == []
    assert again(wiring, "approve", an_actor()).signal.to == "filing"
    with pytest.raises(RefusedError, match="no approval is pending"):
        again(wiring, "decline", an_actor("Grace Njeri"))


@pytest.mark.parametrize(
    ("decision", "outside", "is_held"),
    [
        ("approve", True, True),
        ("settle", True, True),
        ("write-off", True, True),
        ("approve", False, True),  # the debtor was not told of the new owner yet
        ("settle", False, False),
        ("decline", False, False),
    ],
)
def test_a_loan_in_other_hands_is_not_decided_on_here(decide, decision, outside, is_held) -> None:
    sale = OwnerChange(
        change_id="list-7",
        kind="sale",
        executed_on=TODAY - timedelta(days=1),
        creditor="Fondo Norte",
        outside=outside,
    )
    sold = ownership_of(OwnerHistory("umoja", (sale,)))
    if not is_held:
        assert decide(decision, ownership=sold)
        return
    with pytest.raises(RefusedError) as error:
        decide(decision, ownership=sold)
    field = "loan_id" if decision == "write-off" else "decision"
    assert fields(error.value.problems) == {field}
