"""The sheet for who decides and signs: what to file, where, why, by when, and what it costs.

It is no part of what goes to the court.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recovery.domain.judicial.court_bundle import CourtBundle, named
from recovery.messages.court_table import Block, table_of
from recovery.messages.court_voice import Voice
from recovery.messages.writing import one_line

Answer = Mapping[str, Any]


def sheet(contents: Answer, bundle: CourtBundle, voice: Voice) -> Iterator[Block]:
    """Yield it from the answers that the dossier holds."""
    decision, claim, say = contents["decision"], contents["claim"], voice.say
    yield {"box": [_verdict(decision, voice)]}
    yield {"facts": list(_what(decision, claim, voice))}
    reasons = [each for each in decision["reasons"] if each["effect"] == "permits"]
    if reasons:
        yield {"heading": say("sheet", "why_heading")}
        yield {"list": [f"{one_line(e['says'])} ({one_line(e['source'])})" for e in reasons]}
    yield from _in_the_way(decision, contents, voice)
    yield {"heading": say("sheet", "clocks_heading")}
    yield from _clocks(contents["limitation"], bundle, voice)
    yield from _ask(contents, voice)
    yield from _others(decision, voice)
    if worth := contents.get("sue_or_settle"):
        yield from _worth(worth, voice)
    if voice.language != "en":
        yield {"text": say("sheet", "in_english")}


def _verdict(decision: Answer, voice: Voice) -> str:
    procedure = voice.code("procedure", decision["procedure"])
    name = decision["status"].lower()
    return voice.say("sheet", name, procedure=procedure)


def _what(decision: Answer, claim: Answer, voice: Voice) -> Iterator[tuple[str, str]]:
    say, missing = voice.say, voice.say("layout", "not_known")
    yield say("sheet", "procedure"), voice.code("procedure", decision["procedure"])
    yield say("sheet", "amount"), voice.amount(claim["total"])
    yield say("sheet", "court"), _court(voice)
    first, last = decision.get("earliest_filing"), decision.get("file_before")
    if first:
        yield say("sheet", "earliest"), voice.long_day(first)
    yield say("sheet", "file_before"), voice.long_day(last) if last else missing
    fee = decision.get("court_fee")
    yield say("sheet", "fee"), voice.amount(fee) if fee is not None else missing
    for name in ("fee_note", "note"):
        if decision.get(name):
            yield say("sheet", name), one_line(decision[name])
    lawyer = decision.get("lawyer_required")
    yield (
        say("sheet", "lawyer"),
        missing if lawyer is None else say("layout", "yes" if lawyer else "no"),
    )
    yield say("sheet", "confidence"), voice.code("trust", decision["confidence"])


def _court(voice: Voice) -> str:
    if voice.court is None:
        return voice.say("layout", "not_known")
    country = voice.locale.territories.get(voice.court, voice.court)
    return voice.say("sheet", "court_is", court=country)


def _in_the_way(decision: Answer, contents: Answer, voice: Voice) -> Iterator[Block]:
    """Yield what comes first or stops it; what a person confirmed since is said."""
    confirmed = set(contents.get("confirmed", ()))
    found = [each for each in decision["reasons"] if each["effect"] in ("needs", "stops", "closes")]
    if not found:
        return
    yield {"heading": voice.say("sheet", "way_heading")}
    rows = []
    for each in found:
        code = each.get("code") or ""
        state = voice.say("sheet", "confirmed") if code in confirmed else ""
        effect = voice.code("effect", each["effect"])
        words = f"{one_line(each['says'])} ({one_line(each['source'])})"
        rows.append([code, effect, words, state])
    yield table_of(voice, "sheet", ("code", "effect", "says", "state"), rows, (), "4252")


def _clocks(limitation: Answer, bundle: CourtBundle, voice: Voice) -> Iterator[Block]:
    """Yield the first last day of each person, and whether they may be sued."""
    rows = []
    for each in limitation["persons"]:
        own = [e for e in limitation["clocks"] if e["person"] == each["person"]]
        last = min((e["prescribes_on"] for e in own if e["prescribes_on"]), default=None)
        may = voice.say("layout", "yes" if each["sue"] else "no")
        rows.append([one_line(named([each["person"]], bundle.names)), voice.day(last), may])
    yield table_of(voice, "sheet", ("person", "last_day", "may_sue"), rows, (), "422")


def _ask(contents: Answer, voice: Voice) -> Iterator[Block]:
    """Yield what nobody stated: a person confirms it before anything is filed."""
    facts = {each["fact"]: each["why"] for each in contents["decision"]["ask"]}
    facts |= {each["fact"]: each["why"] for each in contents["claim"]["ask"]}
    facts |= dict(contents.get("ask", {}))
    if facts:
        yield {"heading": voice.say("sheet", "ask_heading")}
        yield {"list": [f"{name}: {one_line(why)}" for name, why in sorted(facts.items())]}


def _others(decision: Answer, voice: Voice) -> Iterator[Block]:
    if others := decision["alternatives"]:
        yield {"heading": voice.say("sheet", "others_heading")}
        rows = []
        for each in others:
            why = f"{one_line(each['says'])} ({one_line(each['source'])})" if "says" in each else ""
            state = voice.say("sheet", "open" if each["open"] else "closed")
            rows.append([voice.code("procedure", each["procedure"]), state, why])
        yield table_of(voice, "sheet", ("procedure", "state", "says"), rows, (), "315")


def _worth(worth: Answer, voice: Voice) -> Iterator[Block]:
    """Yield what each way may bring, by stated assumptions."""
    yield {"heading": voice.say("sheet", "worth_heading")}
    yield {"text": voice.say("sheet", "worth_note")}
    rows = [
        [
            voice.code("way", each["kind"]),
            _between(each["net"], voice),
            "{low} – {high}".format(**each["months"]),
        ]
        for each in worth["options"]
    ]
    yield table_of(voice, "sheet", ("way", "worth", "months"), rows, (), "332")


def _between(amounts: Answer, voice: Voice) -> str:
    return f"{voice.amount(amounts['low'])} – {voice.amount(amounts['high'])}"
