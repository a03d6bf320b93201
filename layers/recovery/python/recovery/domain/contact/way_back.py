"""The offer of an agreement before each step that nobody can take back: filing, and enforcement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import FOR_APPROVAL, Stage
from recovery.domain.contact.plan import Wish

WAY_BACK = "way_back"
_FILING, _ENFORCEMENT = f"{WAY_BACK}@filing", f"{WAY_BACK}@enforcement"
_TITLE = "title"


def offered_since(case: CaseState) -> date:
    """Return the day from which an offer counts before a claim is filed: the first in pre-action.

    A case of before that was kept has it since its present stage: what came earlier is not fresh.
    """
    return case.pre_action_since or case.target_stage_since


def way_back_due(
    case: CaseState | None,
    court: str,
    asked: Mapping[str, date],
    retry_on: Mapping[str, date],
    as_of: date,
) -> Wish | None:
    """Return the wish to offer an agreement, once on the way to a claim and once on that from its
    title to enforcement; None if there is none, or it was answered.

    ``court`` is "title" once a claim was decided for the creditor (see ``LoanFacts``).
    """
    if case is None:
        return None
    if case.target_stage in (Stage.PRE_ACTION, *FOR_APPROVAL):
        key, since = _FILING, offered_since(case)
    elif case.target_stage is Stage.IN_PROCEEDINGS and court == _TITLE:
        key, since = _ENFORCEMENT, case.target_stage_since
    else:
        return None
    if asked.get(key) == since or retry_on.get(key, as_of) > as_of:
        return None
    return Wish(key, WAY_BACK, since)


def is_offered_again(wish: Wish) -> bool:
    """Whether the same was offered before: it is said in other words then."""
    return wish.rule_key == _ENFORCEMENT


def has_moved_on(case: CaseState | None) -> bool:
    """Whether there is nothing any more before which to offer an agreement."""
    stages = (Stage.PRE_ACTION, *FOR_APPROVAL, Stage.IN_PROCEEDINGS)
    return case is None or case.target_stage not in stages
