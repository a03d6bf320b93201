"""The API describes itself: as OpenAPI, as a page, and each of its problems."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest

from functions import describe_api
from recovery.api.errors import ANSWERS
from recovery.api.problems import PROBLEM_TYPES
from recovery.domain.shared.errors import Code
from tests.api_document import document
from tests.conftest import Context


@pytest.fixture
def get(load_event):
    def get(path: str):
        event = {**load_event("describe_api.openapi"), "path": path}
        answer = describe_api.handler(event, Context())
        return answer["statusCode"], answer["body"], answer["multiValueHeaders"]

    return get


def test_the_document_is_openapi_and_may_be_kept(get) -> None:
    code, body, headers = get("/openapi.json")
    found = json.loads(body)
    assert (code, found["openapi"]) == (200, "3.1.0")
    assert "max-age" in headers["Cache-Control"][0]
    assert len(body) < 5_000_000  # Lambda answers at most 6 MB


def test_every_place_that_the_document_names_is_in_it() -> None:
    text = json.dumps(document())
    schemas = document()["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert named == set(schemas)


def test_operation_ids_differ_and_every_call_has_a_summary_and_problems() -> None:
    calls = [call for path in document()["paths"].values() for call in path.values()]
    assert len({call["operationId"] for call in calls}) == len(calls)
    for call in calls:
        assert call["summary"].startswith("Return 20"), call
        assert {"404", "429", "500"} <= set(call["responses"])


def test_every_list_has_pages() -> None:
    bounded = {"owed_by"}  # by the parties of one contract
    for path, calls in document()["paths"].items():
        call = calls.get("get")
        names = {each["name"] for each in (call or {}).get("parameters", ())}
        answer = json.dumps(call["responses"].get("200", {})) if call else ""
        place = re.search(r"#/components/schemas/(\w+)", answer)
        fields = document()["components"]["schemas"][place[1]]["properties"] if place else {}
        if "next" in fields:
            assert {"after", "limit"} <= names, path
        assert not bounded & set(fields) or "next" not in fields


def test_the_page_shows_every_call_and_problem_and_loads_nothing(get) -> None:
    code, page, headers = get("/reference")
    assert code == 200
    assert headers["Content-Type"] == ["text/html; charset=utf-8"]
    for calls in document()["paths"].values():
        for call in calls.values():
            assert f'id="{call["operationId"]}"' in page
    for problem in PROBLEM_TYPES:
        assert f'id="{problem}"' in page
    assert "<script" not in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    targets = {each.removeprefix("#") for each in re.findall(r'href="(#[^"]+)"', page)}
    assert targets <= set(re.findall(r'id="([^"]+)"', page))


@pytest.mark.parametrize("kind", PROBLEM_TYPES.values(), ids=lambda kind: kind.code)
def test_the_type_of_a_problem_leads_to_what_it_means(get, kind) -> None:
    code, page, _ = get(kind.type.removeprefix("/v1"))
    assert code == 200
    assert kind.code in page
    assert kind.remedy[-1] not in ".;"


def test_an_unknown_problem_or_path_is_a_problem_itself(get) -> None:
    for path in ("/problems/none", "/nothing", "/problems/<script>"):
        code, body, _ = get(path)
        assert (code, json.loads(body)["code"]) == (404, "no_such_path")


def test_every_error_has_its_problem_and_every_problem_is_met_somewhere() -> None:
    assert {each.code for each in ANSWERS.values()} <= set(PROBLEM_TYPES)
    assert all(re.fullmatch("[a-z_]+", code) for code in (*PROBLEM_TYPES, *get_args(Code)))
