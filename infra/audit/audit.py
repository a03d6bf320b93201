"""Audit entries: their roots, made every night, and exports that verify them."""

from aws_cdk.aws_lambda import IFunction
from constructs import Construct

from infra.audit.audit_api import AuditApi
from infra.audit.sealing import Sealing
from infra.monitoring.daily_review import DailyReview
from infra.people.private_records import PrivateRecords
from infra.shared.foundation import Foundation
from infra.shared.signed_api import SignedApi


class Audit(Construct):
    """Two functions: one puts roots under lock, the other reads everything and changes nothing."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        foundation: Foundation,
        on: PrivateRecords,
        api: SignedApi,
        by: DailyReview,
    ) -> None:
        """``by`` has the queue of calls by schedule that failed, which people watch."""
        super().__init__(scope, id)
        self.api = AuditApi(self, "AuditApi", foundation=foundation, roots=on.roots, api=api)
        self.sealing = Sealing(
            self, "Sealing", foundation=foundation, roots=on.roots, failed=by.failed_starts
        )

    @property
    def functions(self) -> list[IFunction]:
        """Both, for the dashboard."""
        return [self.api.function, self.sealing.function]
