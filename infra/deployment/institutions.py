"""The institutions that `cdk.json` seeds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import time
from typing import Any

from infra.deployment.target import Target
from infra.layers.platform import ROOT
from recovery.ports.institutions import Institution


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
