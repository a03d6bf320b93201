"""What a caller did wrong, told so that it can be put right."""

from __future__ import annotations


class RefusedError(Exception):
    """A request that makes no sense for this loan: which field, why, and what to do."""

    def __init__(self, field: str, reason: str, remedy: str) -> None:
        super().__init__(f"{field}: {reason}. {remedy}")
        self.field, self.reason, self.remedy = field, reason, remedy


class ConflictError(Exception):
    """The id was used before for something else."""


class PaymentNotFoundError(Exception):
    """There is no payment with this id."""
