"""Deliveries of files, and the questions they leave."""

from __future__ import annotations

from typing import Protocol

from recovery.domain.intake.held_contacts import Delivered, HeldContacts


class DeliveryNotFoundError(LookupError):
    """Nothing waits under this id."""

    def __init__(self, delivery_id: str) -> None:
        super().__init__(f"no contact changes wait or waited in delivery {delivery_id}")
        self.delivery_id = delivery_id


class DeliveryRepository(Protocol):
    """Stores what an institution's deliveries left to know and to decide."""

    def last(self, source: str) -> Delivered | None:
        """Return the newest delivery taken up from this source."""

    def save_last(self, delivered: Delivered) -> None:
        """Put it on record unless a newer one is; of two with the same date, the later counts."""

    def held(self, delivery_id: str) -> HeldContacts:
        """Return the question. Raises DeliveryNotFoundError."""

    def all_held(self) -> list[HeldContacts]:
        """List every question, answered or not, by delivery."""

    def save_held(self, held: HeldContacts, before: HeldContacts | None = None) -> None:
        """Put the question on record, or its answer in place of ``before``.

        Raises StaleWriteError if something else is on record.
        """
