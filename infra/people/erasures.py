"""Erases what a loan alone had kept of a person who asked for it, once the loan has ended."""

from aws_cdk import Duration
from aws_cdk.aws_events import EventPattern, Rule
from aws_cdk.aws_events_targets import LambdaFunction
from constructs import Construct

from infra.people.private_records import PrivateRecords
from infra.shared.acknowledgements import GRANT_OF_A_DEAD_LETTER_QUEUE, acknowledge
from infra.shared.dead_letter_queue import DeadLetterQueue
from infra.shared.event_bus import SOURCE
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction
from recovery.adapters.dynamodb import keys

_RETRIES = 2
_RETRY_FOR = Duration.hours(1)


class Erasures(Construct):
    """One function, and the rule that tells it of each loan that ended.

    It deletes notes and assessments, and cannot read them: it has no use of their key.
    """

    def __init__(
        self, scope: Construct, id: str, *, foundation: Foundation, records: PrivateRecords
    ) -> None:
        super().__init__(scope, id)
        self.failed = DeadLetterQueue(
            self,
            "FailedErasures",
            foundation=foundation,
            holds="loans that ended, of whose people something had to be erased and was not",
            cause="fix what `recovery logs FinishErasures` names",
            back="erases it",
        )
        self.function = PythonFunction(
            self,
            "FinishErasures",
            runtime=foundation.runtime,
            file="finish_erasures.py",
            description="Erases what only a loan that has now ended kept of people who asked",
            environment={"NOTE_KEY_ARN": records.note_key.key_arn},
        )
        foundation.table.allow(
            self.function,
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            kinds=(keys.PERSON, keys.CONTACT),
            reads=(keys.LOAN, keys.INSTITUTION),
        )
        foundation.table.allow(
            self.function, "dynamodb:DeleteItem", kinds=(keys.NOTE, keys.PERSON, keys.CONTACT)
        )
        foundation.table.allow(self.function, "dynamodb:Query", kinds=(keys.NOTE,))
        Rule(
            self,
            "LoanEnded",
            event_bus=foundation.events,
            event_pattern=EventPattern(source=[SOURCE], detail_type=["LoanEnded"]),
            targets=[
                LambdaFunction(
                    self.function,
                    dead_letter_queue=self.failed,
                    retry_attempts=_RETRIES,
                    max_event_age=_RETRY_FOR,
                )
            ],
        )
        foundation.runtime.key.allow_use(self.function)
        acknowledge(
            self.function.role,
            *GRANT_OF_A_DEAD_LETTER_QUEUE,
            because="CDK's grant for a failure destination, limited to our one key.",
        )
