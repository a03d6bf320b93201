"""The attempt to settle that a law asks for before suing: done, proven, over, and still fresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from recovery.domain.judicial.facts import Facts, Negotiation
from recovery.domain.judicial.finding import Detail, Finding
from recovery.domain.judicial.law import Law, words_say
from recovery.domain.judicial.rules import PointRule, TermRule

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
    attempt = _attempt(facts, law)
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


def _attempt(facts: Facts, law: Law) -> Negotiation | None:
    """Return the one attempt; of several to different defendants the one whose days decide.

    While one is running that is the last to end, afterwards the first to lapse. Those that have
    lapsed count for nobody.
    """
    known = [each for each in (facts.negotiation, *facts.other_negotiations) if each]
    proven = [each for each in known if is_proven(each, law)]
    if len(proven) < 2:
        return proven[0] if proven else next(iter(known), None)
    fresh = [each for each in proven if law.on <= _lapses(each, law)] or proven
    running = [each for each in fresh if _is_running(each, law)]
    if running:
        decides = max(running, key=lambda each: _ends(each, law) or date.max)
    else:
        decides = min(fresh, key=lambda each: _lapses(each, law))
    reached = [each.to for each in fresh]
    whom = tuple(dict.fromkeys(name for names in reached if names for name in names))
    return replace(decides, to=None if None in reached else whom)


def _start(attempt: Negotiation) -> date:
    """Return the end of an attempt, or else its receipt; one that is proven has either."""
    start = attempt.closed or attempt.received
    assert start is not None
    return start


def _lapses(attempt: Negotiation, law: Law) -> date:
    """Return the last day on which the claim may follow."""
    return law.last_day(law.term("negotiation.file_within"), _start(attempt))


def _silence(attempt: Negotiation, law: Law) -> TermRule:
    is_offer = _OFFER in (attempt.kind or "")
    return law.term("negotiation.offer" if is_offer else "negotiation.silence")


def _ends(attempt: Negotiation, law: Law) -> date | None:
    """Return the last day of the attempt; None while both talk and nobody says that it is over.

    Talks that began end by the law some time after a proposal, or after the first meeting.
    """
    if attempt.closed is not None:
        return attempt.closed
    silence = _silence(attempt, law)
    if not attempt.reply or attempt.ended_in_writing:
        return law.last_day(silence, _start(attempt))
    ends = [law.last_day(silence, attempt.proposal)] if attempt.proposal else []
    if attempt.met and (meeting := law.find_term("negotiation.meeting")):
        ends.append(law.last_day(meeting, attempt.met))
    return max(ends, default=None)


def _is_running(attempt: Negotiation, law: Law) -> bool:
    if attempt.closed is not None or attempt.ended_in_writing:
        return False
    ends = _ends(attempt, law)
    return ends is None or law.on <= ends


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
    within, silence = law.term("negotiation.file_within"), _silence(attempt, law)
    ended, last_day = _ends(attempt, law), _lapses(attempt, law)
    if _is_running(attempt, law):
        details = {"earliest_filing": ended + _DAY, "file_before": last_day} if ended else {}
        yield Finding(effect="needs", rule=silence, code=_RUNNING, details=details)
    elif law.on > last_day:
        yield Finding(effect="needs", rule=within, code=_EXPIRED)
    else:
        known = ended is not None and (attempt.closed is not None or ended <= law.on)
        closed_on: dict[str, Detail] = {"masc_closed_on": ended} if known and ended else {}
        yield Finding(effect="permits", rule=silence, details=closed_on)
        yield Finding(effect="permits", rule=within, details={"file_before": last_day})


def _to_nobody(facts: Facts, law: Law, *, done: bool) -> Iterator[Finding]:
    """Where the debtor lives is not known: a declaration replaces the proof, after a search."""
    rule = law.point("negotiation.address_unknown")
    if not done and not facts.address_declared:
        yield Finding(effect="needs", rule=rule, code=_DECLARE)
    if not facts.address_searched:
        yield Finding(effect="needs", rule=rule, code=_SEARCH)
    if facts.address_declared and facts.address_searched:
        yield Finding(effect="permits", rule=rule)
