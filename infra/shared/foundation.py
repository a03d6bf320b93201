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
from infra.shared.state import State


@dataclass(frozen=True, kw_only=True)
class Foundation:
    """The key, alerts topic, table and bus of the state, and the function runtime."""

    settings: StackSettings
    key: DataKey
    alerts: Alerts
    table: LoanTable
    events: RecoveryEvents
    runtime: FunctionRuntime

    @classmethod
    def build(cls, scope: Construct, settings: StackSettings, state: State) -> Foundation:
        """Build the runtime in this scope, on this state."""
        key, table = state.key, state.table
        return cls(
            settings=settings,
            key=key,
            alerts=state.alerts,
            table=table,
            events=state.events,
            runtime=FunctionRuntime(scope, "Runtime", settings=settings, table=table, key=key),
        )
