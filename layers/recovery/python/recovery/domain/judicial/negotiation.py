"""The attempt to settle that a law asks for before suing: done, proven, over, and still fresh."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from recovery.domain.judicial.facts import Facts, Negotiation
from recovery.domain.judicial.finding import Finding
from recovery.domain.judicial.law import Law, words_say
from recovery.domain.judicial.rules import PointRule, Term

MISSING = "MASC"
_ON_THE_AGREEMENT = "MASC (on the agreement)"
_RUNNING = "MASC_PERIOD_RUNNING"
_EXPIRED = "MASC_EXPIRED_RENEW"
_EACH = "MASC_FOR_EACH_DEFENDANT"
_DECLARE = "RESPONSIBLE_DECLARATION_ADDRESS_UNKNOWN"
_SEARCH = "ADDRESS_SEARCH"
_DAY = timedelta(days=1)
_OFFER = "offer"


def negotiation(facts: Facts, law: Law) -> Iterator[Finding]:
    """Yield what the attempt lacks, or that it is done; nothing where the law asks for none."""
    needed = law.find_point("negotiation.needed")
    if needed is None:
        return
    attempt = facts.negotiation
    proven = attempt is not None and is_proven(attempt, law)
    if facts.address_known is False:
        yield from _to_nobody(facts, law, done=proven)
        if not proven:
            return
    if attempt is None or not proven:
        code = MISSING if facts.agreement is None else _ON_THE_AGREEMENT
        yield Finding(effect="needs", rule=_why_missing(facts, law) or needed, code=code)
        return
    if _left_out(facts, attempt):
        rule = law.point("negotiation.each_defendant")
        yield Finding(effect="needs", rule=rule, code=_EACH)
    yield from _over_and_fresh(attempt, law)


def _why_missing(facts: Facts, law: Law) -> PointRule | None:
    if facts.agreement is not None:
        return law.find_point("agreement.new_negotiation")
    return law.find_point("negotiation.proof") if facts.negotiation else None


def is_proven(attempt: Negotiation, law: Law) -> bool:
    """Whether it is one of the law's forms, and receipt, date and content can be proven."""
    forms, proofs = law.find_words("negotiation.form"), law.find_words("negotiation.proof")
    if forms is None or proofs is None or not (attempt.received or attempt.closed):
        return False
    return bool(words_say(forms, attempt.kind)) and bool(words_say(proofs, attempt.proof))


def _left_out(facts: Facts, attempt: Negotiation) -> bool:
    """Whether some defendant got no attempt of their own, or nobody says whom it went to."""
    if attempt.to is None:
        return len(facts.debtors) > 1
    reached = {each.casefold() for each in attempt.to}
    return any(each.casefold() not in reached for each in facts.debtors)


def _over_and_fresh(attempt: Negotiation, law: Law) -> Iterator[Finding]:
    """Compare the day with the end of the attempt, and with the last day on which it serves."""
    within = law.term("negotiation.file_within")
    term: Term = "negotiation.offer" if _OFFER in (attempt.kind or "") else "negotiation.silence"
    silence = law.term(term)
    start = attempt.closed or attempt.received
    assert start is not None
    last_day = law.last_day(within, start)
    ended = attempt.closed or _end_of_silence(attempt, law.last_day(silence, start))
    if ended is None:
        yield Finding(effect="needs", rule=silence, code=_RUNNING)
    elif attempt.closed is None and not attempt.ended_in_writing and law.on <= ended:
        details = {"earliest_filing": ended + _DAY, "file_before": last_day}
        yield Finding(effect="needs", rule=silence, code=_RUNNING, details=details)
    elif law.on > last_day:
        yield Finding(effect="needs", rule=within, code=_EXPIRED)
    else:
        dated = attempt.closed or ended <= law.on  # of a refusal without a date nobody knows it
        yield Finding(
            effect="permits", rule=silence, details={"masc_closed_on": ended} if dated else {}
        )
        yield Finding(effect="permits", rule=within, details={"file_before": last_day})


def _end_of_silence(attempt: Negotiation, last_day: date) -> date | None:
    """Return when silence closes it; None while both talk and nobody says that it is over."""
    return None if attempt.reply and not attempt.ended_in_writing else last_day


def _to_nobody(facts: Facts, law: Law, *, done: bool) -> Iterator[Finding]:
    """Where the debtor lives is not known: a declaration replaces the proof, after a search."""
    rule = law.point("negotiation.address_unknown")
    if not done and not facts.address_declared:
        yield Finding(effect="needs", rule=rule, code=_DECLARE)
    if not facts.address_searched:
        yield Finding(effect="needs", rule=rule, code=_SEARCH)
    if facts.address_declared and facts.address_searched:
        yield Finding(effect="permits", rule=rule)
