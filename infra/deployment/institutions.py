"""The institutions that `cdk.json` seeds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from infra.deployment.target import Target
from infra.layers.platform import ROOT
from recovery.ports.institutions import Institution

_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_EMAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]+\.[a-z]{2,}", re.IGNORECASE)
_LINK = re.compile(r"https://[^\s\"<>]{3,200}")


def seed_institutions(target: Target, context: Mapping[str, Any] | None = None) -> list[str]:
    """Add the institutions of the CDK context that are not on record yet; return their ids.

    One on record is left as it is: a command may have changed it since.
    """
    configured = json.loads((ROOT / "cdk.json").read_text())["context"]["institutions"]
    return [
        each["institution_id"]
        for each in (context or {}).get("institutions", configured)
        if target.wiring.institutions.save(
            Institution(**{**each, "review_at": time.fromisoformat(each["review_at"])}),
            only_if_new=True,
        )
    ]


def address_problems(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the numbers, link and address that borrowers are sent."""
    phone, link = said.get("phone") or "", said.get("pay_link") or ""
    if phone and not _PHONE.fullmatch(phone):
        yield f"phone: must be a number such as +34900000000, not {phone!r}"
    reply_to, sms_number = said.get("reply_to") or "", said.get("sms_number") or ""
    if reply_to and not _EMAIL.fullmatch(reply_to):
        yield f"reply_to: must be an address such as reply@example.org, not {reply_to!r}"
    if sms_number and not _PHONE.fullmatch(sms_number):
        yield f"sms_number: must be a number such as +34900000000, not {sms_number!r}"
    if link and not _LINK.fullmatch(link):
        yield f"pay_link: must be an address such as https://pay.example.org, not {link!r}"
