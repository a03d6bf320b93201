"""Store in DynamoDB what is known of letters about agreements."""

from __future__ import annotations

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import LetterItem
from recovery.adapters.dynamodb.writes import stale_if_refused
from recovery.domain.agreements.kept_letter import KeptLetter
from recovery.ports.shared import StaleWriteError


class DynamoDbLetterRepository:
    """LetterRepository of one institution."""

    def __init__(self, institution_id: str) -> None:
        self._institution_id = institution_id

    def of_agreement(self, loan_id: str, agreement_id: str) -> list[KeptLetter]:
        """List the letters about an agreement, by person."""
        return self._beginning(loan_id, f"{agreement_id}#")

    def of_loan(self, loan_id: str) -> list[KeptLetter]:
        """List the letters about all agreements on a loan, by agreement and person."""
        return self._beginning(loan_id, "")

    def add(self, letter: KeptLetter) -> None:
        """Put a letter on record; one that is there already stays."""
        try:
            with stale_if_refused(f"letter of {letter.agreement_id}"):
                self._item(letter).save(condition=LetterItem.pk.does_not_exist())
        except StaleWriteError:
            return

    def save(self, letter: KeptLetter) -> None:
        """Store how it was sent, or why not."""
        self._item(letter).save()

    def _beginning(self, loan_id: str, owner: str) -> list[KeptLetter]:
        found = LetterItem.query(
            keys.partition(keys.LOAN, self._institution_id, loan_id),
            LetterItem.sk.startswith(keys.key(keys.WRITTEN, owner)),
            consistent_read=True,
        )
        return [codec.document_from_json(KeptLetter, each.document) for each in found]

    def _item(self, letter: KeptLetter) -> LetterItem:
        return LetterItem(
            keys.partition(keys.LOAN, self._institution_id, letter.loan_id),
            keys.key(keys.WRITTEN, f"{letter.agreement_id}#{letter.person_id}"),
            document=codec.document_to_json(letter),
        )
