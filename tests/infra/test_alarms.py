"""Each alarm of the stack rings on the failure it describes, and on no other."""

import pytest

from infra.shared.python_function import FUNCTIONS
from tests.alarm_driver import is_ringing

ALARM = "AWS::CloudWatch::Alarm"
WAITING = "ApproximateNumberOfMessagesVisible"
AGES = ("IteratorAge", "ReviewChangedLoans"), ("IteratorAge", "RouteChanges")
AGE = "ApproximateAgeOfOldestMessage"
LATE = ("InstitutionsLate", "recovery")

# What the metrics show when all is well; a metric that nothing happens to has no data.
HEALTHY = {
    LATE: [0.0] * 8,
    AGES[0]: [900.0, None, 1_200.0, 900.0],
    AGES[1]: [900.0, None, 1_200.0, 900.0],
    ("5XXError", "Api"): [0.0, None, 0.0, 0.0],
    (WAITING, "FailedMessages"): [0.0] * 4,
    (WAITING, "FailedReplies"): [0.0] * 4,
    (WAITING, "FailedLetters"): [0.0] * 4,
    ("ContactChangesWaiting", "recovery"): [0.0, None, 0.0],
    ("OldestUnownedTaskDays", "recovery"): [0.0, None, 1.0],
    ("AnswersDue", "recovery"): [0.0, None, 0.0],
    ("RootsFailed", "recovery"): [0.0, None, 0.0],
    ("ExperimentsStopped", "recovery"): [0.0, None, 0.0],
    ("OldestApprovalDays", "recovery"): [0.0, None, 6.0],
    ("OutboxesLate", "recovery"): [0.0, None, 0.0],
    ("CasesRestarted", "recovery"): [0.0, None, 0.0],
    (AGE, "MessagesQueue"): [0.0, 900.0, 3_599.0],  # a wake comes back within fifteen minutes
    (AGE, "RepliesQueue"): [0.0, 20.0],
    (AGE, "DeliveryNewsQueue"): [0.0, 20.0],
    (AGE, "AgreementsQueue"): [0.0, 200_000.0, 200_300.0],  # from Friday evening to Monday
}


def queue(name: str) -> dict:
    return {(WAITING, name): [0.0, 0.0, 1.0]}


def execution(metric: str, machine: str) -> dict:
    return {(metric, machine): [None, None, 1.0]}


def late(reader: str) -> dict:
    """Changes have waited longer than ten minutes for ten minutes."""
    return {("IteratorAge", reader): [900.0, 700_000.0, 1_000_000.0]}


FAILURES = {
    "FailedMessagesAlarm": queue("FailedMessages"),
    "FailedRepliesAlarm": queue("FailedReplies"),
    "FailedLettersAlarm": queue("FailedLetters"),
    "FailedDeliveriesAlarm": queue("FailedDeliveries"),
    "FailedErasuresAlarm": queue("FailedErasures"),
    "FailedImportsAlarm": queue("FailedImports"),
    "FailedReviewsAlarm": queue("FailedReviews"),
    "FailedStartsAlarm": queue("FailedStarts"),
    "FailedReviewChangedLoansAlarm": queue("FailedReviewChangedLoans"),
    "FailedRouteChangesAlarm": queue("FailedRouteChanges"),
    "DailyReviewStateMachineFailedAlarm": execution("ExecutionsFailed", "DailyReview"),
    "DailyReviewStateMachineTimedOutAlarm": execution("ExecutionsTimedOut", "DailyReview"),
    "DailyReviewStateMachineAbortedAlarm": execution("ExecutionsAborted", "DailyReview"),
    "RecoveryCaseStateMachineAbortedAlarm": execution("ExecutionsAborted", "RecoveryCase"),
    "RecoveryCaseStateMachineFailedAlarm": execution("ExecutionsFailed", "RecoveryCase"),
    "RecoveryCaseStateMachineTimedOutAlarm": execution("ExecutionsTimedOut", "RecoveryCase"),
    "ReviewChangedLoansLate": late("ReviewChangedLoans"),
    "RouteChangesLate": late("RouteChanges"),
    "ServerErrorAlarm": {("5XXError", "Api"): [0.0, None, 1.0]},
    "DailyReviewLateAlarm": {LATE: [0.0, 0.0, 2.0]},
    "ContactsWaitingAlarm": {("ContactChangesWaiting", "recovery"): [0.0, None, 40.0]},
    "UnownedAlarm": {("OldestUnownedTaskDays", "recovery"): [0.0, None, 2.0]},
    "AnswersDueAlarm": {("AnswersDue", "recovery"): [0.0, None, 1.0]},
    "ApprovalAlarm": {("OldestApprovalDays", "recovery"): [6.0, None, 7.0]},
    "RootsFailedAlarm": {("RootsFailed", "recovery"): [0.0, None, 1.0]},
    "DailyReviewNotReconciledAlarm": {("LoansNotReconciled", "recovery"): [None, 3.0]},
    "SignalsPendingAlarm": {("OutboxesLate", "recovery"): [0.0, None, 2.0]},
    "CasesRestartedAlarm": {("CasesRestarted", "recovery"): [0.0, None, 1.0]},
    "ExperimentStoppedAlarm": {("ExperimentsStopped", "recovery"): [0.0, None, 1.0]},
    "SendMessagesWaits": {(AGE, "MessagesQueue"): [0.0, 3_600.0, 3_900.0]},
    "HearRepliesWaits": {(AGE, "RepliesQueue"): [0.0, 3_600.0, 3_900.0]},
    "NoteDeliveriesWaits": {(AGE, "DeliveryNewsQueue"): [0.0, 3_600.0, 3_900.0]},
    "WriteLettersWaits": {(AGE, "AgreementsQueue"): [0.0, 259_200.0, 259_500.0]},
}


