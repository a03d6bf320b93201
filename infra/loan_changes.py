"""The table's stream: changed loans are reviewed, and the results routed onward."""

from typing import Any

from aws_cdk import Duration
from aws_cdk.aws_iam import PolicyStatement
from aws_cdk.aws_lambda import FilterCriteria, StartingPosition
from aws_cdk.aws_lambda_event_sources import SqsDlq
from constructs import Construct

from infra.agreements.kept_letters import KeptLetters
from infra.cases.recovery_case import RecoveryCase
from infra.contact.messages import MessageQueue
from infra.shared.acknowledgements import (
    GRANT_OF_A_DEAD_LETTER_QUEUE,
    acknowledge,
    export_name,
)
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction
from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.stream import EXPIRING

_NEEDS_REVIEW = {"dynamodb": {"NewImage": {"needs_review": {"BOOL": [True]}}}}
_TASK_ENDED = {
    "dynamodb": {
        "Keys": {"sk": {"S": [keys.TASK]}},
        "NewImage": {"ended": {"BOOL": [True]}, "listed_by": {"S": [{"exists": True}]}},
    }
}
_PERSON_OUTBOX = {
    "eventName": ["INSERT", "MODIFY"],
    "dynamodb": {"Keys": {"sk": {"S": [{"prefix": f"{keys.OUTBOX}#"}]}}},
}
_EXPIRED = {  # by DynamoDB itself, of an ended loan
    "eventName": ["REMOVE"],
    "userIdentity": {"principalId": [EXPIRING]},
    "dynamodb": {
        "Keys": {"pk": {"S": [{"prefix": f"{each}#"} for each in (keys.LOAN, keys.TIMELINE)]}}
    },
}
_HAS_OUTBOX = {
    "dynamodb": {
        "Keys": {"sk": {"S": [keys.STATE, keys.SUSPENSE]}},
        "NewImage": {"listed_by": {"S": [{"exists": True}]}},
    }
}


class LoanChanges(Construct):
    """Two readers of the stream, each with its own filter and dead-letter queue."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        queue: MessageQueue,
        case: RecoveryCase,
        on: KeptLetters,
    ) -> None:
        super().__init__(scope, id)
        runtime, table, events = foundation.runtime, foundation.table, foundation.events
        self._foundation = foundation
        self.review = PythonFunction(
            self,
            "ReviewChangedLoans",
            runtime=runtime,
            file="review_changed_loans.py",
            documents=True,  # before court, a review asks the packs
            description="Reviews loans whose facts have changed",
        )
        self.failed_reviews = self._read_changes(self.review, _NEEDS_REVIEW)
        table.allow(
            self.review,
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
            kinds=(keys.LOAN,),
            reads=(keys.INSTITUTION, keys.PERSON, keys.CONTACT, keys.TASK),
        )
        self.route = PythonFunction(
            self,
            "RouteChanges",
            runtime=runtime,
            file="route_changes.py",
            description="Routes the results of a change to cases, borrowers and other systems",
            environment={
                "MESSAGE_QUEUE_URL": queue.queue_url,
                "EVENT_BUS_NAME": events.event_bus_name,
                "CASE_STATE_MACHINE_ARN": case.state_machine.state_machine_arn,
                "LETTER_BUCKET": on.bucket.bucket_name,
            },
        )
        self.failed_routes = self._read_changes(
            self.route, _HAS_OUTBOX, _PERSON_OUTBOX, _TASK_ENDED, _EXPIRED
        )
        table.allow(
            self.route,
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            kinds=(keys.LOAN, keys.PERSON, keys.TIMELINE, keys.SUSPENSE, keys.TASK),
            reads=(keys.INSTITUTION,),
        )
        table.allow(self.route, "dynamodb:DeleteItem", kinds=(keys.PERSON,))
        table.allow_chaining(self.route)
        table.allow(self.route, "dynamodb:UpdateItem", kinds=(keys.CHAIN,))  # text is erased
        on.allow(self.route, "s3:DeleteObject")  # a marker: no version goes before its lock
        bucket = export_name(on.bucket, on.bucket.bucket_arn)
        acknowledge(
            self.route.role,
            f"AwsSolutions-IAM5[Resource::{bucket}/*]",
            because="It may let go of any letter of the bucket, which has nothing else.",
        )
        queue.allow_sending(self.route)
        events.grant_put_events_to(self.route)
        machine = case.state_machine.state_machine_arn
        for action, resources in {
            "states:StartExecution": [machine],
            "states:SendTaskSuccess": runtime.narrowest(machine),
        }.items():
            self.route.add_to_role_policy(PolicyStatement(actions=[action], resources=resources))

    def _read_changes(self, function: PythonFunction, *filters: dict[str, Any]) -> DeadLetterQueue:
        """Feed the function changes that match any filter; return its dead-letter queue."""
        name = function.node.id
        foundation, embedded = self._foundation, self._foundation.settings.embedded
        failed = DeadLetterQueue(
            self,
            f"Failed{name}",
            foundation=foundation,
            holds=f"positions in the stream of changes at which {name} failed",
            cause=f"fix what `recovery logs {name}` names",
            back="reads every loan, and has what was not done done",
        )
        foundation.table.allow_reading_changes(function)
        function.add_event_source_mapping(
            "Stream",
            event_source_arn=foundation.table.table_stream_arn,
            starting_position=StartingPosition.TRIM_HORIZON,
            filters=[FilterCriteria.filter(each) for each in filters],
            batch_size=100,
            max_batching_window=Duration.seconds(0 if embedded else 1),
            parallelization_factor=1,
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=2 if embedded else 5,
            # The embedded AWS retries until this age, ignoring the number of attempts.
            max_record_age=Duration.minutes(1) if embedded else Duration.days(1),
            on_failure=SqsDlq(failed),
        )
        acknowledge(
            function.role,
            *GRANT_OF_A_DEAD_LETTER_QUEUE,
            because="CDK's grant for a failure destination, limited to our one key.",
        )
        foundation.alerts.when_stream_falls_behind(self, f"{name}Late", function=function)
        return failed
