"""Alarms that no capability raises for itself: of every function, queue, experiment and outbox."""

from collections.abc import Iterable
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk.aws_lambda import IFunction
from aws_cdk.aws_sqs import IQueue
from constructs import Construct

from infra.shared.alerts import Alerts, Meaning
from infra.shared.python_function import counted

# Messages wait for the lawful hour by being queued again, letters by staying where they are: from
# Friday evening to Monday morning at most.
_PROMPT, _WEEKEND = Duration.hours(1), Duration.hours(72)
_BRIEFLY = Duration.minutes(5)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A queue, the function that empties it, and what is in it."""

    queue: IQueue
    function: IFunction
    of: str
    waits_for_mornings: bool = False


class Alarms(Construct):
    """What the operators hear of besides."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        alerts: Alerts,
        functions: Iterable[IFunction],
        queues: Iterable[Waiting],
    ) -> None:
        super().__init__(scope, id)
        for function in functions:
            alerts.watch_function(function)
        for each in queues:
            alerts.when_queue_waits(
                self,
                f"{each.function.node.id}Waits",
                queue=each.queue,
                within=_WEEKEND if each.waits_for_mornings else _PROMPT,
                function=each.function.node.id,
                of=each.of,
            )
        self._watch_signals(alerts)
        self._watch_experiments(alerts)

    def _watch_signals(self, alerts: Alerts) -> None:
        alerts.when(
            self,
            "SignalsPendingAlarm",
            metric=counted("OutboxesLate", statistic="Sum", period=_BRIEFLY),
            reaches=1,
            means=Meaning(
                happened=(
                    "What an earlier day decided (a signal to a case, a message, an event) had not"
                    " been carried out, and was sent again."
                ),
                shows="`recovery failures` and `recovery logs RouteChanges`.",
                mends=(
                    "fix what RouteChanges stumbles on; `recovery reconcile` then sends everything"
                    " again at once, the next review does so anyway."
                ),
            ),
        )
        alerts.when(
            self,
            "CasesRestartedAlarm",
            metric=counted("CasesRestarted", statistic="Sum", period=_BRIEFLY),
            reaches=1,
            means=Meaning(
                happened=(
                    "The proof found cases that nothing carried on: their execution had ended, or"
                    " had left a signal pending for over a day. They continue in new ones."
                ),
                shows="`recovery failures` names the executions that ended.",
                mends=(
                    "find out who or what ended them; `recovery reconcile` looks again, and finds"
                    " none if all go on."
                ),
            ),
        )

    def _watch_experiments(self, alerts: Alerts) -> None:
        alerts.when(
            self,
            "ExperimentStoppedAlarm",
            metric=counted("ExperimentsStopped", statistic="Sum", period=_BRIEFLY),
            reaches=1,
            means=Meaning(
                happened=(
                    "An experiment stopped by itself, as one of its arms harms; everybody is"
                    " treated as usual again."
                ),
                shows="`recovery experiment list`, then `recovery experiment report EXPERIMENT`.",
                mends=(
                    "nothing runs on. See whom it harmed, and why; `recovery experiment start FILE`"
                    " declares another, under another name."
                ),
            ),
        )
