"""Decisions as items of the table, and back."""

from __future__ import annotations

import json

from pynamodb.expressions.condition import Condition

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import DecisionItem
from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.cases.approval import PendingDecision


def decision_item(institution_id: str, decision: PendingDecision) -> DecisionItem:
    item = DecisionItem(
        keys.partition(keys.LOAN, institution_id, decision.loan_id),
        keys.key(keys.DECISION, decision.decision_id),
        document=codec.to_json(to_plain(decision)),
        outcome=decision.outcome,
    )
    if decision.is_pending:
        item.listed_in = keys.list_key(keys.DECISIONS, institution_id, decision.kind)
        item.listed_by = decision.asked_at.isoformat()
    return item


def may_be_saved(item: DecisionItem) -> Condition:
    """Return the condition that it was neither decided otherwise nor asked before."""
    undecided = DecisionItem.outcome.does_not_exist()
    if item.outcome is None:  # a question is asked once
        undecided &= DecisionItem.pk.does_not_exist()
    may_be: Condition = undecided | (DecisionItem.document == item.document)
    return may_be


def pending_decision(item: DecisionItem) -> PendingDecision:
    """Convert the item to a decision, pending or decided."""
    return from_plain(PendingDecision, json.loads(item.document))
