"""What the body of every fact about a loan has."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import PRINTABLE, Identifier

Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=140, pattern=PRINTABLE),
]


class FactFields(Body):
    """The client's id and the reason; ``on`` is the day from which it counts, today by default."""

    fact_id: Identifier
    reason: Reason
