"""S3: import the valid rows of a portfolio delivery; return the others with reasons."""

import tempfile
from pathlib import Path

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.documents.intake.files import stage_portfolio
from recovery.use_cases.intake.import_portfolio import import_portfolio
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired()
    inbox = wiring.inbox(event["detail"]["bucket"]["name"], event["detail"]["object"]["key"])
    inbox.check_institution(wiring.institutions)
    with (
        tempfile.TemporaryDirectory() as folder,
        inbox.open(Path(folder)) as files,
        stage_portfolio(files, workspace=Path(folder), dialect=inbox.manifest.dialect) as staged,
    ):
        ports = wiring.of(inbox.institution_id)
        imported = import_portfolio(
            staged,
            inbox.institution_id,
            wiring.now(),
            ports,
            delivery_id=inbox.delivery_id,
            manifest=inbox.manifest,
        )
        result = inbox.put_result(staged, imported, Path(folder))
    logger.info("imported", **result)
    metrics.add_metric("LoansImported", MetricUnit.Count, imported.loans_added)
    metrics.add_metric("ContactChangesWaiting", MetricUnit.Count, imported.contacts_waiting)
    metrics.add_metric("RowsRejected", MetricUnit.Count, result["rejections"])
    return result
