"""Keep what somebody replied, where only the trained may read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from recovery.documents.packs.reading import careful_people_pack
from recovery.documents.people.heard import Heard
from recovery.domain.agreements.notes import LARGEST_NOTE, LONGEST_NOTE, Note, NoteMark
from recovery.domain.agreements.people_rules import retention_days
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.reply_record import UNKNOWN_SENDER
from recovery.domain.shared.free_text import is_printable_line
from recovery.ports.needs import HasInstitutions, HasNotes
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.people.person import rules_for
from recovery.use_cases.shared.business_date import local_date

TOPIC = "reply"


class WordsPorts(HasNotes, HasInstitutions, Protocol):
    """Where words are kept, and the day."""


def keep_words(
    institution_id: str, person: Borrower | None, heard: Heard, ports: WordsPorts
) -> None:
    """Keep the words as a note, once; what is too long is cut. Nothing is kept of an empty reply.

    Nobody's consent is on record for it: the person wrote it to us of their own accord.
    """
    text = "\n".join(filter(is_printable_line, heard.text.split("\n"))).strip()
    if not text:
        return
    today = local_date(institution_id, heard.received_at, ports.institutions)
    pack = rules_for(person) if person else careful_people_pack()
    days = retention_days(pack, "note", today)
    assert days is not None, "the careful default has a rule for notes"
    is_held = person is not None and person.legal_hold
    mark = NoteMark(
        note_id=heard.reply_id,
        person_id=person.borrower_id if person else UNKNOWN_SENDER,
        consent=None,
        recorded_on=today,
        recorded_by=f"reply by {heard.channel}",
        expires_on=None if is_held else today + timedelta(days=days),
    )
    try:
        ports.notes.add(Note(mark=mark, topic=TOPIC, text=_cut(text)))
    except StaleWriteError:
        return  # it came before


def _cut(text: str) -> str:
    text = text[:LONGEST_NOTE]
    return text.encode("utf-8", "replace")[:LARGEST_NOTE].decode("utf-8", "ignore")
