"""Case state machine: open the case, enter a stage, or close it."""

import os

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from recovery.documents.cases.task import task_from_document
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.advance_case import advance_case
from recovery.wiring import wired

logger = Logger()
COUNTED = {"enter_stage": ("StagesEntered", "stage"), "close_case": ("CasesClosed", "outcome")}


class RetryableError(Exception):
    """Too many concurrent writers; the state machine retries."""


@logger.inject_lambda_context
def handler(event, context, wiring=None):
    task = task_from_document(event)
    ports = (wiring or wired("event_bus_name")).of(task.institution_id)
    try:
        added = advance_case(task, ports)
    except Exception as error:
        name = "RetryableError" if isinstance(error, StaleWriteError) else type(error).__name__
        if task.task_token:  # a state that waits for its token hears of a failure in no other way
            logger.exception("the stage was not entered")
            ports.workflow.fail(task.task_token, name, str(error))
            return None
        if name == "RetryableError":
            raise RetryableError("the case is busy") from error
        raise
    if task.step in COUNTED:
        count(*COUNTED[task.step], event)
    return {name: event[name] for name in ("case_id", "loan_id", "signal")} | added


def count(name, dimension, event):
    """Add one to a metric that has this dimension besides the service."""
    service = {"service": os.environ["POWERTOOLS_SERVICE_NAME"]}
    with single_metric(name, MetricUnit.Count, 1, default_dimensions=service) as metric:
        metric.add_dimension(dimension, event[dimension])
