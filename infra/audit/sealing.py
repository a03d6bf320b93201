"""Makes each institution's root of the days that are over, every night."""

from aws_cdk import Aws, Duration
from aws_cdk.aws_iam import Role, ServicePrincipal
from aws_cdk.aws_scheduler import Schedule, ScheduleExpression
from aws_cdk.aws_scheduler_targets import LambdaInvoke
from constructs import Construct

from infra.audit.root_bucket import RootBucket
from infra.shared.acknowledgements import acknowledge, logical_id
from infra.shared.alerts import Meaning
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction, counted
from recovery.adapters.dynamodb import keys


class Sealing(Construct):
    """The one function that may put roots; it reads chains, and nothing else of a loan."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        roots: RootBucket,
        failed: DeadLetterQueue,
    ) -> None:
        super().__init__(scope, id)
        self.function = PythonFunction(
            self,
            "SealAudit",
            runtime=foundation.runtime,
            file="seal_audit.py",
            description="Puts the root of each day's audit entries under lock",
            timeout=Duration.minutes(15),
            environment={"ROOT_BUCKET": roots.bucket_name},
        )
        table = foundation.table
        table.allow(self.function, "dynamodb:GetItem", "dynamodb:Query", reads=(keys.INSTITUTION,))
        table.allow_chaining(self.function)
        roots.allow(self.function.role, put=True)
        foundation.alerts.when(
            self,
            "RootsFailedAlarm",
            metric=counted("RootsFailed", statistic="Sum", period=Duration.minutes(5)),
            reaches=1,
            means=Meaning(
                happened="The root of a day's audit entries could not be put under lock.",
                shows="`recovery logs SealAudit` says why, by institution.",
                mends=(
                    "fix it; then `recovery seal` does it now. The next night seals every day that"
                    " is missing anyway."
                ),
            ),
        )
        self._every_night(foundation, failed)

    def _every_night(self, foundation: Foundation, failed: DeadLetterQueue) -> None:
        """An hour after the day (UTC) is over, so that its last entries are in."""
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
            f"AwsSolutions-IAM5[Resource::<{logical_id(self.function)}.Arn>:*]",
            because="CDK's grant to invoke covers the versions of this one function.",
        )
        foundation.key.allow_use(role)  # for the dead-letter queue
        Schedule(
            self,
            "EveryNight",
            description="Puts the root of the day that is over under lock",
            schedule=ScheduleExpression.cron(hour="1", minute="7"),
            target=LambdaInvoke(
                self.function,
                role=role,
                dead_letter_queue=failed,
                retry_attempts=3,
                max_event_age=Duration.hours(6),
            ),
        )
