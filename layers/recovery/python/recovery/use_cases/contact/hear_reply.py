"""Hear what somebody replied: find who they are, and carry out what it brings, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from recovery.documents.people.heard import Heard
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.contact.addresses import has_address
from recovery.domain.contact.borrower import Borrower, ContactChange
from recovery.domain.contact.details import replaced, with_confirmed
from recovery.domain.contact.privacy import Privacy, more_careful
from recovery.domain.contact.replies import Reading, ReplyKind, read_reply
from recovery.domain.contact.reply_record import UNKNOWN_SENDER, ReplyRecord
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.actor import Role
from recovery.messages.reply_words import reply_words
from recovery.ports.needs import HasInstitutions
from recovery.use_cases.cases.answer_notice import answer_notice
from recovery.use_cases.cases.route_tasks import open_tasks
from recovery.use_cases.contact.keep_words import keep_words
from recovery.use_cases.contact.lesson_replies import hear_about_lessons
from recovery.use_cases.contact.opt_out import start, stop
from recovery.use_cases.contact.reply_effects import Hearing, ReplyPorts, carry_out
from recovery.use_cases.contact.wrong_person import wrong_person
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.retrying import retry_until_fresh

_MONTH_FIRST = frozenset({"US", "PH"})
_CONFIRMS_NOTHING = (ReplyKind.STOP, ReplyKind.STOP_LESSONS, ReplyKind.WRONG_PERSON)


class HearingPorts(ReplyPorts, Protocol):
    """Everything that a reply may reach."""


def hear_reply(institution_id: str, heard: Heard, now: datetime, ports: HearingPorts) -> str:
    """Carry out what the reply means, once by its id, and return its kind, or ``unknown``.

    Whoever has the address is who replied. If several do, or others see what is sent there, only a
    stop and a wrong person count; the rest an advisor settles with the person. Raises what the
    repositories and the messenger raise: then it may be repeated.
    """
    at_address = ports.borrowers.people_at(heard.channel, heard.address)
    people = [each for each in at_address if _may_be(each, heard, ports)]
    if not people:
        _from_nobody(institution_id, heard, now, ports)
        return "unknown"
    today = business_date(institution_id, now, ports.institutions)
    local = _local(institution_id, heard, today, ports)
    reading = _read(heard, people, local.date())
    began = [_begin(heard, each, reading, ports) for each in people]
    hearings = [
        Hearing(
            institution_id=institution_id,
            person=person,
            people=people,
            heard=heard,
            reading=reading,
            reply=reply,
            privacy=_privacy(person, heard, alone=len(people) == 1),
            today=today,
            local=local,
            now=now,
        )
        for person, reply in zip(people, began, strict=True)
        if not reply.done
    ]
    for hearing in hearings:
        _carry_out(hearing, ports)
    return reading.kind.value


def _may_be(person: Borrower, heard: Heard, ports: HearingPorts) -> bool:
    """Whether it may be they: not from a number that is a stranger's, unless this very reply said
    so, and comes again."""
    if heard.channel == "email" or person.phone not in person.barred_phones:
        return True
    replies = ports.replies.of_person(person.borrower_id)
    return any(each.reply_id == heard.reply_id for each in replies)


def _local(institution_id: str, heard: Heard, today: date, ports: HasInstitutions) -> datetime:
    """Return when it came, in the institution's time; in a replay, on the day that is played."""
    zone = ZoneInfo(ports.institutions.time_zone(institution_id))
    local = heard.received_at.astimezone(zone)
    if ports.institutions.day(institution_id).clock == "replay":
        return datetime.combine(today, local.timetz())
    return local


def _read(heard: Heard, people: Sequence[Borrower], today: date) -> Reading:
    names = " ".join(each.name for each in people)
    month_first = all(each.country in _MONTH_FIRST for each in people)
    return read_reply(heard.text, reply_words(), today, names=names, month_first=month_first)


def _begin(heard: Heard, person: Borrower, reading: Reading, ports: HearingPorts) -> ReplyRecord:
    reply = ReplyRecord(
        reply_id=heard.reply_id,
        person_id=person.borrower_id,
        channel=heard.channel,
        kind=reading.kind.value,
        received_at=heard.received_at,
    )
    return ports.replies.begin(reply, person)


def _privacy(person: Borrower, heard: Heard, *, alone: bool) -> Privacy | None:
    """Who else may have written: whoever shares the address, or feigns to have it."""
    known = person.privacy_of(heard.channel)
    return known if alone and heard.is_genuine else more_careful(known, "shared")


def _carry_out(hearing: Hearing, ports: HearingPorts) -> None:
    """Do everything, each step so that a repeat changes nothing; the mark that it is done last."""
    kind, person_id = hearing.reading.kind, hearing.person.borrower_id
    loans = ports.borrowers.loans_of(person_id)
    keep_words(hearing.institution_id, hearing.person, hearing.heard, ports)
    match kind:
        case ReplyKind.WRONG_PERSON:
            wrong_person(hearing, ports)
        case ReplyKind.STOP:
            stop(hearing, ports)
        case ReplyKind.START:
            start(hearing, ports)
    if kind is not ReplyKind.WRONG_PERSON:
        carry_out(hearing, ports)
        hear_about_lessons(hearing, ports)
        _confirm(hearing, ports)
    for loan_id in loans:
        ports.timeline.add(loan_id, [_entry(hearing)])
        if kind is not ReplyKind.WRONG_PERSON:
            answer_notice(loan_id, max(hearing.today, hearing.received_on), ports)
    ports.replies.finish(hearing.reply)


def _entry(hearing: Hearing) -> TimelineEntry:
    kinds = (hearing.reading.kind, *hearing.reading.also)
    said = ", ".join(each.replace("_", " ") for each in kinds)
    text = f"replied by {hearing.by}: {said}"
    return TimelineEntry(hearing.today, "reply", text, key=hearing.reply.reply_id)


def _confirm(hearing: Hearing, ports: HearingPorts) -> None:
    """Note that the person themselves answered from the address, so that it is theirs."""
    if hearing.reading.kind in _CONFIRMS_NOTHING or hearing.others_may_have_written:
        return

    def step() -> None:
        person = ports.borrowers.load(hearing.person.borrower_id)
        heard = hearing.heard
        known = person.confirmed_on(heard.channel)
        if (known and known >= hearing.today) or not has_address(
            person, heard.channel, heard.address
        ):
            return
        confirmed = with_confirmed(person, heard.channel, hearing.today)
        change = ContactChange(hearing.today, heard.reply_id, replaced(person, confirmed))
        ports.borrowers.save_contact_details(confirmed, change)

    retry_until_fresh(step)


def _from_nobody(institution_id: str, heard: Heard, now: datetime, ports: HearingPorts) -> None:
    """Keep what somebody unknown wrote, and open one task a day for all of them."""
    today = local_date(institution_id, now, ports.institutions)
    keep_words(institution_id, None, heard, ports)
    task = Task(
        task_id=f"{UNKNOWN_SENDER}.{today}",
        kind=TaskKind.REPLY,
        person_id=UNKNOWN_SENDER,
        role=Role.ADVISOR,
        reason=f"replies from addresses that nobody has: read the notes of {UNKNOWN_SENDER}",
        opened_on=today,
        do_by=today,
        about=heard.reply_id,
    )
    open_tasks([task], ports)
