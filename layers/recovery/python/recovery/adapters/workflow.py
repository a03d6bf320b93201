"""Start and signal executions of our state machines in Step Functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from botocore.exceptions import ClientError

from recovery.adapters import aws
from recovery.adapters.dynamodb.codec import to_json
from recovery.adapters.dynamodb.keys import shard_of
from recovery.documents.cases.signal import execution_name, signal_to_document
from recovery.domain.cases.signals import Signal

_MOST_ATTEMPTS = 9
_LONGEST_ERROR, _LONGEST_CAUSE = 256, 32_768  # the limits of Step Functions
_USED_TOKEN = frozenset(["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"])


class StepFunctionsWorkflow:
    """CaseWorkflow of one institution. Only ``start`` needs the state machine's ARN."""

    def __init__(
        self, institution_id: str, shards: int, state_machine_arn: str | None = None
    ) -> None:
        self._institution_id = institution_id
        self._shards = shards
        self._state_machine_arn = state_machine_arn

    def start(self, loan_id: str, signal: Signal, *, again_on: date | None = None) -> None:
        """Start the case's execution; named after the case, so it can start only once.

        ``again_on`` starts one more in place of one that ended, once for each date.
        """
        if not self._state_machine_arn:
            raise ValueError("cannot start an execution: this function has no state machine ARN")
        try:
            aws.client("stepfunctions").start_execution(
                stateMachineArn=self._state_machine_arn,
                name=execution_name(self._institution_id, signal.case_id, again_on or 1),
                input=to_json(self._document(loan_id, signal)),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def send(
        self,
        loan_id: str,
        signal: Signal,
        task_token: str,
        between: Mapping[str, int] | None = None,
    ) -> None:
        """Send the signal to the waiting execution; a used token is not an error."""
        with _unless_used():
            aws.client("stepfunctions").send_task_success(
                taskToken=task_token, output=to_json(self._document(loan_id, signal, between))
            )

    def fail(self, task_token: str, error: str, cause: str) -> None:
        """Tell the execution that the task failed: it hears of it in no other way."""
        with _unless_used():
            aws.client("stepfunctions").send_task_failure(
                taskToken=task_token, error=error[:_LONGEST_ERROR], cause=cause[:_LONGEST_CAUSE]
            )

    def is_running(self, execution_id: str) -> bool:
        """Whether the execution still runs; False if Step Functions no longer knows it.

        One of another state machine, from before an upgrade that moved it, counts as ended: its
        functions are gone.
        """
        ours = (self._state_machine_arn or "").replace(":stateMachine:", ":execution:")
        if not execution_id.startswith(f"{ours}:"):
            return False
        try:
            found = aws.client("stepfunctions").describe_execution(executionArn=execution_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionDoesNotExist":
                raise
            return False
        return bool(found["status"] == "RUNNING")

    def stop(self, execution_id: str, why: str) -> None:
        """Stop an execution that another replaces."""
        aws.client("stepfunctions").stop_execution(
            executionArn=execution_id, error="Replaced", cause=why
        )

    def _document(
        self, loan_id: str, signal: Signal, between: Mapping[str, int] | None = None
    ) -> dict[str, object]:
        shard = shard_of(loan_id, self._shards)
        return signal_to_document(self._institution_id, shard, loan_id, signal, between)


@contextmanager
def _unless_used() -> Iterator[None]:
    """Ignore that the token was used before."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in _USED_TOKEN:
            raise


class StepFunctionsReviews:
    """DailyReviews on Step Functions."""

    def __init__(self, state_machine_arn: str) -> None:
        self._state_machine_arn = state_machine_arn

    def start(self, institution_id: str, until: date) -> None:
        """Start the review unless it runs; one that ended without reaching the date starts again.

        Named ``casa_2026-03-31``, then ``casa_2026-03-31-2`` and so on, at most nine a day.
        """
        for attempt in range(1, _MOST_ATTEMPTS + 1):
            name = f"{institution_id}_{until}" + (f"-{attempt}" if attempt > 1 else "")
            try:
                aws.client("stepfunctions").start_execution(
                    stateMachineArn=self._state_machine_arn,
                    name=name,
                    input=to_json({"institution_id": institution_id, "as_of": until.isoformat()}),
                )
                return
            except ClientError as error:
                if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                    raise
            if self._status(name) == "RUNNING":
                return

    def _status(self, name: str) -> str:
        arn = f"{self._state_machine_arn.replace(':stateMachine:', ':execution:')}:{name}"
        found = aws.client("stepfunctions").describe_execution(executionArn=arn)
        return str(found["status"])
