"""The question for a list of cases."""

from __future__ import annotations

import pytest

from recovery.documents.cases.cases_query import CasesQuery, cases_query
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.cases.stages import Stage
from recovery.domain.shared.actor import Role


@pytest.mark.parametrize(
    ("given", "query"),
    [
        ({"stage": "on_hold"}, CasesQuery(stage=Stage.ON_HOLD)),
        (
            {"at_risk": "true", "limit": "500", "after": "2026-03-01#L-1"},
            CasesQuery(named="at_risk", limit=500, after="2026-03-01#L-1"),
        ),
        ({"waiting": "true", "for": "legal"}, CasesQuery(named="waiting", role=Role.LEGAL)),
        ({"restrained": "true"}, CasesQuery(named="restrained")),
    ],
)
def test_one_list_is_named(given, query) -> None:
    assert cases_query(given) == query


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, ["stage"]),
        ({"stage": "filing", "waiting": "true"}, ["stage"]),
        ({"stage": "court"}, ["stage"]),
        ({"waiting": "yes"}, ["waiting"]),
        ({"waiting": "true", "for": "boss"}, ["for"]),
        ({"stage": "filing", "for": "legal"}, ["for"]),
        ({"stage": "filing", "after": "L-1"}, ["after"]),
        ({"stage": "filing", "limit": "0"}, ["limit"]),
        ({"stage": "filing", "limit": "501"}, ["limit"]),
        ({"at_risk": "false", "limit": "ten", "after": ""}, ["at_risk", "after", "limit"]),
    ],
)
def test_everything_wrong_with_it_is_told(given, wrong) -> None:
    with pytest.raises(InvalidDocumentError) as refused:
        cases_query(given)
    assert [each.field for each in refused.value.problems] == wrong
