"""An approval is not waited for once the case leaves, or something bars it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.cases.withdrawals import approval_gone

ON = date(2026, 5, 25)
CASE = CaseState("L-1-C1", ON, Stage.JUDICIAL_RECOVERY, ON, signals=3)
BAR = Restraint(Kind.DISPUTE, ON, None, frozenset({Block.JUDICIAL}), "paid_already", fact_id="D-1")


def test_it_goes_with_the_case_or_with_what_bars_it() -> None:
    left = Signal("L-1-C1#4", "L-1-C1", "prevention", "nothing is overdue", ON, 1)
    gone = approval_gone(CASE, left, (), ON)
    assert gone and (gone.decision_id, gone.reason) == (
        "L-1-C1#4-judicial_approval",
        "nothing is overdue",
    )
    barred = approval_gone(CASE, None, (BAR,), ON)
    assert barred and barred.reason == "judicial steps are held by D-1"


def test_it_stays_while_nothing_changed_and_where_none_was_asked() -> None:
    assert approval_gone(CASE, None, (), ON) is None
    assert approval_gone(None, None, (BAR,), ON) is None
    elsewhere = replace(CASE, target_stage=Stage.INTERMEDIATE_RECOVERY)
    assert approval_gone(elsewhere, None, (BAR,), ON) is None
