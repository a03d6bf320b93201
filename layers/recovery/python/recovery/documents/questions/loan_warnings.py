"""What is odd in a question about a loan and can still be answered: the caller may have slipped."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.documents.questions.loan_question import LoanQuestion
from recovery.domain.schedules.contract import LoanAccount
from recovery.domain.shared.money import Money, to_minor


def loan_warnings(question: LoanQuestion, account: LoanAccount) -> Iterator[dict[str, str]]:
    """Yield field and reason of each; ``account`` is the loan as read from the question."""
    disbursed_on = question.loan.disbursed_on
    for index, payment in enumerate(question.payments):
        if disbursed_on and payment.value_date < disbursed_on:
            reason = f"is before the loan was disbursed, on {disbursed_on}"
            yield {"field": f"payments.{index}.value_date", "reason": reason}
    if question.loan.principal is None:
        return
    lent_minor = to_minor(question.loan.principal, account.currency)
    repaid_minor = sum(each.due.principal for each in account.schedule)
    if lent_minor != repaid_minor:
        reason = f"is not what the instalments repay, {Money(repaid_minor, account.currency)}"
        yield {"field": "loan.principal", "reason": reason}
