"""Case state machine: the case opens, enters a stage, gets its dossier, or closes."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.adapters.codec import signal_from_document
from recovery.ports import StaleWriteError
from recovery.use_cases.advance_case import close_case, enter_stage, open_case, prepare_dossier
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


class RetryableError(Exception):
    """Too many writers at once; the state machine tries again."""


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, at=None):
    try:
        return advance(event, at or wired("event_bus_name"))
    except StaleWriteError as error:
        raise RetryableError("the case is busy") from error


def advance(event, at):
    loan_id, signal = event["loan_id"], signal_from_document(event)
    passed_on = {"case_id": event["case_id"], "loan_id": loan_id, "signal": event["signal"]}
    told = {"cases": at.cases, "timeline": at.timeline, "bus": at.bus}
    match event["step"]:
        case "open_case":
            open_case(loan_id, signal, event["execution_id"], cases=at.cases)
        case "enter_stage":
            enter_stage(
                loan_id,
                event["stage"],
                signal,
                event["execution_id"],
                event["task_token"],
                workflow=at.workflow,
                **told,
            )
            metrics.add_metric(f"Entered_{event['stage']}", MetricUnit.Count, 1)
        case "prepare_dossier":
            passed_on["dossier"] = prepare_dossier(
                loan_id, signal, cases=at.cases, loans=at.loans, timeline=at.timeline
            )
        case "close_case":
            close_case(loan_id, event["outcome"], signal, **told)
            metrics.add_metric(f"Closed_{event['outcome']}", MetricUnit.Count, 1)
            passed_on["outcome"] = event["outcome"]
    return passed_on
