"""The shared infrastructure, passed to every capability as one value."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from infra.settings import StackSettings
from infra.shared.alerts import Alerts
from infra.shared.data_key import DataKey
from infra.shared.event_bus import RecoveryEvents
from infra.shared.loan_table import LoanTable
from infra.shared.python_function import FunctionRuntime


@dataclass(frozen=True, kw_only=True)
class Foundation:
    """The key, alerts topic, table, bus and function runtime."""

    settings: StackSettings
    key: DataKey
    alerts: Alerts
    table: LoanTable
    events: RecoveryEvents
    runtime: FunctionRuntime

    @classmethod
    def build(cls, scope: Construct, settings: StackSettings) -> Foundation:
        """Build all of it in this scope."""
        kept = settings.removal_policy
        key = DataKey(scope, "DataKey", removal_policy=kept)
        table = LoanTable(scope, "LoanTable", key=key, removal_policy=kept)
        return cls(
            settings=settings,
            key=key,
            alerts=Alerts(scope, "Alerts", key=key, tls_only=not settings.embedded),
            table=table,
            events=RecoveryEvents(scope, "EventBus", archived=not settings.embedded),
            runtime=FunctionRuntime(scope, "Runtime", settings=settings, table=table, key=key),
        )
