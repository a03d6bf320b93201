"""What must outlive every upgrade, passed to the services as one value."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from infra.settings import StackSettings
from infra.shared.alerts import Alerts
from infra.shared.data_key import DataKey
from infra.shared.event_bus import RecoveryEvents
from infra.shared.loan_table import LoanTable


@dataclass(frozen=True, kw_only=True)
class State:
    """The key, alerts topic, table and bus: others subscribe to the topic and to the bus."""

    key: DataKey
    alerts: Alerts
    table: LoanTable
    events: RecoveryEvents

    @classmethod
    def build(cls, scope: Construct, settings: StackSettings) -> State:
        """Build all of it in this scope."""
        kept = settings.removal_policy
        key = DataKey(scope, "DataKey", removal_policy=kept)
        return cls(
            key=key,
            alerts=Alerts(
                scope,
                "Alerts",
                key=key,
                tls_only=settings.tls_only,
                embedded=settings.embedded,
            ),
            table=LoanTable(scope, "LoanTable", key=key, removal_policy=kept),
            events=RecoveryEvents(scope, "EventBus", archived=not settings.embedded),
        )

    @property
    def exported(self) -> tuple[str, ...]:
        """The names and ARNs another stack may use."""
        return (
            self.key.key_arn,
            self.table.table_name,
            self.table.table_arn,
            str(self.table.table_stream_arn),
            self.events.event_bus_name,
            self.events.event_bus_arn,
            self.alerts.topic.topic_arn,
        )
