"""A letter about an agreement that was written and is kept: to whom, its hash, how it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLetter:
    """One person's copy of what was agreed.

    ``template`` is the version of the text, ``language`` the one it is in. ``sha256`` is the hash
    of the file, in hexadecimal digits. ``sent_by`` is ``email`` with the letter in it or ``sms``
    that says it is ready; "" with the reason ``not_sent`` where a person hands it over. Both are
    empty until that is known. ``unshown`` is how many characters no font has.
    """

    loan_id: str
    agreement_id: str
    person_id: str
    language: str
    template: str
    sha256: str
    written_at: datetime
    unshown: int = 0
    sent_by: str = ""
    sent_on: date | None = None
    not_sent: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it was sent, or is left to a person."""
        return bool(self.sent_by or self.not_sent)
