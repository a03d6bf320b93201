"""An act about a debt as the API shows it: the fields of its request that are filled in."""

from __future__ import annotations

from typing import Any

from recovery.documents.shared.plain import to_plain
from recovery.domain.accounting.acts import Act
from recovery.domain.shared.money import to_decimal_text


def act_document(act: Act, currency: str) -> dict[str, object]:
    """Show what was said, amounts as decimal text of the loan's currency."""
    plain: dict[str, Any] = to_plain(act)
    shown: dict[str, object] = {}
    for name, value in plain.items():
        if name.endswith("_minor"):
            shown[name.removesuffix("_minor")] = to_decimal_text(value, currency)
        else:
            shown[name] = value
    return shown
