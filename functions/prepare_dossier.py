"""Case state machine: put together the dossier that people decide on."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.documents.cases.task import task_from_document
from recovery.use_cases.judicial.prepare_dossier import prepare_dossier
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    task = task_from_document(event)
    wiring = wiring or wired()
    ports = wiring.of(task.institution_id)
    dossier = prepare_dossier(task.loan_id, task.signal, wiring.now(), ports)
    metrics.add_metric("DossiersPrepared", MetricUnit.Count, 1)
    return {name: event[name] for name in ("case_id", "loan_id", "signal")} | {"dossier": dossier}
