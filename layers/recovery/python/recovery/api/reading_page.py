"""The API's description as one page of plain HTML: no script, nothing from elsewhere."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from recovery.api.problems import PROBLEM_TYPES, ProblemType

_STYLE = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;
padding:1rem}code,pre{font:14px/1.4 ui-monospace,monospace}pre{overflow:auto;padding:.6rem;
border:1px solid #8886}h2{border-bottom:1px solid #8886}h3{margin:1.6rem 0 .2rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;
padding:.2rem .6rem .2rem 0}b{font-weight:600}.verb{display:inline-block;min-width:4.5rem}
"""
_SHOWN_LEVELS = 6


def reading_page(document: Mapping[str, Any]) -> str:
    """Write the page from the OpenAPI document."""
    return "".join(_page(document["info"]["title"], _body(document)))


def problem_page(kind: ProblemType) -> str:
    """Write the page about one kind of problem."""
    rows = (
        f"<h1>{_text(kind.title)}</h1><p>{_text(kind.when)}</p>"
        f"<p><b>What to do:</b> {_text(kind.remedy)}.</p>"
        f"<p>Status {kind.status}, code <code>{kind.code}</code>.</p>"
        '<p><a href="../reference">All calls</a></p>'
    )
    return "".join(_page(kind.title, iter((rows,))))


def _page(title: str, body: Iterator[str]) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield f"<title>{_text(title)}</title>"
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f"<style>{_STYLE}</style></head><body>"
    yield from body
    yield "</body></html>"


def _body(document: Mapping[str, Any]) -> Iterator[str]:
    info = document["info"]
    yield f"<h1>{_text(info['title'])} {_text(info['version'])}</h1>"
    yield from (f"<p>{_text(each)}</p>" for each in info["description"].split("\n\n"))
    yield '<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p><nav><ul>'
    for tag in document["tags"]:
        yield f'<li><a href="#{_anchor(tag["name"])}">{_text(tag["name"])}</a></li>'
    yield '<li><a href="#problems">Problems</a></li></ul></nav>'
    shared = document["components"]["schemas"]
    for tag in document["tags"]:
        yield f'<h2 id="{_anchor(tag["name"])}">{_text(tag["name"])}</h2>'
        for path, calls in document["paths"].items():
            for verb, call in calls.items():
                if tag["name"] in call["tags"]:
                    yield from _call(verb, path, call, shared)
    yield from _problems()


def _call(
    verb: str, path: str, call: Mapping[str, Any], shared: Mapping[str, Any]
) -> Iterator[str]:
    name = call["operationId"]
    yield f'<h3 id="{name}"><code><span class="verb">{verb.upper()}</span>{_text(path)}</code></h3>'
    open_to_all = "" if call["security"] else " Needs no signature."
    yield f"<p>{_text(call['description'])}{open_to_all}</p>"
    if call.get("parameters"):
        rows = (
            f"<tr><td><code>{_text(each['name'])}</code></td><td>{each['in']}"
            f"{', required' if each['required'] else ''}</td>"
            f"<td>{_text(_in_words(each['schema'], shared, 0))}</td></tr>"
            for each in call["parameters"]
        )
        yield f"<table>{''.join(rows)}</table>"
    for title, content in _bodies(call):
        for media, each in content.items():
            words = _in_words(each["schema"], shared, 0)
            yield f"<details><summary>{title} <code>{media}</code></summary>"
            yield f"<pre>{_text(words)}</pre></details>"


def _bodies(call: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if body := call.get("requestBody"):
        yield "Send" if body["required"] else "Send, or leave it out", body["content"]
    for status, answer in call["responses"].items():
        if int(status) < 300:
            yield f"{status}: {_text(answer['description'])}", answer["content"]
    refused = [each for each in call["responses"] if int(each) >= 300]
    yield f"Problems: {', '.join(refused)}", {}


def _problems() -> Iterator[str]:
    yield '<h2 id="problems">Problems</h2><p>Every problem has a stable <code>code</code>; its'
    yield " <code>type</code> leads to the explanation, <code>remedy</code> says what to do, and"
    yield " <code>errors</code> lists each field that is wrong.</p><table>"
    yield "<tr><th>Code</th><th>Status</th><th>When</th><th>What to do</th></tr>"
    for kind in PROBLEM_TYPES.values():
        name = f'<a href="problems/{kind.code}"><code>{kind.code}</code></a>'
        yield f'<tr id="{kind.code}"><td>{name}'
        yield f"</td><td>{kind.status}</td><td>{_text(kind.when)}</td>"
        yield f"<td>{_text(kind.remedy)}.</td></tr>"
    yield "</table>"


def _in_words(schema: Mapping[str, Any], shared: Mapping[str, Any], level: int) -> str:
    """Write a schema as a reader takes it in: names, kinds, what may be left out."""
    if place := schema.get("$ref"):
        return _in_words(shared[place.rpartition("/")[2]], shared, level)
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        between = " | " if level or "oneOf" not in schema else "\nor "
        return between.join(_in_words(each, shared, level) for each in choices)
    if "const" in schema:
        return repr(schema["const"])
    if "enum" in schema:
        return " | ".join(map(repr, schema["enum"]))
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"[{_in_words(schema.get('items', {}), shared, level)}, ...]"
    if kind != "object":
        return str(schema.get("format", kind))
    fields = schema.get("properties")
    if not fields or level >= _SHOWN_LEVELS:
        return "{...}"
    needed, space = schema.get("required", ()), "  " * (level + 1)
    lines = (
        f"{space}{name}{'' if name in needed else '?'}: {_in_words(each, shared, level + 1)}"
        for name, each in fields.items()
    )
    return "{\n" + "\n".join(lines) + "\n" + "  " * level + "}"


def _anchor(words: str) -> str:
    return words.lower().replace(" ", "-")


def _text(words: str) -> str:
    return html.escape(words)
