"""Every router of the API, whichever function serves it."""

from __future__ import annotations

from recovery.api import (
    agreements,
    assessments,
    cases,
    contacts,
    documentation,
    evidence,
    exports,
    groups,
    health,
    judicial,
    loans,
    notes,
    parties,
    payment_batches,
    payments,
    people,
    placements,
    procedures,
    rights,
    tasks,
    unsubscribe,
)
from recovery.api.documentation import Documentation

VERSION = "1"  # of the paths, which begin /v1; what is added changes no version
ROUTERS = (
    payments.router,
    payment_batches.router,
    loans.router,
    parties.router,
    groups.router,
    people.router,
    contacts.router,
    assessments.router,
    agreements.router,
    tasks.router,
    cases.router,
    judicial.router,
    procedures.router,
    notes.router,
    evidence.router,
    rights.router,
    placements.router,
    exports.router,
    unsubscribe.router,
    health.router,
    documentation.router,
)


def described_api() -> Documentation:
    """Return the description of all of them, not made yet."""
    return Documentation(ROUTERS, VERSION)
