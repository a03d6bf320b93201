"""Who does what a request asks: the caller, or the person whom a desk names."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.api.institutions import actor_of
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import Problem, RefusedError


def acting(router: Router, institution_id: str, by_id: str | None, ports: Any) -> Actor:
    """Return who does it.

    A caller on record as a person acts for themselves, with their own roles. A service, such as the
    desk at which advisors signed in, does nothing itself: it passes on, by the id on record, which
    person did. So nobody gets a role by naming one, and nobody acts in another person's name with
    credentials of their own. Raises RefusedError.
    """
    caller = actor_of(router, institution_id, ports)
    if by_id is None or by_id == caller.id:
        return caller
    if caller.is_person:
        remedy = "Leave it out: your credentials say who you are"
        raise RefusedError(Problem("by", "is somebody else", remedy))
    people = ports.institutions.actors(institution_id)
    found: Actor | None = next((each for each in people if each.id == by_id), None)
    if found is None:
        remedy = "Add them with `recovery person add`"
        raise RefusedError(Problem("by", "is not on record", remedy, "not_found"))
    return found
