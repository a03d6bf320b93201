"""The yes by a code, as `recovery agree` takes it, and the letters, as `recovery plan` shows them.

Codes are sent and taken by the deployment, so that who typed one is who signed the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import table_of
from infra.command_line.options import console
from infra.deployment.target import Target, TargetError
from recovery.domain.shared.errors import NotOnRecordError
from recovery.ports.accounting import LoanNotFoundError
from recovery.use_cases.agreements.read_letters import letters_of, open_letter


def send_codes(
    target: Target, institution: str, loan: str, offer: str, option: str, people: Iterable[str]
) -> None:
    """Send each person a code, where only they read."""
    for person in people:
        asked = {"option": option, "person_id": person}
        sent = _call(target, institution, f"/loans/{loan}/offers/{offer}/codes", asked)
        console.print(
            f"Sent {person} a code by {sent['channel']}; it works until {sent['until']}.",
            highlight=False,
        )


def answer_codes(
    target: Target,
    institution: str,
    loan: str,
    offer: str,
    option: str,
    people: Sequence[str],
    codes: Sequence[str],
) -> None:
    """Take the codes as the yes of these people, in the same order.

    Raises TargetError for a code too many or too few, or a wrong one.
    """
    if len(people) != len(codes):
        raise TargetError(
            f"Give one --code for each who says yes, in the same order: {', '.join(people)}."
        )
    for person, code in zip(people, codes, strict=True):
        answer = {"option": option, "person_id": person, "code": code}
        said = _call(target, institution, f"/loans/{loan}/offers/{offer}/codes/answer", answer)
        console.print(
            f"{person} said yes at {said['said_yes_at']}; {said['typed_by']} typed the code.",
            highlight=False,
        )


def show_letters(
    target: Target, institution: str, loan: str, agreement: str, folder: Path | None, by: str | None
) -> None:
    """List the letters about an agreement, and save them to a folder if one is given.

    Raises TargetError while there is none.
    """
    ports = target.of(institution)
    try:
        letters = letters_of(loan, agreement, ports)
    except (LoanNotFoundError, NotOnRecordError) as error:
        raise TargetError(f"{error}.") from None
    rows = [
        (
            each.person_id,
            each.language,
            f"{each.sent_by} {each.sent_on}" if each.sent_by else each.not_sent or "not yet",
            each.sha256,
        )
        for each in letters
    ]
    columns = ("person", "language", "sent", "sha256")
    console.print(table_of(f"Letters about agreement {agreement}", columns, rows))
    if folder is None:
        return
    actor = deciding_actor(target, institution, by)
    folder.mkdir(parents=True, exist_ok=True)
    for each in letters:
        path = folder / f"{agreement}-{each.person_id}.pdf"
        path.write_bytes(open_letter(each, actor, ports.now(), ports))
        console.print(f"Saved {path}", soft_wrap=True, highlight=False, markup=False)


def _call(target: Target, institution: str, path: str, body: dict[str, str]) -> dict[str, Any]:
    status, answer = target.call_api("POST", path, body, of=institution)
    if status >= 300:
        problems = answer.get("errors") or [answer]
        said = [
            f"{each['field']}: {each['reason']}. {each['remedy']}"
            if "field" in each
            else str(each.get("detail", each))
            for each in problems
        ]
        raise TargetError("\n".join(said))
    return answer
