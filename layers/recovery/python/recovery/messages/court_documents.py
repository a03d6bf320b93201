"""The documents of a dossier about money: contract, schedules, account, payments, the claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from recovery.domain.accounting.loan import Instalment
from recovery.domain.judicial.court_bundle import CourtBundle
from recovery.messages.court_table import Block, table_of
from recovery.messages.court_voice import Voice
from recovery.messages.writing import one_line

Answer = Mapping[str, Any]
REST = "rest"  # the part of a claim that was not due yet when the loan was called in


def contract(bundle: CourtBundle, voice: Voice) -> Iterator[Block]:
    """Yield who agreed on what, and who answers for how much of the claim."""
    terms, say = bundle.contract, voice.say
    facts = [
        (say("contract", "loan"), bundle.loan_id),
        (say("contract", "creditor"), one_line(bundle.creditor)),
        (say("contract", "disbursed_on"), voice.long_day(bundle.disbursed_on)),
        (say("contract", "granted"), voice.money(_granted(bundle.first_schedule))),
        (say("contract", "rate"), _percent(bundle.annual_rate_pct, voice)),
        (say("contract", "purpose"), voice.code("purpose", bundle.purpose or "unknown")),
        (say("contract", "law"), bundle.law or say("layout", "not_on_record")),
    ]
    if terms is not None:
        late = None if terms.late_rate_pct is None else f"{terms.late_rate_pct}"
        facts += [
            (say("contract", "reference"), one_line(terms.reference) or say("layout", "missing")),
            (say("contract", "title"), voice.code("title", terms.title or "unknown")),
            (say("contract", "late_rate"), _percent(late, voice)),
        ]
        if terms.called_in_after is not None:
            after = say("contract", "after", count=terms.called_in_after)
            facts.append((say("contract", "called_in_after"), after))
    else:
        facts.append((say("contract", "reference"), say("layout", "missing")))
    yield {"facts": facts}
    yield {"heading": say("parties", "heading")}
    yield _parties(bundle, voice)
    yield {"text": say("parties", "note")}


def _parties(bundle: CourtBundle, voice: Voice) -> Block:
    say = voice.say
    rows = []
    for each in bundle.parties:
        how = voice.code("liability", "whole" if each.whole else "share")
        if each.limit_minor is not None:
            how += "; " + say("parties", "up_to", amount=voice.money(each.limit_minor))
        if each.after_debtors:
            how += "; " + say("parties", "after_debtors")
        said = voice.code("contract_says", each.liability or "silent")
        asked = voice.plain(each.asked_minor)
        rows.append([one_line(each.name), voice.code("role", each.role), said, how, asked])
    return table_of(voice, "parties", ("name", "role", "says", "how", "asked"), rows, (4,), "33342")


def schedules(bundle: CourtBundle, voice: Voice) -> Iterator[Block]:
    """Yield the schedule that is owed with what was paid on it, and every version before."""
    say = voice.say
    rows = []
    for each, paid in zip(bundle.schedule, bundle.paid, strict=True):
        rest = each.due.total - paid.total
        rows.append([each.number, voice.day(each.due_date), *_dues(each, voice)])
        rows[-1] += [voice.plain(paid.total), voice.plain(rest)]
    total = sum(each.due.total for each in bundle.schedule)
    done = sum(each.total for each in bundle.paid)
    yield {"text": say("schedule", "note", versions=len(bundle.versions) + 1)}
    columns = ("number", "due", "principal", "interest", "other", "total", "paid", "unpaid")
    table = table_of(voice, "schedule", columns, rows, range(2, 8), "12222222")
    sums = [voice.plain(each) for each in (total, done, total - done)]
    table["table"]["total"] = [say("layout", "in_all"), "", "", "", "", *sums]
    yield table
    if not bundle.versions:
        return
    for number, on, kind, instalments in _versions(bundle):
        heading = say("schedule", "version", number=number, date=voice.day(on))
        yield {"heading": f"{heading}: {voice.code('schedule_kind', kind)}"}
        rows = [[e.number, voice.day(e.due_date), *_dues(e, voice)] for e in instalments]
        yield table_of(voice, "schedule", columns[:6], rows, range(2, 6), "122222")


def _versions(bundle: CourtBundle) -> Iterator[tuple[int, Any, str, Sequence[Instalment]]]:
    """Yield the first schedule and each later one."""
    yield 1, bundle.disbursed_on, "first", bundle.first_schedule
    for each in bundle.versions:
        yield each.version, each.on, each.kind, each.instalments


def _dues(each: Instalment, voice: Voice) -> list[str]:
    due = each.due
    parts = (due.principal, due.interest, due.fee + due.penalty, due.total)
    return [voice.plain(minor) for minor in parts]


def account(claim: Answer, voice: Voice) -> Iterator[Block]:
    """Yield the statement by date: what was owed, what was paid, and the balance after each."""
    rows, balance = [], 0
    for each in claim["lines"]:
        minor = voice.minor(each["amount"])
        balance += minor
        owed, paid = (voice.plain(minor), "") if minor >= 0 else ("", voice.plain(-minor))
        what = voice.code("line", each["kind"])
        about = each.get("payment") or _part(each.get("part"), voice)
        rows.append([voice.day(each["to"]), what, about, owed, paid, voice.plain(balance)])
    yield {"text": voice.say("account", "note")}
    columns = ("on", "what", "about", "owed", "paid", "balance")
    yield table_of(voice, "account", columns, rows, (3, 4, 5), "243222")
    yield {"box": [voice.say("account", "balance_is", amount=voice.amount(claim["total"]))]}


def payments(bundle: CourtBundle, voice: Voice) -> Iterator[Block]:
    """Yield every payment; people who are no parties are not named."""
    say, rows = voice.say, []
    for each in bundle.payments:
        state = say("payments", "reversed", date=voice.day(each.reversed_on))
        rows.append(
            [
                voice.day(each.on),
                each.payment_id,
                voice.code("payer", each.payer),
                state if each.reversed_on else "",
                voice.plain(each.amount_minor),
            ]
        )
    if not rows:
        yield {"text": say("payments", "none")}
        return
    yield {"text": say("payments", "note")}
    table = table_of(
        voice, "payments", ("on", "id", "payer", "state", "amount"), rows, (4,), "23332"
    )
    kept = sum(each.amount_minor for each in bundle.payments if not each.reversed_on)
    table["table"]["total"] = [say("layout", "in_all"), "", "", "", voice.plain(kept)]
    yield table


def calculation(claim: Answer, voice: Voice) -> Iterator[Block]:
    """Yield the claim line by line: base, rate and days of all interest, and where money went."""
    say = voice.say
    yield {"facts": [(say("claim", name), voice.amount(claim[name])) for name in _SUMS]}
    interest = [each for each in claim["lines"] if "base" in each]
    if interest:
        yield {"heading": say("claim", "interest_heading")}
        yield {"text": say("claim", "formula")}
        rows = [
            [
                _part(each["part"], voice),
                voice.code("line", each["kind"]),
                voice.day(each["from"]),
                voice.day(each["to"]),
                f"{each['days']}",
                voice.plain(voice.minor(each["base"])),
                voice.number(each["annual_pct"]),
                f"{each['year_days']}",
                voice.plain(voice.minor(each["amount"])),
            ]
            for each in interest
        ]
        columns = ("part", "kind", "from", "to", "days", "base", "rate", "year", "amount")
        yield table_of(voice, "claim", columns, rows, range(4, 9), "242212112")
        yield from _because(interest, _sources(claim), voice)
    yield from _costs(claim, voice)
    spread = [each for each in claim["lines"] if "spread" in each]
    if spread:
        yield {"heading": say("claim", "spread_heading")}
        yield {"text": say("claim", "spread_note")}
        rows = [
            [voice.day(each["to"]), each["payment"]]
            + [voice.plain(voice.minor(each["spread"][name])) for name in _SPREAD]
            for each in spread
        ]
        named = ("on", "payment", *_SPREAD)
        yield table_of(voice, "claim", named, rows, range(2, 5), "23222")
    yield from _left(claim, voice)


_SUMS = ("principal", "interest", "costs", "total")
_SPREAD = ("costs", "interest", "principal")


def _because(
    interest: Sequence[Answer], sources: Mapping[str, str], voice: Voice
) -> Iterator[Block]:
    """Yield why each rate is the lawful one, once."""
    found = dict.fromkeys(
        (each["because_code"], tuple(each["rules"])) for each in interest if each["because_code"]
    )
    if found:
        told = (f"{voice.code('because', code)}: {_named(ids, sources)}" for code, ids in found)
        yield {"list": list(told)}


def _costs(claim: Answer, voice: Voice) -> Iterator[Block]:
    kinds = ("collection_costs", "vat", "awarded_costs")
    costs = [each for each in claim["lines"] if each["kind"] in kinds]
    if costs:
        yield {"heading": voice.say("claim", "costs_heading")}
        rows = [
            [
                voice.day(each["to"]),
                voice.code("line", each["kind"]),
                _named(each["rules"], _sources(claim)),
                voice.plain(voice.minor(each["amount"])),
            ]
            for each in costs
        ]
        yield table_of(voice, "claim", ("on", "kind", "rule", "amount"), rows, (3,), "2442")


def _left(claim: Answer, voice: Voice) -> Iterator[Block]:
    """Yield what is owed or was asked for and is not claimed, and the days without interest."""
    say = voice.say
    if left := claim["not_claimed"]:
        yield {"heading": say("claim", "left_heading")}
        rows = [
            [
                _part(each.get("part"), voice),
                voice.code("not_claimed", each["why"]),
                voice.plain(voice.minor(each["amount"])),
            ]
            for each in left
        ]
        yield table_of(voice, "claim", ("part", "why", "amount"), rows, (2,), "262")
    if gaps := claim["without_interest"]:
        yield {"heading": say("claim", "gaps_heading")}
        rows = [
            [
                _part(each["part"], voice),
                voice.day(each["from"]),
                voice.day(each["to"]),
                voice.code("gap", each["why"]),
            ]
            for each in gaps
        ]
        yield table_of(voice, "claim", ("part", "from", "to", "why"), rows, (), "2226")


def _granted(schedule: Sequence[Instalment]) -> int:
    return sum(each.due.principal for each in schedule)


def _percent(rate: str | None, voice: Voice) -> str:
    return f"{voice.number(rate)} %" if rate else voice.say("layout", "not_on_record")


def _sources(claim: Answer) -> dict[str, str]:
    """Return the source of each rule of the claim, by its id."""
    return {each["id"]: each["source"] for each in claim["rules"]}


def _named(ids: Sequence[str], sources: Mapping[str, str]) -> str:
    """Return where these rules stand."""
    return "; ".join(one_line(sources.get(each, each)) for each in ids) or "—"


def _part(part: str | None, voice: Voice) -> str:
    """Return the number of an instalment, or that it is all that was called in."""
    return voice.say("layout", "rest") if part == REST else part or ""
