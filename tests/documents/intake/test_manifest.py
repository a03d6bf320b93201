"""A manifest is read whole, or refused by field."""

from __future__ import annotations

import json
from datetime import date

import pytest

from recovery.documents.intake.dialect import PLAIN, Dialect
from recovery.documents.intake.manifest import Manifest, ManifestError, read_manifest

LEAST = {"institution_id": "umoja", "files": {"loans": "loans.csv"}}


def test_a_manifest_declares_nothing_but_its_files() -> None:
    assert read_manifest(json.dumps(LEAST), "umoja") == Manifest({"loans": "loans.csv"}, PLAIN)


def test_a_manifest_may_declare_how_and_when_the_files_were_written() -> None:
    more = {
        "dialect": {"delimiter": ";", "encoding": "windows-1252", "dates": "dd-mm-yyyy"},
        "as_of": "2026-03-31",
        "schedule_from_on": "2026-03-15",
        "full": True,
    }
    assert read_manifest(json.dumps(LEAST | more), "umoja") == Manifest(
        files={"loans": "loans.csv"},
        dialect=Dialect(delimiter=";", encoding="windows-1252", dates="dd-mm-yyyy"),
        as_of=date(2026, 3, 31),
        schedule_from_on=date(2026, 3, 15),
        full=True,
    )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"dialects": {}}, "dialects"),
        ({"dialect": {"delimiter": "|"}}, "dialect.delimiter"),
        ({"dialect": [";"]}, "dialect"),
        ({"as_of": "31-03-2026"}, "as_of"),
        ({"schedule_from_on": 20260331}, "schedule_from_on"),
        ({"full": "yes"}, "full"),
        ({"full": 1}, "full"),
    ],
)
def test_what_a_manifest_cannot_declare_is_refused_with_a_remedy(more, field: str) -> None:
    with pytest.raises(ManifestError) as refused:
        read_manifest(json.dumps(LEAST | more), "umoja")
    (problem,) = refused.value.problems
    assert problem.field == field
    assert problem.reason and problem.remedy


@pytest.mark.parametrize(
    "twice",
    [
        '{"institution_id": "umoja", "files": {"loans": "a.csv", "loans": "b.csv"}}',
        '{"institution_id": "umoja", "files": {"loans": "a.csv"}, "files": {"loans": "b.csv"}}',
        '{"institution_id": "umoja", "files": {"loans": "a.csv"},'
        ' "dialect": {"decimal": ",", "decimal": "."}}',
    ],
)
def test_a_key_that_comes_twice_is_refused(twice: str) -> None:
    with pytest.raises(ManifestError, match="duplicate field"):
        read_manifest(twice, "umoja")
