"""The routes by which people do their tasks, ask for a procedure, and decide on cases."""

from aws_cdk import Duration
from constructs import Construct

from infra.cases.kept_dossiers import KeptDossiers
from infra.shared.alerts import Alerts
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction, counted
from infra.shared.signed_api import INSTITUTION, SignedApi
from recovery.adapters.dynamodb import keys

_TASK = f"{INSTITUTION}/tasks/{{task_id}}"
_ROUTES = (
    ("GET", f"{INSTITUTION}/tasks"),
    ("GET", _TASK),
    ("POST", f"{_TASK}/take"),
    ("POST", f"{_TASK}/tries"),
    ("POST", f"{_TASK}/outcome"),
    ("GET", f"{INSTITUTION}/cases"),
    ("POST", f"{INSTITUTION}/procedures"),
    ("GET", f"{INSTITUTION}/loans/{{loan_id}}/judicial"),
    ("GET", f"{INSTITUTION}/loans/{{loan_id}}/dossier"),
    ("POST", f"{INSTITUTION}/loans/{{loan_id}}/decisions"),
)
_LATE_DAYS = 2
_APPROVED_WITHIN_DAYS = 7


class TasksApi(Construct):
    """A function of its own serves them on the API of all others: what comes of a task may be a
    fact of a loan or of a person, or a number that may not be used."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        api: SignedApi,
        dossiers: KeptDossiers,
    ) -> None:
        super().__init__(scope, id)
        self.function = PythonFunction(
            self,
            "DoTasks",
            runtime=foundation.runtime,
            file="tasks_api.py",
            documents=True,
            description="Shows people tasks, cases and procedures; records what came of a task",
            environment={"DOSSIER_BUCKET": dossiers.bucket.bucket_name},
        )
        table = foundation.table
        table.allow(
            self.function,
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            kinds=(keys.TASK, keys.LOAN, keys.PERSON, keys.CONTACT),
            reads=(keys.INSTITUTION,),
        )
        table.allow_listing(self.function, keys.TASKS, keys.DECISIONS, keys.CASES, keys.HELD)
        dossiers.allow(self.function, "s3:GetObject")
        api.serve(self.function, *_ROUTES)
        self._watch(foundation.alerts)

    def _watch(self, alerts: Alerts) -> None:
        """Ring when people let something wait; the daily review measures it."""
        alerts.when(
            self,
            "UnownedAlarm",
            metric=counted("OldestUnownedTaskDays", statistic="Maximum", period=Duration.hours(1)),
            reaches=_LATE_DAYS,
            means=(
                f"A task that nobody took is {_LATE_DAYS} days or more past its deadline."
                " `recovery tasks list --late` shows it; a supervisor takes it or has it done."
            ),
        )
        alerts.when(
            self,
            "AnswersDueAlarm",
            metric=counted("AnswersDue", statistic="Maximum", period=Duration.hours(1)),
            reaches=1,
            means=(
                "A dispute, a complaint or a court must be answered within two working days, or"
                " should have been. `recovery tasks list --for supervisor` shows which and by when;"
                " `recovery dispute answer` and `recovery complaint answer` answer in writing."
            ),
        )
        alerts.when(
            self,
            "ApprovalAlarm",
            metric=counted("OldestApprovalDays", statistic="Maximum", period=Duration.hours(1)),
            reaches=_APPROVED_WITHIN_DAYS,
            means=(
                f"A case has waited {_APPROVED_WITHIN_DAYS} days or more for a person to approve or"
                " decline judicial recovery. `recovery cases --stage judicial_recovery` shows it;"
                " `recovery decide LOAN approve`, or decline or settle, decides it."
            ),
        )
