"""The routes that only people of the institution may call, served by a function of their own."""

from constructs import Construct

from infra.people.private_records import PrivateRecords
from infra.shared.acknowledgements import acknowledge, export_name
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction
from infra.shared.signed_api import INSTITUTION, SignedApi
from recovery.adapters.dynamodb import keys

_PERSON = f"{INSTITUTION}/persons/{{person_id}}"
_DISPUTE = f"{INSTITUTION}/loans/{{loan_id}}/disputes/{{dispute_id}}"
_ASSESSMENTS = f"{_PERSON}/assessments"
_ROUTES = (
    ("POST", f"{_PERSON}/notes"),
    ("GET", f"{_PERSON}/notes"),
    ("DELETE", f"{_PERSON}/notes/{{note_id}}"),
    ("POST", f"{_PERSON}/requests"),
    ("POST", f"{_PERSON}/legal-holds"),
    ("POST", f"{_PERSON}/legal-holds/{{hold_id}}/end"),
    ("POST", _ASSESSMENTS),
    ("GET", _ASSESSMENTS),
    ("GET", f"{_ASSESSMENTS}/{{assessment_id}}"),
    ("POST", f"{_ASSESSMENTS}/{{assessment_id}}/decisions"),
    ("POST", f"{INSTITUTION}/loans/{{loan_id}}/options"),
    ("POST", f"{_DISPUTE}/evidence"),
    ("GET", f"{_DISPUTE}/evidence"),
)


class NotesApi(Construct):
    """The one function that may open notes and assessments; its routes are on the API of all."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        records: PrivateRecords,
        api: SignedApi,
    ) -> None:
        super().__init__(scope, id)
        self.function = PythonFunction(
            self,
            "KeepNotes",
            runtime=foundation.runtime,
            file="notes_api.py",
            documents=True,
            description="Keeps notes and assessments; answers who asks what is held about them",
            environment={
                "NOTE_KEY_ARN": records.note_key.key_arn,
                "EVIDENCE_BUCKET": records.evidence.bucket_name,
            },
        )
        table = foundation.table
        table.allow(
            self.function,
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            kinds=(keys.NOTE, keys.PERSON, keys.CONTACT),
            reads=(keys.LOAN, keys.TASK, keys.TIMELINE, keys.INSTITUTION),
        )
        records.allow_notes(self.function)
        records.allow_evidence(self.function)
        bucket = export_name(records.evidence, records.evidence.bucket_arn)
        acknowledge(
            self.function.role,
            f"AwsSolutions-IAM5[Resource::{bucket}/*]",
            because="It may put and get any document of the evidence, as disputes come and go.",
        )
        api.serve(self.function, *_ROUTES)
