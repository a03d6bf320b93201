"""Store in DynamoDB what is known of letters before court."""

from __future__ import annotations

from pynamodb.exceptions import DoesNotExist

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import LetterItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.domain.judicial.court_letters import CourtLetter
from recovery.ports.shared import StaleWriteError


class DynamoDbCourtLetterRepository:
    """CourtLetterRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def of_loan(self, loan_id: str) -> list[CourtLetter]:
        """List the letters about a loan, in the order in which they were written."""
        found = LetterItem.query(
            keys.partition(keys.LOAN, self._institution_id, loan_id),
            LetterItem.sk.startswith(keys.key(keys.PRE_ACTION, "")),
            consistent_read=True,
        )
        letters = (codec.document_from_json(CourtLetter, each.document) for each in found)
        return sorted(letters, key=lambda each: (each.written_at, each.letter_id, each.person_id))

    def find(self, loan_id: str, letter_id: str, person_id: str) -> CourtLetter | None:
        """Return the letter; None if there is none."""
        try:
            item = LetterItem.get(*self._key(loan_id, letter_id, person_id), consistent_read=True)
        except DoesNotExist:
            return None
        return codec.document_from_json(CourtLetter, item.document)

    def add(self, letter: CourtLetter) -> None:
        """Put a letter on record; one that is there already stays."""
        try:
            with stale_if_refused(f"letter {letter.letter_id}"):
                self._item(letter).save(condition=LetterItem.pk.does_not_exist())
        except StaleWriteError:
            return

    def save(self, letter: CourtLetter) -> None:
        """Store how it ended."""
        self._item(letter).save()

    def _item(self, letter: CourtLetter) -> LetterItem:
        key = self._key(letter.loan_id, letter.letter_id, letter.person_id)
        return LetterItem(*key, document=codec.document_to_json(letter))

    def _key(self, loan_id: str, letter_id: str, person_id: str) -> tuple[str, str]:
        partition = keys.partition(keys.LOAN, self._institution_id, loan_id)
        return partition, keys.key(keys.PRE_ACTION, f"{letter_id}#{person_id}")
