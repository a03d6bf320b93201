"""The question for a loan as it was known on a day, as the parameters of a path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from recovery.documents.shared.fields import Day
from recovery.documents.shared.problems import validated

_REMEDIES = {
    "known_on": "Give one such as 2026-12-03",
    "for": "Say for whom, in 1 to 200 characters",
}


class ExportParameters(BaseModel):
    """As known on which day, and for whom."""

    model_config = ConfigDict(extra="forbid")

    known_on: Day
    purpose: Annotated[str, Field(alias="for", max_length=200)] = ""


def export_query(given: Mapping[str, str] | None) -> ExportParameters:
    """Read the parameters. Raises InvalidDocumentError with every problem."""
    found: ExportParameters = validated(
        ExportParameters, dict(given or {}), whole="query", remedies=_REMEDIES
    )
    return found
