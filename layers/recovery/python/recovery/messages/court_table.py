"""Tables of a dossier: columns by their names in a section of the words, widths by weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from recovery.messages.court_voice import Voice

Block = dict[str, Any]


def table_of(
    voice: Voice,
    section: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    right: Sequence[int],
    widths: str,
) -> Block:
    """Return a table; ``widths`` has the weight of each column as a digit, ``right`` the numbers of
    the columns with amounts."""
    return {
        "table": {
            "columns": [voice.say(section, f"col_{each}") for each in columns],
            "rows": [[f"{cell}" for cell in row] for row in rows],
            "right": [*right],
            "widths": [int(each) for each in widths],
        }
    }
