"""The route of exports, served by a function of its own: it reads much, and changes nothing."""

from aws_cdk import Duration
from constructs import Construct

from infra.audit.root_bucket import RootBucket
from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction
from infra.shared.signed_api import INSTITUTION, SignedApi
from recovery.adapters.dynamodb import keys


class AuditApi(Construct):
    """Reads the record of a loan and its borrower; it may append to the loan's chain alone."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        roots: RootBucket,
        api: SignedApi,
    ) -> None:
        super().__init__(scope, id)
        self.function = PythonFunction(
            self,
            "ExportLoans",
            runtime=foundation.runtime,
            file="audit_api.py",
            documents=True,
            description="Exports a loan as it was known on a day, for auditors",
            timeout=Duration.seconds(29),
            environment={"ROOT_BUCKET": roots.bucket_name},
        )
        foundation.table.allow(
            self.function,
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            reads=(
                *(keys.LOAN, keys.PERSON, keys.CONTACT, keys.TASK),
                *(keys.TIMELINE, keys.INSTITUTION),
            ),
        )
        foundation.table.allow_chaining(self.function)
        roots.allow(self.function.role)
        api.serve(self.function, ("GET", f"{INSTITUTION}/loans/{{loan_id}}/export"))
