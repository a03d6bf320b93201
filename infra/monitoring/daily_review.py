"""The daily review of loans due for review, in each institution's own time zone."""

from pathlib import Path

from aws_cdk import Aws, Duration, TimeZone
from aws_cdk.aws_iam import Policy, PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_scheduler import Schedule, ScheduleExpression, ScheduleTargetInput
from aws_cdk.aws_scheduler_targets import StepFunctionsStartExecution
from constructs import Construct

from infra.settings import Institution
from infra.shared.acknowledgements import acknowledge, logical_id
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction
from infra.shared.state_machine import AslStateMachine


class DailyReview(Construct):
    """Plans the business dates to catch up on, then reviews their shards in parallel."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
    ) -> None:
        super().__init__(scope, id)
        runtime, table = foundation.runtime, foundation.table
        self.failed_reviews = DeadLetterQueue(
            self,
            "FailedReviews",
            foundation=foundation,
            holds="loans that could not be reviewed",
        )
        self.failed_starts = DeadLetterQueue(
            self,
            "FailedStarts",
            foundation=foundation,
            holds="daily reviews that the schedule failed to start",
        )
        self.plan_review = PythonFunction(
            self,
            "PlanReview",
            runtime=runtime,
            file="plan_review.py",
            description="Lists the business dates and shards to review",
        )
        table.allow(self.plan_review, "dynamodb:GetItem")
        self.review_shard = PythonFunction(
            self,
            "ReviewShard",
            runtime=runtime,
            file="review_shard.py",
            description="Reviews the due loans of one shard on one business date",
            timeout=Duration.minutes(15),
            environment={"FAILED_REVIEWS_QUEUE_URL": self.failed_reviews.queue_url},
        )
        table.allow(
            self.review_shard,
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
        )
        table.allow_finding_due_loans(self.review_shard)
        self.failed_reviews.allow_sending(self.review_shard)
        self.state_machine = self._state_machine(foundation)
        role = Role(
            self,
            "ScheduleRole",
            assumed_by=ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            ),
        )
        runtime.key.allow_use(role)  # to send to the dead-letter queue; CDK's own role could not
        for institution in foundation.settings.institutions:
            self._schedule(institution, role)

    def _state_machine(self, foundation: Foundation) -> AslStateMachine:
        table = foundation.table
        machine = AslStateMachine(
            self,
            "StateMachine",
            definition=Path(__file__).with_name("daily_review.asl.json"),
            invokes={"PlanReviewArn": self.plan_review, "ReviewShardArn": self.review_shard},
            substitutions={"TableName": table.table_name},
            foundation=foundation,
        )
        table.allow(machine, "dynamodb:UpdateItem")
        region = f"arn:{Aws.PARTITION}:states:{Aws.REGION}:{Aws.ACCOUNT_ID}"
        executions = f"{region}:execution:{machine.state_machine_name}"
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
        found = (
            "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:"
            f"<{logical_id(machine)}.Name>"
        )
        acknowledge(
            policy,
            *(f"AwsSolutions-IAM5[Resource::{found}{runs}]" for runs in (":*", "/*")),
            because="Step Functions names map runs; only the state machine's name is known ahead.",
        )
        foundation.alerts.when_absent(
            self,
            "NotReviewedAlarm",
            metric=machine.metric_succeeded(period=Duration.hours(1), statistic="Sum"),
            for_periods=26,
            means="No daily review has succeeded in 26 hours. Start one: it catches up in order.",
        )
        return machine

    def _schedule(self, institution: Institution, role: Role) -> None:
        hour, minute = institution.review_at.split(":")
        Schedule(
            self,
            f"Schedule-{institution.institution_id}",
            description=f"Daily review of {institution.name}",
            schedule=ScheduleExpression.cron(
                hour=str(int(hour)),
                minute=str(int(minute)),
                time_zone=TimeZone.of(institution.time_zone),
            ),
            target=StepFunctionsStartExecution(
                self.state_machine,
                input=ScheduleTargetInput.from_object(
                    {"institution_id": institution.institution_id}
                ),
                role=role,
                dead_letter_queue=self.failed_starts,
                retry_attempts=10,
                max_event_age=Duration.hours(6),
            ),
        )
