"""Routes that say beside their handler what they take and answer: the OpenAPI document's source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler.api_gateway import Router

F = TypeVar("F", bound=Callable[..., Any])
_DESCRIBED: dict[Callable[..., Any], Description] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a call takes and answers, as types that pydantic knows.

    ``gives`` is by status; ``pages`` are other media types of the same answer. ``optional``: the
    body may be left out. ``tagged``: the answer has an ETag; ``guarded``: If-Match is heeded.
    ``open``: it needs no signature.
    """

    takes: Any = None
    asks: Any = None
    gives: Mapping[int, Any] = field(default_factory=dict)
    refuses: Sequence[int] = ()
    pages: Sequence[str] = ()
    optional: bool = False
    tagged: bool = False
    guarded: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """A call: its verb, its path in braces as OpenAPI writes it, its handler and description."""

    verb: str
    path: str
    handler: Callable[..., Any]
    tag: str

    @property
    def description(self) -> Description:
        """Return what stands beside the handler. Raises KeyError if nothing does."""
        return _DESCRIBED[self.handler]


class Routes(Router):
    """A router that lists its calls under one heading."""

    def __init__(self, tag: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tag = tag
        self.served: list[Served] = []

    def route(self, rule: str, method: Any, *args: Any, **options: Any) -> Callable[[F], F]:
        """Register a handler, as Powertools does, and keep it for the document."""
        register = super().route(rule, method, *args, **options)

        def registered(handler: F) -> F:
            path = rule.replace("<", "{").replace(">", "}")
            self.served.append(Served(str(method), path, handler, self.tag))
            return register(handler)

        return registered


def described(**what: Any) -> Callable[[F], F]:
    """Describe a call beside its handler; see ``Description`` for the fields."""

    def kept(handler: F) -> F:
        _DESCRIBED[handler] = Description(**what)
        return handler

    return kept
