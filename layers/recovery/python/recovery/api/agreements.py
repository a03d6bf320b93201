"""The yes by a code, and the letters: about agreements, and before court."""

from __future__ import annotations

from recovery.api.ids import id_in_path, loan_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.agreements.letter_document import code_document
from recovery.documents.agreements.yes_code_request import (
    AnswerBody,
    CodeBody,
    code_answer,
    code_request,
)
from recovery.documents.answers.agreements import CourtLetters, Letters, Yes
from recovery.documents.shared.page import PageQuery, page_of, page_query, place_by
from recovery.use_cases.agreements.read_letters import read_letters
from recovery.use_cases.agreements.yes_by_code import answer_code, send_code
from recovery.use_cases.judicial.read_court_letters import read_court_letters

router = Routes("Agreements")
_LOAN = "/institutions/<institution_id>/loans/<loan_id>"
_CODES = f"{_LOAN}/offers/<offer_id>/codes"


@router.post(_CODES)
@described(takes=CodeBody, gives={201: Yes})
def post_code(institution_id: str, loan_id: str, offer_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with how the code was sent and until when it works."""
    ports = ports_of(router, institution_id)
    loan_id, offer_id = loan_in_path(loan_id), id_in_path("offer_id", offer_id)
    asked = code_request(router.current_event.body)
    by = actor_of(router, institution_id, ports)
    code = send_code(loan_id, offer_id, *asked, by, ports.now(), ports)
    return code_document(code), 201


@router.post(f"{_CODES}/answer")
@described(takes=AnswerBody, gives={200: Yes})
def post_answer(institution_id: str, loan_id: str, offer_id: str) -> dict[str, object]:
    """Return 200 with the yes: who typed the code, and when."""
    ports = ports_of(router, institution_id)
    loan_id, offer_id = loan_in_path(loan_id), id_in_path("offer_id", offer_id)
    answer = code_answer(router.current_event.body)
    by = actor_of(router, institution_id, ports)
    return code_document(answer_code(loan_id, offer_id, *answer, by, ports.now(), ports))


@router.get(f"{_LOAN}/agreements/<agreement_id>/letters")
@described(asks=PageQuery, gives={200: Letters})
def get_letters(institution_id: str, loan_id: str, agreement_id: str) -> dict[str, object]:
    """Return 200 with each person's letter: its hash, how it was sent, and a link to it."""
    ports = ports_of(router, institution_id)
    loan_id, agreement_id = loan_in_path(loan_id), id_in_path("agreement_id", agreement_id)
    query = page_query(router.current_event.query_string_parameters)
    caller = actor_of(router, institution_id, ports)
    letters = read_letters(loan_id, agreement_id, caller, ports.now(), ports)
    page, following = page_of(letters, place_by("person_id", "sha256"), query)
    return {
        "loan_id": loan_id,
        "agreement_id": agreement_id,
        "letters": page,
        "next": following,
    }


@router.get(f"{_LOAN}/letters")
@described(asks=PageQuery, gives={200: CourtLetters})
def get_court_letters(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with each letter before court: to whom, its hash, how it ended, a link to it."""
    ports = ports_of(router, institution_id)
    loan_id = loan_in_path(loan_id)
    query = page_query(router.current_event.query_string_parameters)
    by = actor_of(router, institution_id, ports)
    letters = read_court_letters(loan_id, by, ports.now(), ports)
    page, following = page_of(letters, place_by("letter_id", "person_id"), query)
    return {"loan_id": loan_id, "letters": page, "next": following}
