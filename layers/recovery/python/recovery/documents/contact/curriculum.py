"""Read the curriculum: which lessons there are, in which order, and for whom each comes first."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from recovery.domain.contact.lessons import Curriculum, Lesson
from recovery.domain.monitoring.pattern import PatternKind
from recovery.domain.monitoring.segments import Segment

_FILE = Path(__file__).parents[2] / "messages" / "lessons" / "curriculum.toml"  # beside its words


@cache
def curriculum() -> Curriculum:
    """Return the curriculum; its words are beside it. Raises ValueError for a name unknown."""
    written: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    lessons = tuple(
        Lesson(
            lesson_id=each["lesson_id"],
            right=each["right"],
            patterns=frozenset(map(PatternKind, each.get("patterns", ()))),
            segments=frozenset(map(Segment, each.get("segments", ()))),
        )
        for each in written["lessons"]
    )
    return Curriculum(written["version"], lessons)
