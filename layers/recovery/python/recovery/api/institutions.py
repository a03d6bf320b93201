"""Whose request it is: the institution in its path, and the caller who signed it."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.documents.shared.fields import is_institution_id
from recovery.domain.shared.actor import LONGEST_ID, LONGEST_NAME, Actor, Role
from recovery.ports.institutions import InstitutionNotFoundError


def ports_of(router: Router, institution_id: str) -> Any:
    """Return the institution's ports. Raises InstitutionNotFoundError."""
    if not is_institution_id(institution_id):
        raise InstitutionNotFoundError(institution_id[:64])
    return router.context["wiring"].of(institution_id)


def caller_of(router: Router) -> Actor:
    """Return who signed the request, as API Gateway says."""
    event: Any = router.current_event
    identity = event.request_context.identity
    arn = str(identity.user_arn or identity.caller or "unsigned")[:LONGEST_ID]
    name = arn.rpartition("/")[2][:LONGEST_NAME] or arn
    return Actor(id=arn, name=name, roles=frozenset({Role.SERVICE}))


def actor_of(router: Router, institution_id: str, ports: Any) -> Actor:
    """Return who signed the request, with the roles that the institution has on record for them.

    Whoever is not among its people is a service.
    """
    caller = caller_of(router)
    people = ports.institutions.actors(institution_id)
    return next((each for each in people if each.id == caller.id), caller)
