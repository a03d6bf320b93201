"""The one open route with an effect: a link ends all e-mail to the person it was sent to.

GET asks, POST acts (RFC 8058: the mail provider posts ``List-Unsubscribe=One-Click``, and follows
no redirect). The token alone says whom it is about; no body is read.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response

from recovery.api.routes import Routes, described
from recovery.domain.contact.unsubscribe import UnsubscribeClaim
from recovery.use_cases.contact.unsubscribe import (
    ask_to_unsubscribe,
    say_unknown,
    say_unsubscribed,
    unsubscribe,
)

router = Routes("Unsubscribe")
_LINK = "/unsubscribe/<token>"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@router.get(_LINK)
@described(gives={200: None}, pages=("text/html",), open=True)
def get_link(token: str) -> Response[str]:
    """Return 200 with the question, in the person's language."""
    claim, wiring = _claim(token), router.context["wiring"]
    if claim is None:
        return _unknown()
    return _page(200, ask_to_unsubscribe(claim, wiring.of(claim.institution_id)))


@router.post(_LINK)
@described(gives={200: None}, pages=("text/html",), open=True)
def post_link(token: str) -> Response[str]:
    """Return 200 once e-mail has ended, also for a repeat."""
    claim, wiring = _claim(token), router.context["wiring"]
    if claim is None:
        return _unknown()
    ports = wiring.of(claim.institution_id)
    unsubscribe(claim, wiring.now(), ports)
    return _page(200, say_unsubscribed(claim, ports))


def _claim(token: str) -> UnsubscribeClaim | None:
    claim: UnsubscribeClaim | None = router.context["wiring"].links.read(token)
    return claim


def _unknown() -> Response[str]:
    event: Any = router.current_event
    return _page(404, say_unknown(event.headers.get("Accept-Language")))


def _page(status: int, html: str) -> Response[str]:
    return Response(
        status_code=status, content_type="text/html; charset=utf-8", body=html, headers={**_HEADERS}
    )
