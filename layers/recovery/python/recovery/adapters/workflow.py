"""Start and signal executions of the recovery case state machine in Step Functions."""

from __future__ import annotations

from botocore.exceptions import ClientError

from recovery.adapters import aws
from recovery.adapters.dynamodb.codec import to_json
from recovery.documents.cases.signal import signal_to_document
from recovery.domain.cases.signals import Signal

_USED_TOKEN = frozenset(["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"])


class StepFunctionsWorkflow:
    """CaseWorkflow on Step Functions. Only ``start`` needs the state machine's ARN."""

    def __init__(self, state_machine_arn: str | None = None) -> None:
        self._state_machine_arn = state_machine_arn

    def start(self, loan_id: str, signal: Signal) -> None:
        """Start the case's execution; named after the case, so it can start only once."""
        if not self._state_machine_arn:
            raise ValueError("cannot start an execution: this function has no state machine ARN")
        try:
            aws.client("stepfunctions").start_execution(
                stateMachineArn=self._state_machine_arn,
                name=signal.case_id,
                input=to_json(signal_to_document(loan_id, signal)),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def send(self, loan_id: str, signal: Signal, task_token: str) -> None:
        """Send the signal to the waiting execution; a used token is not an error."""
        try:
            aws.client("stepfunctions").send_task_success(
                taskToken=task_token, output=to_json(signal_to_document(loan_id, signal))
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _USED_TOKEN:
                raise
