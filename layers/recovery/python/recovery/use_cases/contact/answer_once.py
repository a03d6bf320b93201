"""Answer a reply at once, with a few fixed words, at most once."""

from __future__ import annotations

from collections.abc import Callable

from recovery.messages import RenderedMessage, language_with_text, render_answer
from recovery.messages.answering import AnswerKind
from recovery.ports.contact import SendingFailedError, UndeliverableError
from recovery.use_cases.contact.reply_effects import Hearing, ReplyPorts


def answer_once(hearing: Hearing, kind: AnswerKind, ports: ReplyPorts) -> None:
    """Send these words; see ``send_answer``."""
    send_answer(hearing, lambda language: render_answer(kind, language), ports)


def send_answer(
    hearing: Hearing, rendered: Callable[[str], RenderedMessage], ports: ReplyPorts
) -> None:
    """Send the answer where the reply came from: in its language if a word told, else the person's.

    After a crash it is not repeated: missing one is better. Raises SendingFailedError, with nothing
    sent, if it may work later.
    """
    person, reply = hearing.person, hearing.reply
    named = (hearing.reading.language, person.language, person.second_language)
    language = language_with_text(named)
    if language is None or not ports.replies.take_on_answer(reply):
        return
    institution = ports.institutions.find(hearing.institution_id)
    answer, address = rendered(language), hearing.heard.address
    try:
        if reply.channel == "email":
            ports.messenger.send_email(
                *(address, answer.subject, answer.text, answer.html),
                reply_to=institution.reply_to,
            )
        else:
            ports.messenger.send_sms(address, answer.sms, sender=institution.sms_number)
    except UndeliverableError:
        return
    except SendingFailedError:
        ports.replies.give_up_answer(reply)
        raise
