"""Decisions reserved for people, routed like every other decision."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from recovery.documents.accounting.payment_request import payment_request
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.owner_facts import NEVER_CHANGED_HANDS, ownership_of
from recovery.domain.accounting.ownership import OwnerChange, OwnerHistory
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.approval import DAILY_REVIEW, DecisionKind, PendingDecision
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import DEFINITION, Stage
from recovery.domain.contact.address import Fate
from recovery.domain.judicial.dossier import Dossier, hash_of_record
from recovery.domain.review import review
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.cases.decide_case import decide_case
from tests import to_court
from tests.builders import a_loan, a_policy, a_state, an_actor, fields

TODAY = date(2026, 6, 1)
ANA, GRACE = an_actor(), an_actor("Grace Njeri")
DOSSIER = Dossier(
    dossier_id="L-1-C1#4-judicial_approval",
    loan_id="L-1",
    case_id="L-1-C1",
    as_of=TODAY,
    record_hash=hash_of_record(Recorded()),
    contents={"claim": {"total": "500.00"}},
)


def case(target_stage: Stage) -> CaseState:
    return CaseState(
        "L-1-C1",
        TODAY - timedelta(days=90),
        target_stage,
        TODAY - timedelta(days=2),
        notice_on=TODAY - timedelta(days=20),
        signals=3,
        definition=DEFINITION,
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
        offered=True,
        **policy,
    ):
        approvals = {"judicial_approvals": 1, **policy}
        wiring.institutions.save_policy("umoja", a_policy(version=2, **approvals))
        state = a_state(loan, case=case(target_stage), cases=1, restraints=restraints)
        state = replace(state, ownership=ownership)
        wiring.loans.add_loan(StoredLoan(loan, state), [])
        if target_stage is Stage.JUDICIAL_RECOVERY:
            wiring.dossiers.save(DOSSIER)
            wiring.cases.save_decision(asked())
        if offered:
            to_court.hear("L-1", TODAY - timedelta(days=1), wiring)
        return again(wiring, decision, by, why).signal

    return decide


def asked(**changes):
    """What the dossier asks."""
    question = PendingDecision(
        decision_id=DOSSIER.dossier_id,
        kind=DecisionKind.JUDICIAL_APPROVAL,
        loan_id="L-1",
        case_id="L-1-C1",
        asked_by=DAILY_REVIEW,
        asked_at=datetime(2026, 2, 1, 7, 0, tzinfo=UTC),
        reason="the dossier is ready",
        not_by=("Peter Otieno",),
        about=DOSSIER.hash,
    )
    return replace(question, **changes)


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


def again(wiring, decision: str, by, why: str = "We talked.", dossier: str = DOSSIER.hash):
    return decide_case("L-1", decision, by, why, wiring.now(), wiring, dossier=dossier)


def test_where_two_must_approve_the_first_asks_in_the_same_write(decide, wiring) -> None:
    assert decide("approve", judicial_approvals=2) is None
    assert wiring.loans.load("L-1").state.case.target_stage is Stage.JUDICIAL_RECOVERY
    assert again(wiring, "approve", ANA).signal is None  # a repeat
    (outbox,) = wiring.loans.outboxes("L-1")
    assert [each.text for each in outbox.timeline] == [
        "approve by Ana Torres: We talked.; a second person decides"
    ]
    first, second = wiring.cases.decisions_of("L-1")
    assert (first.outcome, first.decided_by, second.asked_by) == ("approved", ANA, ANA)
    assert second.is_pending and second.about == first.about == DOSSIER.hash
    decided = again(wiring, "approve", GRACE)
    assert decided.signal.to == "filing"
    assert (decided.decision.asked_by, decided.decision.decided_by) == (ANA, GRACE)
    (task,) = wiring.loans.outboxes("L-1")[-1].tasks
    assert "offer an agreement once more" in task.reason


def test_who_asked_never_decides(decide, wiring) -> None:
    decide("approve", judicial_approvals=2)
    same = replace(ANA, id=ANA.id.upper())
    for decision, why in (("approve", "I insist."), ("decline", "On second thoughts.")):
        with pytest.raises(RefusedError, match="Let a second person decide"):
            again(wiring, decision, same, why)
    assert wiring.loans.load("L-1").state.case.target_stage is Stage.JUDICIAL_RECOVERY


def test_two_sessions_of_one_role_are_one_person(decide, wiring) -> None:
    role = "arn:aws:sts::111122223333:assumed-role/Approver"
    ana, ben = (replace(GRACE, id=f"{role}/{name}", name=name) for name in ("ana", "ben"))
    decide("approve", by=ana, judicial_approvals=2)
    with pytest.raises(RefusedError, match="Let a second person decide"):
        again(wiring, "approve", ben, "I agree.")


def test_the_officer_of_the_loan_never_approves(decide) -> None:
    with pytest.raises(RefusedError, match="granted or keeps the loan"):
        decide("approve", by=an_actor("Peter  Otieno"))


@pytest.mark.parametrize(
    ("dossier", "why"),
    [("", "is missing"), ("0" * 64, "not what waits"), (DOSSIER.hash[:8], "not")],
)
def test_an_approval_names_the_dossier_that_was_read(decide, wiring, dossier, why) -> None:
    decide("approve", judicial_approvals=2)
    with pytest.raises(RefusedError, match=why):
        again(wiring, "approve", GRACE, dossier=dossier)


@pytest.mark.parametrize("fate", [None, Fate.BOUNCED])
def test_nothing_is_filed_before_an_agreement_was_offered(decide, wiring, fate) -> None:
    """An offer that never arrived is none, nor is one of before pre-action."""
    with pytest.raises(RefusedError, match="no agreement was offered since") as refused:
        decide("approve", offered=False)
    assert "AGREEMENT_OFFERED" in refused.value.problems[0].remedy
    to_court.hear("L-1", TODAY - timedelta(days=3), wiring)
    if fate:
        to_court.hear("L-1", TODAY, wiring, fate)
    with pytest.raises(RefusedError, match="no agreement was offered since"):
        again(wiring, "approve", ANA)
    to_court.hear("L-1", TODAY - timedelta(days=1), wiring)
    assert again(wiring, "approve", ANA).signal.to == "filing"


def test_a_dossier_that_is_shown_is_named_by_its_beginning(decide, wiring) -> None:
    decide("approve", judicial_approvals=2)
    assert again(wiring, "approve", GRACE, dossier=DOSSIER.hash[:12]).signal


def paid(wiring, payment_id: str = "P-9"):
    """A payment is posted."""
    body = {
        "payment_id": payment_id,
        "loan_id": "L-1",
        "amount": "10.00",
        "currency": "EUR",
        "value_date": "2026-01-30",
    }
    request = payment_request(json.dumps(body))
    return take_payment(request, ANA, wiring.now(), wiring)


def test_a_payment_in_between_withdraws_the_approval(decide, wiring) -> None:
    decide("approve", judicial_approvals=2)
    paid(wiring)
    with pytest.raises(RefusedError, match="went on record since"):
        again(wiring, "approve", GRACE)
    with pytest.raises(RefusedError, match="went on record since"):
        again(wiring, "approve", GRACE)
    assert wiring.loans.load("L-1").state.case.target_stage is Stage.JUDICIAL_RECOVERY


def test_a_payment_at_the_very_moment_of_the_approval_comes_first(
    decide, wiring, monkeypatch
) -> None:
    decide("approve", judicial_approvals=2)
    commit, paying = wiring.loans.commit, iter([True])

    def commit_after_a_payment(*changes, **more):
        if next(paying, False):
            monkeypatch.setattr(wiring.loans, "commit", commit)
            paid(wiring)
        return commit(*changes, **more)

    monkeypatch.setattr(wiring.loans, "commit", commit_after_a_payment)
    with pytest.raises(RefusedError, match="went on record since"):
        again(wiring, "approve", GRACE)
    assert wiring.cases.decision("L-1", f"{DOSSIER.dossier_id}-2").is_pending


def test_an_approval_at_the_very_moment_of_a_payment_does_not_last(
    decide, wiring, monkeypatch
) -> None:
    """The payment is looked at again, and the case goes back for another dossier."""
    decide("approve", judicial_approvals=2)
    commit, deciding = wiring.loans.commit, iter([True])

    def commit_after_an_approval(*changes, **more):
        if next(deciding, False):
            monkeypatch.setattr(wiring.loans, "commit", commit)
            assert again(wiring, "approve", GRACE).signal.to == "filing"
        return commit(*changes, **more)

    monkeypatch.setattr(wiring.loans, "commit", commit_after_an_approval)
    paid(wiring)
    state = wiring.loans.load("L-1").state
    assert state.case.target_stage is Stage.FILING and state.facts.has_news
    after = review(a_loan(), state, a_policy(), TODAY)
    assert after.outbox.signal.to == "judicial_recovery"
    assert after.outbox.signal.reason.startswith("facts came since the dossier")
    assert after.outbox.ends_tasks == ("L-1-C1.file",)


def test_what_no_review_saw_is_marked_so_that_another_dossier_is_made(decide, wiring) -> None:
    decide("approve", judicial_approvals=2)
    paid(wiring)
    seen = wiring.loans.load("L-1").state
    facts = replace(seen.facts, has_news=False)
    wiring.loans.save_state(
        replace(seen, facts=facts, version=seen.version + 1), wiring.loans.load("L-1").loan
    )
    with pytest.raises(RefusedError, match="went on record since"):
        again(wiring, "approve", GRACE)
    assert wiring.loans.load("L-1").state.facts.has_news


def test_a_second_person_may_decline_what_the_first_asked_for(decide, wiring) -> None:
    decide("approve", judicial_approvals=2)
    declined = again(wiring, "decline", GRACE)
    assert declined.signal.to == "intermediate_recovery"
    with pytest.raises(RefusedError, match="no approval is pending"):
        again(wiring, "approve", an_actor("Ben Mwangi"))


def test_a_pause_lasts_until_the_day_that_a_person_named(decide, wiring) -> None:
    decide("approve", judicial_approvals=2)
    until = TODAY + timedelta(days=200)
    decided = partial(decide_case, "L-1", "decline", GRACE, "Wait.", wiring.now(), wiring)
    for wrong in (TODAY, TODAY - timedelta(days=1)):
        with pytest.raises(RefusedError, match="ends no pause"):
            decided(until=wrong)
    decided(until=until)
    assert wiring.loans.load("L-1").state.case.judicial_not_before == until


def test_a_dossier_is_sent_back_with_a_question_for_the_officer(decide, wiring) -> None:
    assert decide("send-back", why="Was the mother told?").to == "pre_action"
    (outbox,) = wiring.loans.outboxes("L-1")
    assert [(each.role, each.about) for each in outbox.tasks] == [("advisor", DOSSIER.dossier_id)]
    decision = wiring.cases.decision("L-1", DOSSIER.dossier_id)
    assert (decision.outcome, decision.decided_because) == ("sent_back", "Was the mother told?")
    assert "mother" not in outbox.tasks[0].reason + outbox.signal.reason


def test_before_the_dossier_is_made_nobody_decides(decide, wiring) -> None:
    decide("settle", Stage.PREVENTION)
    loan = a_loan(loan_id="L-2")
    state = a_state(loan, case=case(Stage.JUDICIAL_RECOVERY), cases=1)
    wiring.loans.add_loan(StoredLoan(loan, state), [])
    with pytest.raises(RefusedError, match="the dossier is being made"):
        decide_case("L-2", "approve", ANA, "x", wiring.now(), wiring, dossier=DOSSIER.hash)


def test_a_decision_its_state_and_its_signal_are_stored_together_or_not_at_all(
    decide, wiring, monkeypatch
) -> None:
    def lost(*_):
        raise RuntimeError("crashed")

    monkeypatch.setattr(wiring.loans, "commit", lost)
    with pytest.raises(RuntimeError):
        decide("approve")
    monkeypatch.undo()
    assert wiring.cases.decisions_of("L-1") == [asked()]
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
