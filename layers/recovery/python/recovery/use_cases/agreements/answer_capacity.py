"""Answer questions about repayment capacity and options, in the words of whom they are about."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from recovery.documents.agreements.assessment_document import assessment_document
from recovery.documents.agreements.options_document import options_document
from recovery.documents.questions.assessment_question import read_assessment_question
from recovery.documents.questions.evaluation import echoed_id
from recovery.documents.questions.options_question import read_options_question
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.agreements.assessment import Assessment, assess
from recovery.domain.agreements.capacity_rules import DutyRule, duties_of, terms_of
from recovery.domain.agreements.options import Options, options_for
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.messages.assessment_words import assessment_words
from recovery.messages.option_words import options_words
from recovery.messages.writing import LANGUAGES, LanguageNotSupportedError


def answer_assessment(values: Any) -> dict[str, Any]:
    """Judge what a household can repay, given as JSON values. Raises InvalidDocumentError."""
    asking = read_assessment_question(values)
    household, policy = asking.household, asking.policy.agreements.capacity
    terms = terms_of(
        asking.pack,
        policy,
        currency=household.currency,
        adults=household.adults,
        children=household.children,
        on=asking.as_of,
    )
    assessment = assess(household, asking.asked, terms, policy, asking.as_of)
    return {
        **echoed_id(asking.id),
        "as_of": asking.as_of.isoformat(),
        "currency": household.currency,
        **assessment_in_words(assessment, asking.language, asking.country),
        "policy_version": asking.policy.version,
    }


def answer_options(values: Any) -> dict[str, Any]:
    """Find options for a loan, given as JSON values. Raises InvalidDocumentError."""
    asked = read_options_question(values)
    trouble = asked.trouble
    try:
        options = options_for(trouble)
    except RefusedError as error:
        raise InvalidDocumentError(*error.problems) from None
    return {
        **echoed_id(asked.id),
        "as_of": trouble.on.isoformat(),
        "currency": trouble.capacity.currency,
        "reason": trouble.reason,
        **options_in_words(
            options,
            trouble.capacity.currency,
            duties_of(asked.pack, trouble.on),
            asked.language,
            asked.country,
        ),
    }


def assessment_in_words(
    assessment: Assessment, language: str, country: str | None
) -> dict[str, Any]:
    """Show an assessment in figures and in the applicant's words. Raises InvalidDocumentError."""
    try:
        words = assessment_words(assessment, language, country)
    except LanguageNotSupportedError as error:
        raise _no_texts(error) from None
    return {**assessment_document(assessment), "in_words": asdict(words)}


def options_in_words(
    options: Options,
    currency: str,
    duties: tuple[DutyRule, ...],
    language: str,
    country: str | None,
) -> dict[str, Any]:
    """Show options in figures and in the borrower's words. Raises InvalidDocumentError."""
    try:
        words = options_words(options, currency, language, country)
    except LanguageNotSupportedError as error:
        raise _no_texts(error) from None
    shown = options_document(options, currency, duties)
    for each, said in zip(shown["options"], words.best, strict=True):
        each["in_words"] = asdict(said)
    for each, (name, why) in zip(shown["refused"], words.refused, strict=True):
        each["in_words"] = {"name": name, "why_not": why}
    return {**shown, "language": words.language}


def _no_texts(error: LanguageNotSupportedError) -> InvalidDocumentError:
    remedy = f"Use one of: {', '.join(LANGUAGES)}; or let a person say it"
    reason = f"{error.language} has no texts"
    return InvalidDocumentError(Problem("language", reason, remedy, "not_found"))
