"""The documents of a dossier about what was done: steps, agreements, friendly ways, rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from recovery.domain.judicial.court_bundle import CourtBundle, CourtStep, named
from recovery.messages.court_table import Block, table_of
from recovery.messages.court_voice import Voice, is_ours
from recovery.messages.writing import one_line

Answer = Mapping[str, Any]


def steps(bundle: CourtBundle, voice: Voice) -> Iterator[Block]:
    """Yield demands, notices and the attempt to settle, each with its proof; offers never."""
    say = voice.say
    yield {"heading": say("steps", "demands_heading")}
    if bundle.steps:
        yield _step_table(bundle.steps, bundle, voice)
    else:
        yield {"text": say("steps", "no_demands")}
    yield {"heading": say("steps", "attempt_heading")}
    for request, followed in bundle.negotiations:
        yield {"facts": _request(request, followed, bundle, voice)}
    if not bundle.negotiations:
        yield {"text": say("steps", "no_attempt")}
    if bundle.left_out:
        yield {"box": [say("steps", "offers_left_out")]}
    yield {"heading": say("steps", "messages_heading")}
    if not bundle.messages:
        yield {"text": say("steps", "no_messages")}
        return
    yield {"text": say("steps", "messages_note")}
    rows = [
        [
            voice.day(each.on),
            one_line(named([each.person_id], bundle.names)),
            voice.code("channel", each.channel),
            voice.code("arrival", each.arrival),
        ]
        for each in bundle.messages
    ]
    yield table_of(voice, "steps", ("on", "person", "channel", "arrival"), rows, (), "2433")


def _step_table(found: Sequence[CourtStep], bundle: CourtBundle, voice: Voice) -> Block:
    rows = [
        [
            voice.day(each.on),
            voice.code("step", each.what),
            one_line(named(each.persons, bundle.names)),
            voice.code("medium", each.medium),
            voice.code("proof", each.proof),
            one_line(each.reference),
            voice.plain(each.amount_minor) if each.amount_minor is not None else "",
        ]
        for each in found
    ]
    columns = ("on", "what", "person", "medium", "proof", "reference", "amount")
    return table_of(voice, "steps", columns, rows, (6,), "2433332")


def _request(
    request: CourtStep, followed: Sequence[CourtStep], bundle: CourtBundle, voice: Voice
) -> list[tuple[str, str]]:
    say = voice.say
    medium = voice.code("medium", request.medium)
    proof = voice.code("proof", request.proof)
    facts = [
        (say("steps", "to"), one_line(named(request.persons, bundle.names))),
        (say("steps", "form"), voice.code("step", request.what)),
        (say("steps", "sent"), f"{voice.day(request.sent_on)}, {medium}"),
        (say("steps", "received"), f"{voice.day(request.on)}, {proof}"),
    ]
    if request.reference:
        facts.append((say("steps", "reference"), one_line(request.reference)))
    came = [_followed(each, voice) for each in followed]
    facts.append((say("steps", "followed"), "; ".join(came) or say("steps", "no_reply")))
    return facts


def _followed(step: CourtStep, voice: Voice) -> str:
    reference = f" ({one_line(step.reference)})" if step.reference else ""
    return f"{voice.day(step.on)} {voice.code('step', step.what)}{reference}"


def agreements(bundle: CourtBundle, voice: Voice) -> Iterator[Block]:
    """Yield what was agreed and what became of it, and what the debtor contested."""
    say = voice.say
    yield {"heading": say("agreements", "heading")}
    for each in bundle.agreements:
        signed = one_line(named(each.signed_by, bundle.names))
        proof = f"{voice.code('yes', each.yes)} {one_line(each.proof)}"
        facts = [
            (say("agreements", "id"), f"{each.agreement_id}, {voice.long_day(each.on)}"),
            (say("agreements", "option"), voice.code("option", each.option)),
            (say("agreements", "signed_by"), f"{signed}; {proof}"),
        ]
        if each.turns:
            became = (f"{voice.day(e.on)} {voice.code('turn', e.status)}" for e in each.turns)
            facts.append((say("agreements", "became"), "; ".join(became)))
        yield {"facts": facts}
        if each.payments:
            rows = [[voice.day(e.due_date), voice.plain(e.amount_minor)] for e in each.payments]
            table = table_of(voice, "agreements", ("due", "amount"), rows, (1,), "22")
            yield {"table": {**table["table"], "width": 45}}
    if not bundle.agreements:
        yield {"text": say("agreements", "none")}
    yield {"heading": say("disputes", "heading")}
    if not bundle.disputes:
        yield {"text": say("disputes", "none")}
        return
    rows = []
    for dispute in bundle.disputes:
        said, end = dispute.dispute, dispute.end
        part = (
            say("disputes", "whole")
            if said.amount_minor is None
            else voice.plain(said.amount_minor)
        )
        ended = (
            f"{voice.day(end.on)} {voice.code('outcome', end.outcome)}"
            if end
            else say("disputes", "open")
        )
        rows.append(
            [
                voice.day(said.on),
                voice.code("about", said.about),
                part,
                ended,
                one_line(end.answer) if end else "",
            ]
        )
    yield table_of(
        voice, "disputes", ("on", "about", "amount", "ended", "answer"), rows, (), "23225"
    )


def friendly(decision: Answer, bundle: CourtBundle, voice: Voice) -> Iterator[Block]:
    """Yield the checklist of friendly ways: what is met, how often and when.

    An offer that was made in confidence is not even counted.
    """
    say, rows = voice.say, []
    secret = {f"offer {each}" for each in bundle.confidential}
    for each in decision.get("checklist", ()):
        days = [e["on"] for e in each["evidence"] if e["reference"] not in secret]
        span = f"{voice.day(days[0])}" if days else ""
        if len(days) > 1:
            span = f"{span} – {voice.day(days[-1])}"
        met = say("layout", "yes" if each["met"] else "no")
        item, not_counted = voice.code("item", each["item"]), f"{len(each['not_counted'])}"
        rows.append([item, met, f"{len(days)}", span, not_counted])
    if not rows:
        yield {"text": say("friendly", "none")}
        return
    yield {"text": say("friendly", "note")}
    columns = ("item", "met", "count", "days", "not_counted")
    yield table_of(voice, "friendly", columns, rows, (2, 4), "52142")


def rules(contents: Answer, voice: Voice) -> Iterator[Block]:
    """Yield every rule that claim, clocks and procedure rest on, with its source, once."""
    found: dict[str, list[str]] = {}
    for part in (contents["claim"]["rules"], contents["limitation"]["rules"]):
        for each in part:
            found.setdefault(each["id"], _rule(each, ""))
    for each in contents["decision"]["reasons"]:
        found[each["rule"]] = _rule(each, each["says"])
    rows = [
        [one_line(source), voice.code("trust", trust), voice.day(since), one_line(says)]
        for _, (source, trust, since, says) in sorted(found.items())
        if not is_ours(source)
    ]
    yield {"text": voice.say("rules", "note")}
    yield table_of(voice, "rules", ("source", "trust", "since", "says"), rows, (), "5225")


def _rule(rule: Answer, says: str) -> list[str]:
    return [rule["source"], rule["confidence"], rule["valid_from"], says]
