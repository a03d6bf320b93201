"""Case state machine: the case opens, enters a stage, gets its dossier, or closes."""

import os

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from recovery.documents.cases.signal import signal_from_document
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.advance_case import (
    close_case,
    enter_stage,
    open_case,
    prepare_dossier,
)
from recovery.wiring import wired

logger = Logger()


class RetryableError(Exception):
    """Too many writers at once; the state machine tries again."""


@logger.inject_lambda_context
def handler(event, context, wiring=None):
    try:
        return advance(event, wiring or wired("event_bus_name"))
    except StaleWriteError as error:
        raise RetryableError("the case is busy") from error


def count(name, dimension, value):
    """One metric with a dimension of its own, beside the service that all metrics have."""
    with single_metric(
        name=name,
        unit=MetricUnit.Count,
        value=1,
        default_dimensions={"service": os.environ["POWERTOOLS_SERVICE_NAME"]},
    ) as metric:
        metric.add_dimension(dimension, value)


def advance(event, wiring):
    loan_id, signal = event["loan_id"], signal_from_document(event)
    passed_on = {"case_id": event["case_id"], "loan_id": loan_id, "signal": event["signal"]}
    told = {"cases": wiring.cases, "timeline": wiring.timeline, "bus": wiring.bus}
    match event["step"]:
        case "open_case":
            open_case(loan_id, signal, event["execution_id"], cases=wiring.cases)
        case "enter_stage":
            enter_stage(
                loan_id,
                event["stage"],
                signal,
                event["execution_id"],
                event["task_token"],
                workflow=wiring.workflow,
                **told,
            )
            count("StagesEntered", "stage", event["stage"])
        case "prepare_dossier":
            passed_on["dossier"] = prepare_dossier(
                loan_id, signal, cases=wiring.cases, loans=wiring.loans, timeline=wiring.timeline
            )
        case "close_case":
            close_case(loan_id, event["outcome"], signal, **told)
            count("CasesClosed", "outcome", event["outcome"])
            passed_on["outcome"] = event["outcome"]
    return passed_on
