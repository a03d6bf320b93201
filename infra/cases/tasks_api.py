"""The routes by which people do their tasks, ask for a procedure, and decide on cases."""

from aws_cdk import Duration
from constructs import Construct

from infra.people.private_records import PrivateRecords
from infra.shared.alerts import Alerts, Meaning
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
        records: PrivateRecords,
    ) -> None:
        super().__init__(scope, id)
        self.function = PythonFunction(
            self,
            "DoTasks",
            runtime=foundation.runtime,
            file="tasks_api.py",
            documents=True,
            description="Shows people tasks, cases and procedures; records what came of a task",
            environment={"DOSSIER_BUCKET": records.dossiers.bucket.bucket_name},
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
        records.dossiers.allow(self.function, "s3:GetObject")
        api.serve(self.function, *_ROUTES)
        self._watch(foundation.alerts)

    def _watch(self, alerts: Alerts) -> None:
        """Ring when people let something wait; the daily review measures it."""
        alerts.when(
            self,
            "UnownedAlarm",
            metric=counted("OldestUnownedTaskDays", statistic="Maximum", period=Duration.hours(1)),
            reaches=_LATE_DAYS,
            means=Meaning(
                happened=(
                    f"A task that nobody took is {_LATE_DAYS} days or more past its deadline."
                ),
                shows="`recovery tasks list --late`.",
                mends="a supervisor does `recovery tasks take TASK`, or asks who should.",
            ),
        )
        alerts.when(
            self,
            "AnswersDueAlarm",
            metric=counted("AnswersDue", statistic="Maximum", period=Duration.hours(1)),
            reaches=1,
            means=Meaning(
                happened=(
                    "A dispute, a complaint or a court must be answered within two working days, or"
                    " should have been."
                ),
                shows="`recovery tasks list --for supervisor` shows which and by when.",
                mends=(
                    "`recovery dispute answer LOAN DISPUTE --outcome upheld --answer TEXT --why"
                    " REASON`, `recovery complaint answer PERSON COMPLAINT --outcome upheld"
                    " --answer TEXT --why REASON`, or to a court"
                    " `recovery proceedings LOAN answer --by-on DAY --answered-by lawyer`."
                ),
            ),
        )
        alerts.when(
            self,
            "ApprovalAlarm",
            metric=counted("OldestApprovalDays", statistic="Maximum", period=Duration.hours(1)),
            reaches=_APPROVED_WITHIN_DAYS,
            means=Meaning(
                happened=(
                    f"A case has waited {_APPROVED_WITHIN_DAYS} days or more for people to approve"
                    " or decline judicial recovery."
                ),
                shows=(
                    "`recovery cases --stage judicial_recovery`, then `recovery proceedings LOAN`"
                    " for the dossier and its hash."
                ),
                mends=(
                    "`recovery decide LOAN approve --dossier HASH --why REASON`, or"
                    " `recovery decide LOAN decline --why REASON`."
                ),
            ),
        )
