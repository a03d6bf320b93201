"""Write the OpenAPI 3.1 document of the routes, from what stands beside each handler."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence

from recovery.api.problems import PROBLEM_JSON, PROBLEM_TYPES
from recovery.api.routes import Routes, Served
from recovery.documents.answers.problems import ProblemAnswer
from recovery.documents.shared.schemas import Schema, schemas_of

_SIGNED, _JSON = "signed", "application/json"
_ABOUT = """Payments and facts in, loans and what waits out.

Amounts are decimal strings, dates ISO 8601. You choose the ids; a repeat with the same body gets
the same answer. Fields may be added to answers: let pass what you do not know. Lists come in pages:
send `next` of a page as `after` to continue, null is the end. A problem has a stable `code`."""
_PLACES = {
    "institution_id": ("The institution", r"^[a-z0-9][a-z0-9-]{0,62}$"),
    "task_id": ("The task, escaped as in a URL", None),
    "token": ("The code in the link", None),
    "code": ("A problem's code", "^[a-z_]{1,40}$"),
}
_AN_ID = r"^[A-Za-z0-9._-]{1,64}$"
# What each call may answer besides its own; API Gateway gives 403, 413, 415, 429 and 503 by itself.
_ALWAYS = (403, 404, 429, 500, 503)
_READING_BODY = (400, 413, 415, 422)


def openapi_document(routers: Iterable[Routes], version: str) -> Schema:
    """Return the document. Raises KeyError for a call without a description."""
    calls = [each for router in routers for each in router.served]
    requests = [each.description.takes for each in calls if each.description.takes]
    queries = [each.description.asks for each in calls if each.description.asks]
    answers = [each for call in calls for each in call.description.gives.values() if each]
    found, shared = schemas_of([*requests, *queries], [ProblemAnswer, *answers])
    schemas = iter(found)
    bodies = [next(schemas) for _ in requests]
    asked = [next(schemas) for _ in queries]
    problem = next(schemas)
    writer = _Writer(bodies, asked, problem, list(schemas), shared)
    paths: Schema = {}
    for call in calls:
        paths.setdefault(call.path, {})[call.verb.lower()] = writer.operation(call)
    for query in queries:  # written as parameters
        shared.pop(query.__name__, None)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Portfolio Recovery", "version": version, "description": _ABOUT},
        "servers": [{"url": "/v1"}],
        "tags": [{"name": each} for each in dict.fromkeys(call.tag for call in calls)],
        "paths": paths,
        "components": {
            "schemas": {**shared},
            "securitySchemes": {
                _SIGNED: {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "description": "AWS Signature Version 4, service execute-api",
                    "x-amazon-apigateway-authtype": "awsSigv4",
                }
            },
        },
    }


class _Writer:
    """Writes calls, taking their schemas in the order in which they were asked for."""

    def __init__(
        self,
        bodies: Sequence[Schema],
        asked: Sequence[Schema],
        problem: Schema,
        answers: Sequence[Schema],
        shared: Schema,
    ) -> None:
        self._bodies, self._asked, self._answers = iter(bodies), iter(asked), iter(answers)
        self._problem, self._shared = problem, shared

    def operation(self, call: Served) -> Schema:
        """Write one call."""
        what = call.description
        text = inspect.cleandoc(call.handler.__doc__ or "")
        parameters = [*_in_path(call.path)]
        operation: Schema = {
            "tags": [call.tag],
            "operationId": _operation_id(call),
            "summary": _summary(text),
            "description": text,
        }
        if what.takes:
            content = {_JSON: {"schema": next(self._bodies)}}
            operation["requestBody"] = {"required": not what.optional, "content": content}
        if what.asks:
            parameters += self._in_query(next(self._asked))
        if what.guarded:
            parameters.append(_IF_MATCH)
        if parameters:
            operation["parameters"] = parameters
        operation["responses"] = self._responses(call)
        operation["security"] = [] if what.open else [{_SIGNED: []}]
        return operation

    def _responses(self, call: Served) -> Schema:
        what = call.description
        responses: Schema = {}
        for status, answer in what.gives.items():
            response: Schema = {"description": _STATUS_WORDS[status], "content": {}}
            if answer:
                response["content"][_JSON] = {"schema": next(self._answers)}
            for media in what.pages:
                response["content"][media] = {"schema": {"type": "string"}}
            if what.tagged:
                response["headers"] = {"ETag": _ETAG}
            responses[str(status)] = response
        refused = {*_ALWAYS, *what.refuses}
        refused |= {*_READING_BODY, 409} if what.takes else set()
        refused |= {422} if call.verb != "GET" or what.asks else set()
        refused |= {412} if what.guarded else set()
        for status in sorted(refused):
            codes = [each for each in PROBLEM_TYPES.values() if each.status == status]
            responses[str(status)] = {
                "description": "; ".join(f"`{each.code}`: {each.title}" for each in codes),
                "content": {PROBLEM_JSON: {"schema": self._problem}},
            }
        for media in what.pages:
            responses["404"]["content"][media] = {"schema": {"type": "string"}}
        return responses

    def _in_query(self, schema: Schema) -> list[Schema]:
        while "$ref" in schema:
            schema = self._shared[schema["$ref"].rpartition("/")[2]]
        required = schema.get("required", ())
        return [
            {"name": name, "in": "query", "required": name in required, "schema": _given(each)}
            for name, each in schema["properties"].items()
        ]


_ETAG = {"description": "Names this version, for If-Match", "schema": {"type": "string"}}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what was read: refused with 412 if it has changed since",
    "schema": {"type": "string"},
}
_STATUS_WORDS = {
    200: "Done, or done before",
    201: "Recorded",
    202: "Noted; a second person has to say the same",
}


def _in_path(path: str) -> list[Schema]:
    found = []
    for name in re.findall(r"{(\w+)}", path):
        words = name.removesuffix("_id").replace("_", " ")
        text, pattern = _PLACES.get(name, (f"The {words}", _AN_ID))
        schema = {"type": "string", **({"pattern": pattern} if pattern else {"minLength": 1})}
        found.append(
            {"name": name, "in": "path", "required": True, "description": text, "schema": schema}
        )
    return found


def _given(schema: Schema) -> Schema:
    """Return the schema of a parameter: one that may be left out is never null."""
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    rest = {key: each for key, each in schema.items() if key not in ("anyOf", "default")}
    if len(choices) == 1:
        return {**rest, **choices[0]}
    if choices:
        return {**rest, "anyOf": choices}
    return {**rest, **({"default": schema["default"]} if schema.get("default") else {})}


def _operation_id(call: Served) -> str:
    words = call.handler.__name__.split("_")
    tag = call.tag.split()[0].lower()
    return "_".join((words[0], tag, *words[1:]))


def _summary(text: str) -> str:
    first = re.split(r"(?<=[.;])\s", " ".join(text.split()), maxsplit=1)[0]
    return first.rstrip(".;")
