"""Every problem that the API answers with, in one table (RFC 9457).

A problem's code never changes, and its ``type`` is where it is explained. API Gateway answers some
by itself, before a function runs; infra takes their texts from here too.
"""

from __future__ import annotations

from dataclasses import dataclass

PROBLEM_JSON = "application/problem+json"
BASE = "/v1/problems/"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem: when it is met, and what to do."""

    code: str
    status: int
    title: str
    when: str
    remedy: str

    @property
    def type(self) -> str:
        """Return the URI reference that names it, and leads to its explanation."""
        return f"{BASE}{self.code}"


_ALL = (
    ProblemType(
        "unreadable_request",
        400,
        "The request cannot be read",
        "The body is no JSON object, is too long, or is missing.",
        "Send one JSON object with the documented fields, Content-Type application/json",
    ),
    ProblemType(
        "not_signed",
        403,
        "No such path, or not signed",
        "The request has no signature, or no call has this path and method: API Gateway tells"
        " strangers not which.",
        "Sign the request with AWS Signature Version 4 for the service execute-api, and check path"
        " and method in /v1/openapi.json",
    ),
    ProblemType(
        "wrong_signature",
        403,
        "The signature is wrong or too old",
        "The signature does not fit the request, the clock is off, or the credentials have ended.",
        "Sign exactly what is sent, host, path, query and body, with credentials in force",
    ),
    ProblemType(
        "access_denied",
        403,
        "Not allowed for these credentials",
        "The caller's IAM policy does not allow this path.",
        "Ask for the policy that `recovery institution access` prints",
    ),
    ProblemType(
        "not_allowed",
        403,
        "Not allowed",
        "Who signed the request has no role that may do this, or decided on it before.",
        "Ask one of those named, or ask for the role with `recovery person add`",
    ),
    ProblemType(
        "not_on_record",
        404,
        "Not on record",
        "Nothing has the id in the path or in the body.",
        "Check the id, and the institution in the path",
    ),
    ProblemType(
        "no_such_path",
        404,
        "No such path",
        "No call has this path and method.",
        "Check path and method in /v1/openapi.json",
    ),
    ProblemType(
        "conflict",
        409,
        "The id is taken",
        "The id was used before, with other content.",
        "Give what is new its own id; send a repeat unchanged",
    ),
    ProblemType(
        "changed_meanwhile",
        412,
        "It has changed meanwhile",
        "What is to be changed is not any more what If-Match names: somebody else changed it.",
        "Read it again, decide anew, and send its new ETag as If-Match",
    ),
    ProblemType(
        "too_large",
        413,
        "The request is too large",
        "The body is larger than API Gateway passes on.",
        "Send it in smaller parts",
    ),
    ProblemType(
        "wrong_media_type",
        415,
        "Not JSON",
        "The Content-Type is none that this call takes.",
        "Send JSON with Content-Type application/json",
    ),
    ProblemType(
        "invalid_request",
        422,
        "The request cannot be used",
        "Fields are missing, unknown or of another form; `errors` names each.",
        "Mend each field as its remedy in `errors` says",
    ),
    ProblemType(
        "does_not_fit",
        422,
        "The request does not fit what is on record",
        "Each field is well formed, and what is on record does not allow it; `errors` says why.",
        "Do what the remedy in `errors` says",
    ),
    ProblemType(
        "throttled",
        429,
        "Too many requests",
        "The API takes at most so many requests a second.",
        "Send the same request again, after a pause that doubles each time",
    ),
    ProblemType(
        "failed",
        500,
        "Something went wrong",
        "A fault of ours; it was logged, and rings an alarm.",
        "It was logged; send the same request again later",
    ),
    ProblemType(
        "unreadable_loan",
        500,
        "The loan cannot be read",
        "What is stored of the loan is damaged; its operators hear of it.",
        "Ask the operators to repair it; then send it again",
    ),
    ProblemType(
        "busy",
        503,
        "The loan is busy",
        "Others changed the same loan at the same moment; nothing was recorded.",
        "Send the same request again in a moment",
    ),
    ProblemType(
        "unavailable",
        503,
        "Not available now",
        "The function did not answer, or not in time; whether it was carried out is not known.",
        "Send the same request again: what was recorded already is not recorded twice",
    ),
    ProblemType(
        "refused_by_gateway",
        400,
        "The request was refused",
        "API Gateway refused the request before any function saw it.",
        "Read `detail`, and compare the request with /v1/openapi.json",
    ),
)
PROBLEM_TYPES = {each.code: each for each in _ALL}
