"""Whether the API is up."""

from __future__ import annotations

from recovery.api.routes import Routes, described
from recovery.documents.answers.shared import Health

router = Routes("Health")


@router.get("/health")
@described(gives={200: Health}, open=True)
def get_health() -> dict[str, str]:
    """Return 200 if the API is up; it looks at nothing else."""
    return {"status": "ok"}
