"""Somebody wants no more messages on a channel, or wants them again."""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.contact.borrower import ContactChange
from recovery.domain.contact.details import replaced
from recovery.domain.contact.privacy import may_answer
from recovery.domain.contact.replies import ReplyKind
from recovery.domain.contact.reply_record import last_word, may_confirm
from recovery.domain.outbox import TimelineEntry
from recovery.messages.answering import AnswerKind
from recovery.ports.contact import Wake
from recovery.use_cases.contact.answer_once import answer_once
from recovery.use_cases.contact.reply_effects import Hearing, ReplyPorts
from recovery.use_cases.shared.retrying import retry_until_fresh


def stop(hearing: Hearing, ports: ReplyPorts) -> None:
    """Send no more on this channel, about any loan, and confirm it once.

    What waits to be said is considered again at once: it goes another way, or lapses.
    """
    if not _is_last_word(hearing, ports):
        return
    _set_consent(hearing, False, ports)
    _tell_loans(hearing, f"opted out of {hearing.by}", ports)
    replies = ports.replies.of_person(hearing.person.borrower_id)
    if hearing.is_first and may_confirm(hearing.reply, replies):
        kind: AnswerKind = "stopped_email" if hearing.heard.channel == "email" else "stopped_sms"
        answer_once(hearing, kind, ports)


def start(hearing: Hearing, ports: ReplyPorts) -> None:
    """Let messages go again on this channel: only the person may say so, from their own address."""
    if may_answer(hearing.privacy, ReplyKind.START.value) and _is_last_word(hearing, ports):
        _set_consent(hearing, True, ports)
        _tell_loans(hearing, f"wants {hearing.by} again", ports)


def _is_last_word(hearing: Hearing, ports: ReplyPorts) -> bool:
    """Whether no later reply says the contrary: they need not arrive in their order."""
    replies = ports.replies.of_person(hearing.person.borrower_id)
    last = last_word(replies, hearing.heard.channel)
    return last is None or last.kind == hearing.reading.kind


def _set_consent(hearing: Hearing, consent: bool, ports: ReplyPorts) -> None:
    def step() -> None:
        person = ports.borrowers.load(hearing.person.borrower_id)
        if hearing.heard.channel == "email":
            said = replace(person, email_consent=consent)
        else:
            said = replace(person, sms_consent=consent)
        change = ContactChange(hearing.today, hearing.heard.reply_id, replaced(person, said))
        ports.borrowers.save_contact_details(said, change)

    retry_until_fresh(step)


def _tell_loans(hearing: Hearing, text: str, ports: ReplyPorts) -> None:
    person_id = hearing.person.borrower_id
    entry = TimelineEntry(hearing.today, "reply", text, key=f"{hearing.reply.reply_id}#consent")
    for loan_id in ports.borrowers.loans_of(person_id):
        ports.timeline.add(loan_id, [entry])
    ports.queue.put([Wake(hearing.institution_id, person_id, hearing.today)])
