"""The daily review of loans due for review, at each institution's hour in its own time zone."""

from pathlib import Path

from aws_cdk import Aws, Duration
from aws_cdk.aws_iam import Policy, PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_scheduler import Schedule, ScheduleExpression
from aws_cdk.aws_scheduler_targets import LambdaInvoke
from constructs import Construct

from infra.cases.recovery_case import RecoveryCase
from infra.shared.acknowledgements import acknowledge, logical_id
from infra.shared.alerts import Meaning
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction, counted
from infra.shared.state_machine import AslStateMachine
from recovery.adapters.dynamodb import keys


class DailyReview(Construct):
    """Plans the business dates to catch up on, then reviews their shards in parallel."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        case: RecoveryCase,
    ) -> None:
        super().__init__(scope, id)
        runtime, table = foundation.runtime, foundation.table
        self._cases = case.state_machine
        self.failed_reviews = DeadLetterQueue(
            self,
            "FailedReviews",
            foundation=foundation,
            holds="loans that could not be reviewed",
            cause="fix what the error names, such as a loan that cannot be read",
            back="runs the review of that day again",
        )
        self.failed_starts = DeadLetterQueue(
            self,
            "FailedStarts",
            foundation=foundation,
            holds="calls by a schedule that failed: to start due reviews, or to seal the audit",
            cause="fix what stopped them; the next call makes up for one that failed",
            back="makes the calls again",
        )
        self.plan_review = PythonFunction(
            self,
            "PlanReview",
            runtime=runtime,
            file="plan_review.py",
            description="Lists the business dates and shards to review",
        )
        table.allow(self.plan_review, "dynamodb:GetItem", reads=(keys.INSTITUTION,))
        self.review_shard = PythonFunction(
            self,
            "ReviewShard",
            runtime=runtime,
            file="review_shard.py",
            documents=True,  # before court, a review asks the packs
            description="Reviews the due loans of one shard on one business date",
            timeout=Duration.minutes(15),
            environment={"FAILED_REVIEWS_QUEUE_URL": self.failed_reviews.queue_url},
        )
        table.allow(
            self.review_shard,
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
            kinds=(keys.LOAN, keys.PERSON, keys.SUSPENSE, keys.TASK),
            reads=(keys.INSTITUTION, keys.CONTACT),  # where the person of a claim lives
        )
        # A task about a person stands with the person too.
        table.allow(self.review_shard, "dynamodb:PutItem", kinds=(keys.TASK, keys.PERSON))
        table.allow(
            self.review_shard,
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            kinds=(keys.EXPERIMENT,),
        )
        table.allow_finding_loans(self.review_shard)
        self.failed_reviews.allow_sending(self.review_shard)
        self.review_shard.add_to_role_policy(
            PolicyStatement(  # cases that wait for repair go on
                actions=["states:SendTaskSuccess"],
                resources=runtime.narrowest(self._cases.state_machine_arn),
            )
        )
        self.reconcile_shard = self._reconcile_shard(foundation)
        self.state_machine = self._state_machine(foundation)
        self.start_reviews = self._start_reviews(foundation)

    def _reconcile_shard(self, foundation: Foundation) -> PythonFunction:
        """Read every loan of a shard: none is hidden, no case is dead."""
        function = PythonFunction(
            self,
            "ReconcileShard",
            runtime=foundation.runtime,
            file="reconcile_shard.py",
            description="Proves that no loan of a shard is hidden and no case is dead",
            timeout=Duration.minutes(15),
            environment={"CASE_STATE_MACHINE_ARN": self._cases.state_machine_arn},
        )
        table = foundation.table
        table.allow(
            function,
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
            kinds=(keys.LOAN,),
        )
        table.allow_finding_loans(function)
        executions = self._executions(self._cases)
        for actions, resource in (
            (["states:StartExecution"], self._cases.state_machine_arn),
            (["states:DescribeExecution", "states:StopExecution"], f"{executions}:*"),
        ):
            function.add_to_role_policy(PolicyStatement(actions=actions, resources=[resource]))
        acknowledge(
            function.role,
            f"AwsSolutions-IAM5[Resource::{self._executions_in_findings(self._cases)}:*]",
            because="Executions are named after the institution and the case.",
        )
        foundation.alerts.when(
            self,
            "NotReconciledAlarm",
            metric=counted("LoansNotReconciled", statistic="Sum", period=Duration.minutes(5)),
            reaches=1,
            means=Meaning(
                happened="Loans could not be read or mended by the weekly proof.",
                shows="`recovery logs ReconcileShard` names them, with the error.",
                mends="fix them; then `recovery reconcile` tries again.",
            ),
        )
        return function

    def _state_machine(self, foundation: Foundation) -> AslStateMachine:
        table = foundation.table
        machine = AslStateMachine(
            self,
            "StateMachine",
            definition=Path(__file__).with_name("daily_review.asl.json"),
            invokes={
                "PlanReviewArn": self.plan_review,
                "ReviewShardArn": self.review_shard,
                "ReconcileShardArn": self.reconcile_shard,
            },
            substitutions={"TableName": table.table_name},
            foundation=foundation,
            of="the daily review",
            mends=(
                "fix what it names; then `recovery review` catches up on every day that was missed."
            ),
        )
        table.allow(machine, "dynamodb:UpdateItem", kinds=(keys.INSTITUTION,))
        executions = self._executions(machine)
        policy = Policy(
            self,
            "MapRuns",
            roles=[machine.role],
            statements=[
                PolicyStatement(
                    actions=["states:StartExecution"], resources=[machine.state_machine_arn]
                ),
                PolicyStatement(
                    actions=[
                        "states:DescribeExecution",
                        "states:RedriveExecution",
                        "states:StopExecution",
                    ],
                    resources=[f"{executions}:*", f"{executions}/*"],
                ),
            ],
        )
        found = self._executions_in_findings(machine)
        acknowledge(
            policy,
            *(f"AwsSolutions-IAM5[Resource::{found}{runs}]" for runs in (":*", "/*")),
            because="Step Functions names map runs; only the state machine's name is known ahead.",
        )
        return machine

    def _start_reviews(self, foundation: Foundation) -> PythonFunction:
        """Start each review at its hour; an institution added later needs no deployment."""
        function = PythonFunction(
            self,
            "StartDueReviews",
            runtime=foundation.runtime,
            file="start_due_reviews.py",
            description="Starts the daily review of institutions whose hour has come",
            environment={"DAILY_REVIEW_STATE_MACHINE_ARN": self.state_machine.state_machine_arn},
        )
        foundation.table.allow(
            function, "dynamodb:GetItem", "dynamodb:Query", reads=(keys.INSTITUTION,)
        )
        executions = self._executions(self.state_machine)
        for action, resource in {
            "states:StartExecution": self.state_machine.state_machine_arn,
            "states:DescribeExecution": f"{executions}:*",
        }.items():
            function.add_to_role_policy(PolicyStatement(actions=[action], resources=[resource]))
        acknowledge(
            function.role,
            f"AwsSolutions-IAM5[Resource::{self._executions_in_findings(self.state_machine)}:*]",
            because="Executions are named after the institution and the day.",
        )
        self._schedule(function, foundation)
        foundation.alerts.when_late(
            self,
            "LateAlarm",
            metric=counted("InstitutionsLate", statistic="Maximum", period=Duration.hours(1)),
            means=Meaning(
                happened=(
                    "An institution's daily review is over three hours late, or for an hour nobody"
                    " has checked."
                ),
                shows=(
                    "`recovery institution list` shows which; `recovery logs StartDueReviews` why"
                    " none was started."
                ),
                mends="`recovery review --institution INSTITUTION` catches up on every missed day.",
            ),
        )
        return function

    def _schedule(self, function: PythonFunction, foundation: Foundation) -> None:
        role = Role(
            self,
            "ScheduleRole",
            assumed_by=ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            ),
        )
        acknowledge(
            role,
            f"AwsSolutions-IAM5[Resource::<{logical_id(function)}.Arn>:*]",
            because="CDK's grant to invoke covers the versions of this one function.",
        )
        foundation.key.allow_use(role)  # for the dead-letter queue; CDK's own role could not
        Schedule(
            self,
            "EveryQuarterHour",
            description="Starts the daily review of institutions whose hour has come",
            schedule=ScheduleExpression.rate(Duration.minutes(15)),
            target=LambdaInvoke(
                function,
                role=role,
                dead_letter_queue=self.failed_starts,
                retry_attempts=3,
                max_event_age=Duration.minutes(15),
            ),
        )

    @staticmethod
    def _executions(machine: AslStateMachine) -> str:
        region = f"arn:{Aws.PARTITION}:states:{Aws.REGION}:{Aws.ACCOUNT_ID}"
        return f"{region}:execution:{machine.state_machine_name}"

    @staticmethod
    def _executions_in_findings(machine: AslStateMachine) -> str:
        return (
            "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:"
            f"<{logical_id(machine)}.Name>"
        )
