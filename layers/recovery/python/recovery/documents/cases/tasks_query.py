"""The question for a list of tasks, as the parameters of a path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from recovery.documents.shared.page import PAGE_REMEDIES, PageQuery
from recovery.documents.shared.problems import validated
from recovery.domain.shared.actor import Role

_REMEDIES = {
    **PAGE_REMEDIES,
    "for": f"Use one of: {', '.join(Role)}",
    "late": "Send true or false",
}


class TasksParameters(PageQuery):
    """Whose tasks, all or those that are late, and which page."""

    role: Annotated[Role | None, Field(alias="for")] = None
    late: Literal["true", "false"] = "false"


def tasks_query(given: Mapping[str, str] | None) -> TasksParameters:
    """Read the parameters. Raises InvalidDocumentError with every problem."""
    found: TasksParameters = validated(
        TasksParameters, dict(given or {}), whole="query", remedies=_REMEDIES
    )
    return found
