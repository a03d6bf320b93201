"""Who did or saw what of a person's, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recovery.domain.shared.actor import Actor


class Act(StrEnum):
    """What was done."""

    NOTE_ADDED = "note_added"
    NOTES_READ = "notes_read"
    NOTE_ERASED = "note_erased"
    CAPACITY_ASSESSED = "capacity_assessed"
    ASSESSMENTS_READ = "assessments_read"
    ASSESSMENT_DECIDED = "assessment_decided"
    YES_CODE_SENT = "yes_code_sent"
    YES_CODE_ANSWERED = "yes_code_answered"
    LETTER_READ = "letter_read"
    DOSSIER_READ = "dossier_read"
    OPTIONS_CONSIDERED = "options_considered"
    EVIDENCE_INVITED = "evidence_invited"
    EVIDENCE_LISTED = "evidence_listed"
    EVERYTHING_READ = "everything_read"
    REQUEST_ANSWERED = "request_answered"
    ERASURE_FINISHED = "erasure_finished"
    LEGAL_HOLD_PLACED = "legal_hold_placed"
    LEGAL_HOLD_ENDED = "legal_hold_ended"
    CONTACT_INSTRUCTED = "contact_instructed"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act on what is held about a person; ``about`` is the id of what it was done to.

    Never holds personal data of the person. The act is plain text, so that one that no longer
    exists can be read.
    """

    at: datetime
    act: str
    by: Actor
    about: str = ""
