"""Hold requests and answers of the API to its OpenAPI document."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from typing import Any

import jsonschema_rs

from recovery.api.catalogue import described_api

Call = tuple[str, re.Pattern[str], dict[str, Any]]


@cache
def document() -> dict[str, Any]:
    """Return the document as it is served."""
    found: dict[str, Any] = json.loads(described_api().json)
    return found


@cache
def _calls() -> list[Call]:
    """List the calls, those with the fewest places in their paths first."""
    paths = sorted(document()["paths"].items(), key=lambda each: each[0].count("{"))
    return [
        (verb.upper(), re.compile(re.sub(r"{\w+}", "[^/]+", path) + "$"), call)
        for path, calls in paths
        for verb, call in calls.items()
    ]


def call_of(verb: str, path: str) -> dict[str, Any] | None:
    """Return the call that this request is for; None if there is none."""
    return next((c for v, p, c in _calls() if v == verb and p.match(path)), None)


@cache
def _validator(schema: str, *, closed: bool) -> jsonschema_rs.Validator:
    whole = {**json.loads(schema), "components": copy.deepcopy(document()["components"])}
    if closed:
        _close(whole)
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _close(schema: Any) -> None:
    """Let an answer have no field that the document does not know, so that none is forgotten."""
    for each in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(each, dict | list):
            _close(each)
    if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
        schema.setdefault("additionalProperties", False)


def wrong_with(schema: Any, value: Any, *, closed: bool = False) -> list[str]:
    """List how the value breaks the schema."""
    validator = _validator(json.dumps(schema), closed=closed)
    return [f"{list(e.instance_path)}: {e.message[:300]}" for e in validator.iter_errors(value)]


def _stripped(value: Any) -> Any:
    """Drop the white space around texts, as the API does with what people write."""
    if isinstance(value, dict):
        return {name: _stripped(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_stripped(each) for each in value]
    return value.strip() if isinstance(value, str) else value


def check_answer(event: dict[str, Any], answer: dict[str, Any]) -> None:
    """Hold an answer to the document, and a request that was carried out, too."""
    verb, path, status = event["httpMethod"], event["path"], answer["statusCode"]
    call = call_of(verb, path)
    if call is None:
        assert status == 404, f"{verb} {path} is not in the document"
        return
    told = call["responses"].get(str(status))
    assert told is not None, f"{verb} {path} answers {status}, which the document does not say"
    (media, *_) = answer["multiValueHeaders"]["Content-Type"]
    media = media.partition(";")[0]
    assert media in told["content"], f"{verb} {path} answers {media}"
    if media.endswith("json"):
        schema = told["content"][media]["schema"]
        found = wrong_with(schema, json.loads(answer["body"]), closed=True)
        assert not found, f"the answer {status} of {verb} {path}: {found[:5]}"
    if "headers" in told:
        assert answer["multiValueHeaders"]["ETag"], f"{verb} {path} has no ETag"
    if status < 300 and event.get("body") and "requestBody" in call:
        schema = call["requestBody"]["content"]["application/json"]["schema"]
        found = wrong_with(schema, _stripped(json.loads(event["body"])))
        assert not found, f"{verb} {path} took what the document refuses: {found[:5]}"
