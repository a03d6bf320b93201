"""Codes that say yes to an offer, and letters about agreements."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from recovery.domain.agreements.kept_letter import KeptLetter
from recovery.domain.agreements.yes_code import YesCode
from recovery.domain.judicial.court_letters import CourtLetter
from recovery.ports.pdf import LETTER, Attachment, PdfError, Standard, WrittenPdf
from recovery.ports.shared import StaleWriteError


class FakeYesCodeRepository:
    """Codes by loan, offer and id."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str, str], YesCode] = {}

    def of_offer(self, loan_id: str, offer_id: str) -> list[YesCode]:
        found = [e for key, e in self._codes.items() if key[:2] == (loan_id, offer_id)]
        return sorted(found, key=lambda each: each.code_id)

    def add(self, code: YesCode) -> None:
        if _key(code) in self._codes:
            raise StaleWriteError(f"code {code.code_id} was changed")
        self._codes[_key(code)] = code

    def save(self, code: YesCode, *, tries: int) -> None:
        known = self._codes.get(_key(code))
        if known is None or known.tries != tries or known.answered_at is not None:
            raise StaleWriteError(f"code {code.code_id} was changed")
        self._codes[_key(code)] = code


class FakeLetterRepository:
    """Letters by loan, agreement and person."""

    def __init__(self) -> None:
        self._letters: dict[tuple[str, str, str], KeptLetter] = {}

    def of_agreement(self, loan_id: str, agreement_id: str) -> list[KeptLetter]:
        keys = sorted(key for key in self._letters if key[:2] == (loan_id, agreement_id))
        return [self._letters[key] for key in keys]

    def add(self, letter: KeptLetter) -> None:
        self._letters.setdefault(_owner(letter), letter)

    def save(self, letter: KeptLetter) -> None:
        self._letters[_owner(letter)] = letter


class FakeCourtLetterRepository:
    """Letters before court by loan, letter and person."""

    def __init__(self) -> None:
        self._letters: dict[tuple[str, str, str], CourtLetter] = {}

    def of_loan(self, loan_id: str) -> list[CourtLetter]:
        found = (each for key, each in self._letters.items() if key[0] == loan_id)
        return sorted(found, key=lambda each: (each.written_at, each.letter_id, each.person_id))

    def find(self, loan_id: str, letter_id: str, person_id: str) -> CourtLetter | None:
        return self._letters.get((loan_id, letter_id, person_id))

    def add(self, letter: CourtLetter) -> None:
        key = (letter.loan_id, letter.letter_id, letter.person_id)
        self._letters.setdefault(key, letter)

    def save(self, letter: CourtLetter) -> None:
        self._letters[letter.loan_id, letter.letter_id, letter.person_id] = letter


class FakeLetterStore:
    """``files`` by hash."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, letter: KeptLetter, content: bytes) -> None:
        assert hashlib.sha256(content).hexdigest() == letter.sha256
        self.files.setdefault(letter.sha256, content)

    def read(self, letter: KeptLetter) -> bytes:
        return self.files[letter.sha256]

    def link(self, letter: KeptLetter) -> str:
        return f"https://letters.example/{letter.sha256}"


class FakePdfWriter:
    """``written`` are the values of each file, whose bytes are these values and their moment;
    ``attached`` are the names of what travels in each."""

    def __init__(self) -> None:
        self.written: list[Mapping[str, Any]] = []
        self.attached: list[list[str]] = []

    def write(
        self,
        template: str,
        values: Mapping[str, Any],
        *,
        at: datetime,
        standards: Sequence[Standard] = LETTER,
        attachments: Sequence[Attachment] = (),
        pictures: Sequence[bytes] = (),
    ) -> WrittenPdf:
        self.written.append(values)
        self.attached.append([each.name for each in attachments])
        return WrittenPdf(f"%PDF {template} {at} {json.dumps(values)}".encode())

    def pages_of(self, content: bytes, media_type: str, most: int) -> list[bytes]:
        if b"unreadable" in content:
            raise PdfError("the paper cannot be read")
        return [content][:most]


def _key(code: YesCode) -> tuple[str, str, str]:
    return code.loan_id, code.offer_id, code.code_id


def _owner(letter: KeptLetter) -> tuple[str, str, str]:
    return letter.loan_id, letter.agreement_id, letter.person_id
