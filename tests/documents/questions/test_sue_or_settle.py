"""Questions whether to sue or settle: assumptions shown, ranges as answers."""

import copy
import json

import pytest

from recovery.documents.questions.sue_or_settle import (
    CAUTION_TEXTS,
    answer_sue_or_settle,
    sue_or_settle_schema,
)
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.judicial.sue_or_settle import Caution
from tests.builders import fields

QUESTION = {
    "id": "L-1",
    "as_of": "2026-11-27",
    "currency": "EUR",
    "claim": "1000.00",
    "may_sue": True,
    "may_ask": True,
}
COURT = {"kind": "court", "cost": {"low": "100", "high": "200"}}


def ask(**changes) -> dict:
    return answer_sue_or_settle({**copy.deepcopy(QUESTION), **changes})


def test_without_options_all_ways_are_compared_and_everything_is_called_assumed() -> None:
    found = ask()
    assert {each["kind"] for each in found["options"]} == {
        "court", "settlement", "waiting", "write_off",
    }  # fmt: skip
    for option in found["options"]:
        assert {each["origin"] for each in option["assumptions"].values()} == {"assumed"}
    assert found["surely_best"] is None and "a person" in found["decided_by"]
    assert found["discount_pct"] == {"low": "5", "high": "15", "origin": "assumed"}


def test_what_is_said_replaces_what_is_assumed() -> None:
    sure = {"low": "100", "high": "100"}
    said = {
        "name": "agreed",
        "kind": "settlement",
        "amount": {"low": "900.00", "high": "900.00"},
        "chances": [{"name": "kept", **sure}],
        "months": {"low": "0", "high": "0"},
    }
    found = ask(options=[said, {"kind": "waiting"}])
    assert found["surely_best"] == "agreed"
    first = found["options"][0]
    assert first["net"] == {"low": "900.00", "high": "900.00"}
    assert first["better_than"] == ["waiting"]
    assert first["assumptions"]["amount"]["origin"] == "said"
    assert first["assumptions"]["cost"]["origin"] == "assumed"


def test_what_limitation_forbids_is_ruled_out_in_words() -> None:
    found = ask(may_sue=False, may_ask=False)
    closed = {
        each["kind"]: each["cautions"][0] for each in found["options"] if not each["may_be_taken"]
    }
    assert {kind: each["code"] for kind, each in closed.items()} == {
        "court": "may_not_sue",
        "settlement": "may_not_ask",
    }
    assert closed["court"]["meaning"] == CAUTION_TEXTS["may_not_sue"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"may_sue": None}, "may_sue"),
        ({"claim": "10.001"}, "claim"),
        ({"options": []}, "options"),
        ({"options": [COURT, COURT]}, "options.1.name"),
        ({"options": [{**COURT, "cost": {"low": "3", "high": "2"}}]}, "options.0.cost.low"),
        ({"options": [{**COURT, "kind": "magic"}]}, "options.0.kind"),
        ({"discount_pct": {"low": "20", "high": "10"}}, "discount_pct.low"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(changes, field) -> None:
    with pytest.raises(InvalidDocumentError) as refused:
        ask(**changes)
    assert fields(refused.value.problems) == {field}


def test_every_caution_has_words_and_the_schema_is_json() -> None:
    assert set(CAUTION_TEXTS) == set(Caution.__args__)
    assert json.loads(sue_or_settle_schema())["properties"]["options"]
