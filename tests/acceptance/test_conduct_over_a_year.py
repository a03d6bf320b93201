"""Over a year of two thousand people, nobody hears what they must not, what the law asks for is
said, and the conduct report agrees; a broken gate is found by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

import pytest

from recovery.domain import review_case, review_dates, review_wish
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.accounting.said import DisputeEnd, DisputeOutcome
from recovery.domain.cases.tasks import TaskKind
from recovery.domain.contact import choose as choosing
from recovery.domain.contact import gate, places
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.portfolio.conduct import ConductReport
from recovery.messages import LANGUAGES
from recovery.use_cases.contact import tell_borrower as telling
from recovery.use_cases.contact.limits import limits_for
from recovery.use_cases.portfolio.read_conduct import read_conduct
from tests.village import DAY, Village

START, END = date(2026, 1, 5), date(2027, 1, 4)
PEOPLE, VILLAGES, GROUPS = 20, 100, 10
HARMLESS = ("left_out_for_language", "left_out_for_data")  # nobody is hurt by a message there
ANSWERED_WITHIN = 12 * DAY
NOTICE = "notice_before_judicial_recovery"


def reported(village: Village, until: date) -> ConductReport:
    read = read_conduct("umoja", START, until, village.ports.now(), village.ports, shards=1)
    assert read.failed == []
    return read.report


@pytest.mark.slow
@pytest.mark.parametrize("group", range(GROUPS))
def test_nobody_hears_what_they_must_not_and_nothing_that_the_law_asks_for_is_lost(group) -> None:
    looked_at: Counter[str] = Counter()
    for seed in range(group, VILLAGES, GROUPS):
        village = Village(seed, PEOPLE, START)
        village.play(END)
        report = reported(village, END)
        hurt = [each for each in report.findings if each.rule not in HARMLESS]
        assert hurt == [], (seed, hurt)
        _nobody_was_written_to_who_said_no_or_died(village)
        _nobody_had_more_than_the_caps_allow(village)
        _nobody_waits_for_an_answer_or_a_notice(village)
        looked_at += report.looked_at
    assert looked_at["people"] == PEOPLE * VILLAGES // GROUPS
    assert looked_at["messages"] > 400 and looked_at["judicial_steps"] > 5


def _nobody_was_written_to_who_said_no_or_died(village: Village) -> None:
    """Judge by what is true, and by what the providers took: no record is asked."""
    for person_id, channel, at in village.received:
        truth = village.truth[person_id]
        assert truth.died_at is None or at <= truth.died_at, person_id
        said_no_at = truth.said_no_at.get(channel)
        assert said_no_at is None or at <= said_no_at, person_id


def _nobody_had_more_than_the_caps_allow(village: Village) -> None:
    """No more than the week's two kind messages, what the law asks for apart."""
    for person_id in village.truth:
        contacts = village.ports.borrowers.contacts(person_id)
        sent = sorted(
            (each.contacted_on, message_id.split("/")[1].split("@")[0].split("+")[0])
            for message_id, each in contacts.items()
            if each.may_have_been_sent and not each.came_back
        )
        received = sum(of == person_id for of, _, _ in village.received)
        returned = village.returned[person_id]
        assert received <= len(sent) + returned, person_id  # nothing goes that is not on record
        kind = [on for on, what in sent if what in ("first_days_late", "we_would_like_to_help")]
        for on in kind:
            week = [each for each in kind if on - 7 * DAY < each <= on]
            assert len(week) <= DEFAULT_POLICY.contact.max_messages_per_week, person_id


def _nobody_waits_for_an_answer_or_a_notice(village: Village) -> None:
    for person_id in village.truth:
        person = village.ports.borrowers.load(person_id)
        changes = village.ports.borrowers.contact_changes(person_id)
        if changes and changes[-1].changed_on > END - 60 * DAY:
            continue  # whether they could be written to all the time is not plain
        if not _can_be_written_to(village, person_id):
            continue
        said = {
            message_id
            for message_id, each in village.ports.borrowers.contacts(person_id).items()
            if each.may_have_been_sent
        }
        for loan_id in village.ports.borrowers.loans_of(person_id):
            for kind, fact_id in _answers_due(village, person_id, loan_id):
                assert any(f"/{kind}@{fact_id}/" in each for each in said), (loan_id, fact_id)
            if _needs_notice(village, loan_id) and not person.restraints:
                told = any(each.startswith(f"{loan_id}/{NOTICE}") for each in said)
                assert told or _is_delivered(village, loan_id), loan_id


def _is_delivered(village: Village, loan_id: str) -> bool:
    """Whether people have delivered a notice on paper, or are about to."""
    facts = village.ports.loans.recorded(loan_id).facts
    waits = village.ports.tasks.of_person(loan_id.rpartition("-")[0].replace("L", "B"))
    return any(isinstance(each.fact, NoticeGiven) for each in facts) or any(
        each.kind == TaskKind.DELIVER_NOTICE and each.is_pending for each in waits
    )


