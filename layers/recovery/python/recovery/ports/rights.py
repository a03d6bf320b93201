"""What people asked about what is held, legal holds, and the erasing of all that may go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from recovery.domain.agreements.rights import LegalHold, RightsRequest


class RightsRepository(Protocol):
    """Serves the rights of one institution's persons."""

    def request(self, person_id: str, request_id: str) -> RightsRequest | None: ...
    def requests_of(self, person_id: str) -> list[RightsRequest]:
        """List the person's requests by id."""

    def add_request(self, request: RightsRequest, keep_days: int | None) -> None:
        """Put an answered request on record for so many days; None: until a hold ends.

        Raises StaleWriteError if there is one with its id.
        """

    def save_answer(self, request: RightsRequest) -> None:
        """Put what was done later with the answer on record; how long it is kept stays."""

    def legal_holds_of(self, person_id: str) -> list[LegalHold]:
        """List the person's holds by id, ended ones too."""

    def save_legal_hold(self, person_id: str, hold: LegalHold) -> None:
        """Place or end a hold, and mark the person as long as one lasts.

        Loans and tasks hear of it through the stream. Raises StaleWriteError.
        """

    def keep_all(self, person_id: str) -> None:
        """Let nothing of the person expire."""

    def let_expire(self, person_id: str, days: Mapping[str, int]) -> None:
        """Let each item expire so many days after it was recorded, by kind of item."""

    def erase_former_details(self, person_id: str) -> None:
        """Erase what the person's details were before."""

    def erase_messages(self, person_id: str) -> None:
        """Erase what was said to the person when."""
