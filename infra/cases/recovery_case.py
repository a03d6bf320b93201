"""The state machine that takes a case through the four stages."""

from pathlib import Path

from aws_cdk import Duration
from aws_cdk.aws_iam import Policy, PolicyStatement
from constructs import Construct

from infra.cases.kept_dossiers import KeptDossiers
from infra.people.private_records import PrivateRecords
from infra.shared.acknowledgements import acknowledge, export_name
from infra.shared.foundation import Foundation
from infra.shared.python_function import FunctionRuntime, PythonFunction
from infra.shared.state_machine import AslStateMachine
from recovery.adapters.dynamodb import keys


class RecoveryCase(Construct):
    """One execution per case; only it moves the stage."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        dossiers: KeptDossiers,
        records: PrivateRecords,
    ) -> None:
        super().__init__(scope, id)
        runtime, table, events = foundation.runtime, foundation.table, foundation.events
        self.function = PythonFunction(
            self,
            "AdvanceCase",
            runtime=runtime,
            file="advance_case.py",
            description="Performs and records one step of a recovery case",
            environment={"EVENT_BUS_NAME": events.event_bus_name},
            # The embedded AWS runs a process per concurrent call, and the machine has few cores.
            reserved_concurrent_executions=4 if runtime.embedded else None,
        )
        table.allow(
            self.function,
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:BatchGetItem",
            "dynamodb:PutItem",
            kinds=(keys.LOAN, keys.TIMELINE),
        )
        table.allow_chaining(self.function)
        events.grant_put_events_to(self.function)
        self.prepare_dossier = self._prepare_dossier(foundation, dossiers, records)
        self.state_machine = AslStateMachine(
            self,
            "StateMachine",
            definition=Path(__file__).with_name("recovery_case.asl.json"),
            invokes={"AdvanceCaseArn": self.function, "PrepareDossierArn": self.prepare_dossier},
            substitutions={
                "AlertsTopicArn": foundation.alerts.topic.topic_arn,
                "TableName": table.table_name,
            },
            foundation=foundation,
        )
        table.allow(self.state_machine, "dynamodb:UpdateItem", kinds=(keys.LOAN,))
        self.state_machine.add_to_role_policy(
            PolicyStatement(actions=["sns:Publish"], resources=[foundation.alerts.topic.topic_arn])
        )
        foundation.key.allow_use(self.state_machine)
        self._allow_on_itself(runtime)

    def _prepare_dossier(
        self, foundation: Foundation, dossiers: KeptDossiers, records: PrivateRecords
    ) -> PythonFunction:
        """A function of its own: it reads the whole record, and writes a dossier and a question."""
        runtime = foundation.runtime
        function = PythonFunction(
            self,
            "PrepareDossier",
            runtime=runtime,
            file="prepare_dossier.py",
            documents=True,
            pdf=True,
            description="Puts together what people decide on before a claim is filed",
            timeout=Duration.seconds(60),
            memory_size=1024,  # it uses less than half of it, and is twice as fast
            environment={
                "DOSSIER_BUCKET": dossiers.bucket.bucket_name,
                "EVIDENCE_BUCKET": records.evidence.bucket_name,
            },
        )
        foundation.table.allow(
            function,
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:BatchGetItem",
            "dynamodb:PutItem",
            kinds=(keys.LOAN, keys.TIMELINE),
            reads=(keys.INSTITUTION, keys.PERSON, keys.CONTACT, keys.TASK),
        )
        foundation.table.allow_chaining(function)  # the question goes on record
        dossiers.allow(function, "s3:PutObject")
        records.allow_reading_evidence(function)
        bucket = export_name(records.evidence, records.evidence.bucket_arn)
        acknowledge(
            function.role,
            f"AwsSolutions-IAM5[Resource::{bucket}/*]",
            because="Which papers prove a claim is known only when it reads the loan's record.",
        )
        return function

    def _allow_on_itself(self, runtime: FunctionRuntime) -> None:
        """Use separate policies: in the roles' own they would be a circular dependency."""
        machine = self.state_machine.state_machine_arn
        Policy(
            self,
            "ContinueAsNew",
            roles=[self.state_machine.role],
            statements=[PolicyStatement(actions=["states:StartExecution"], resources=[machine])],
        )
        Policy(
            self,
            "Signals",
            roles=[self.function.role],
            statements=[
                PolicyStatement(
                    actions=["states:SendTaskSuccess", "states:SendTaskFailure"],
                    resources=runtime.narrowest(machine),
                )
            ],
        )