def of_functions(stack) -> dict[str, dict]:
    """Each function that fails again and again, or is throttled for a quarter of an hour."""
    failures = {}
    for function in stack.of_type("AWS::Lambda::Function"):
        name = function[:-8]
        failures[f"{name}ErrorsAlarm"] = {("Errors", name): [0.0, None, 3.0]}
        failures[f"{name}ThrottlesAlarm"] = {("Throttles", name): [0.0, 1.0, 2.0, 1.0]}
    assert len(failures) == 2 * len(list(FUNCTIONS.glob("*.py")))
    return failures


def ringing(stack, series, looks_back: int) -> set[str]:
    """Return the logical ids, less CDK's hash, of the alarms that ring."""
    return {
        name[:-8]
        for name, alarm in stack.of_type(ALARM).items()
        if is_ringing(alarm, series, looks_back=looks_back)
    }


def test_each_alarm_has_a_failure_that_it_describes(either_stack) -> None:
    failures = FAILURES | of_functions(either_stack)
    for name, alarm in either_stack.of_type(ALARM).items():
        described = [each for each in failures if name[:-8].endswith(each)]
        assert len(described) == 1, f"add the failure that {name} rings on"
        assert alarm["AlarmDescription"]
        assert len(alarm["AlarmActions"]) == 1
    assert len(either_stack.of_type(ALARM)) == len(failures)


@pytest.mark.parametrize("looks_back", [0, 2, 5])
def test_when_all_is_well_nothing_rings(either_stack, looks_back) -> None:
    assert ringing(either_stack, HEALTHY, looks_back) == set()


@pytest.mark.parametrize("looks_back", [0, 2, 5])
@pytest.mark.parametrize("expected", FAILURES)
def test_a_failure_rings_its_own_alarm_and_no_other(either_stack, expected, looks_back) -> None:
    (name,) = ringing(either_stack, HEALTHY | FAILURES[expected], looks_back)
    assert name.endswith(expected)


@pytest.mark.parametrize("looks_back", [0, 2, 5])
def test_a_function_that_fails_rings_its_own_alarm_and_no_other(either_stack, looks_back) -> None:
    for expected, series in of_functions(either_stack).items():
        assert ringing(either_stack, HEALTHY | series, looks_back) == {expected}


QUIET = {
    "a call failed twice, and the third try went well": {("Errors", "SealAudit"): [0.0, 2.0]},
    "a function was throttled for ten minutes": {
        ("Throttles", "TakePayments"): [0.0, 4.0, 1.0, 0.0]
    },
    "a busy morning's messages are sent within the hour": {
        (AGE, "MessagesQueue"): [3_000.0, 3_500.0, 100.0]
    },
    "the failure was repaired": {(WAITING, "FailedImports"): [1.0, 1.0, 0.0]},
    "changes have waited long for one period": {AGES[0]: [900.0, 1_000.0, 700_000.0]},
    "changes waited long once": {AGES[0]: [900.0, 700_000.0, 1_000.0]},
    "changes wait for less than ten minutes": {AGES[1]: [599_999.0] * 4},
    "an execution failed an hour ago": {
        ("ExecutionsFailed", "DailyReview"): [1.0, *[None] * 12],
    },
    "a late review has caught up": {LATE: [3.0, 1.0, 0.0]},
}


@pytest.mark.parametrize("looks_back", [0, 2, 5])
@pytest.mark.parametrize("happened", QUIET)
def test_what_is_no_failure_rings_nothing(either_stack, happened, looks_back) -> None:
    assert ringing(either_stack, HEALTHY | QUIET[happened], looks_back) == set()


@pytest.mark.parametrize("looks_back", [0, 2, 5])
def test_that_nobody_checks_for_late_reviews_rings_in_the_first_hour_unseen(
    either_stack, looks_back
) -> None:
    """CloudWatch still counts the hours it looks back on, so it rings that much later."""
    alarm = either_stack.the(ALARM, "DailyReviewLateAlarm")
    unseen = [
        hours
        for hours in range(12)
        if is_ringing(alarm, {LATE: [0.0, *[None] * hours]}, looks_back=looks_back)
    ]
    assert unseen == list(range(1 + looks_back, 12))


def test_busy_loans_are_no_server_errors(stack) -> None:
    """On AWS only: the embedded one has no alarms on expressions."""
    alarm = stack.the(ALARM, "ServerErrorAlarm")
    busy = {("5XXError", "Api"): [4.0], ("RequestsBusy", "recovery"): [4.0]}
    assert not is_ringing(alarm, busy)
    assert is_ringing(alarm, busy | {("5XXError", "Api"): [5.0]})
    assert is_ringing(alarm, {("5XXError", "Api"): [4.0]})