def _can_be_written_to(village: Village, person_id: str) -> bool:
    """Whether some channel may be used at some hour."""
    person = village.ports.borrowers.load(person_id)
    limits = limits_for(person, DEFAULT_POLICY.contact)
    languages = {each.split("-")[0] for each in (person.language, person.second_language or "")}
    channel = next(gate.channels(limits, person, END), None) if limits.places else None
    if channel is None or not languages & set(LANGUAGES) or gate.is_neutral(person, channel):
        return False
    days = (END + number * DAY for number in range(7))
    hours = ((day, gate.contact_hours(limits, person, day, channel)) for day in days)
    return any(each for _, each in hours)


def _answers_due(village: Village, person_id: str, loan_id: str) -> Iterator[tuple[str, str]]:
    """Yield the decisions that the person should have in writing by now."""
    since, until = END - 60 * DAY, END - ANSWERED_WITHIN
    facts = village.ports.people.facts(person_id)
    if any(each.fact for each in facts if each.kind in ("hold", "hardship")):
        return  # what the person is left alone with is another matter
    if village.ports.loans.load(loan_id).state.closed:
        return
    for each in village.ports.loans.recorded(loan_id).facts:
        fact = each.fact
        is_lately = isinstance(fact, DisputeEnd) and since < fact.on < until
        if is_lately and fact.outcome is DisputeOutcome.REJECTED:
            yield "dispute_rejected", fact.dispute_id


def _needs_notice(village: Village, loan_id: str) -> bool:
    """Whether the loan is so late, for so long and without a word, that the law asks for one."""
    stored = village.ports.loans.load(loan_id)
    state, recorded = stored.state, village.ports.loans.recorded(loan_id)
    rule = next(each for each in DEFAULT_POLICY.contact.messages if each.kind == NOTICE)
    standing = state.standing
    if standing is None or state.case is None or state.closed or state.restraints:
        return False
    quiet_since = END - 40 * DAY
    moved = any(each.payment.value_date > quiet_since for each in recorded.payments)
    said = any(each.known_on > quiet_since for each in recorded.facts)
    declined = state.case.judicial_not_before and state.case.judicial_not_before > quiet_since
    waits = (END - state.case.opened_on).days > rule.min_case_days + 40
    late = standing.days_past_due > (rule.days_past_due or 0) + 40
    return late and waits and not (moved or said or declined)


# A gate with one fault each, and what the report then says.


def _whole_day(limits, person, day, channel="email"):
    if not limits.places:
        return None
    start = datetime.combine(day, time(), limits.places[0].zones[0])
    return start, start + DAY


def _patch(monkeypatch: pytest.MonkeyPatch, name: str, broken: Callable[..., Any]) -> None:
    """Put the broken function in the place of the right one, wherever it is used."""
    modules = (choosing, gate, telling, review_case, review_dates, review_wish)
    found = [each for each in modules if hasattr(each, name)]
    assert found, name
    for each in found:
        monkeypatch.setattr(each, name, broken)


FAULTS: dict[str, tuple[str, Callable[..., Any]]] = {
    "outside_hours": ("contact_hours", _whole_day),
    "outside_days": ("contact_hours", _whole_day),
    "too_many_messages": ("_full", lambda *_: None),
    "restrained": ("blocks", lambda *_: None),
    "during_a_promise": ("blocks", lambda *_: None),
    "day_of_a_payment": ("quiet_until", lambda *_: None),
    "quiet_days": ("quiet_until", lambda *_: None),
    "seen_by_others": ("is_neutral", lambda *_: False),
    "reminded_without_need": ("needs_reminder", lambda *_: True),
    # "notice_answered" needs a filing, which now waits for people: see test_conduct_what
}
FAULTS_OF_LIMITS = {
    "no_basis": lambda limits, channel, purpose, consent, on: consent is not False,
    "opted_out": lambda *_: True,
}


@pytest.mark.slow
@pytest.mark.parametrize("rule", [*FAULTS, *FAULTS_OF_LIMITS])
def test_a_gate_with_a_fault_is_found(rule, monkeypatch) -> None:
    if rule in FAULTS:
        _patch(monkeypatch, *FAULTS[rule])
    else:
        monkeypatch.setattr(places.Limits, "may_rest_on", FAULTS_OF_LIMITS[rule])
    found: Counter[str] = Counter()
    for seed in range(12):
        village = Village(seed, PEOPLE, START)
        village.play(START + 180 * DAY)
        found += Counter(each.rule for each in reported(village, village.today).findings)
        if found[rule]:
            return
    raise AssertionError(f"{rule} was never found: {found}")
