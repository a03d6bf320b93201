"""The composition root: an adapter for each port, built once per cold start.

Adapters are imported and built on first use, so a function loads only what it needs. Tests pass
handlers an object with the same attributes.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from recovery.settings import Settings

if TYPE_CHECKING:
    from recovery.adapters.queues import SqsFailedReviews, SqsLetterQueue
    from recovery.adapters.storage import S3Inbox
    from recovery.ports.accounting import CollateralRepository, GroupRepository, LoanRepository
    from recovery.ports.agreements import AssessmentRepository, YesCodeRepository
    from recovery.ports.audit import LoanChain, RootStore
    from recovery.ports.cases import CaseRepository, CaseWorkflow, TaskRepository
    from recovery.ports.contact import (
        BorrowerRepository,
        Links,
        Mailbox,
        MessageQueue,
        Messenger,
        ReplyRepository,
        SentTexts,
    )
    from recovery.ports.evidence import EvidenceStore
    from recovery.ports.experiments import ExperimentRepository
    from recovery.ports.institutions import InstitutionRepository
    from recovery.ports.intake import DeliveryRepository
    from recovery.ports.judicial import CourtLetterRepository, DossierRepository, DossierStore
    from recovery.ports.letters import LetterRepository, LetterStore
    from recovery.ports.monitoring import DailyReviews
    from recovery.ports.notes import NoteRepository, PersonAudit
    from recovery.ports.payments import PaymentRepository, SuspenseRepository
    from recovery.ports.pdf import PdfWriter
    from recovery.ports.people import PeopleRepository
    from recovery.ports.placements import PackageStore
    from recovery.ports.reliefs import ReliefRepository
    from recovery.ports.retention import RetentionRepository
    from recovery.ports.rights import RightsRepository
    from recovery.ports.shared import EventBus, Timeline


class Wiring:
    """What all institutions share, configured from the environment."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._of: dict[str, InstitutionWiring] = {}

    def of(self, institution_id: str) -> InstitutionWiring:
        """Return the ports of one institution; nothing of another can be reached through them."""
        if institution_id not in self._of:
            self._of[institution_id] = InstitutionWiring(self.settings, institution_id)
        return self._of[institution_id]

    def now(self) -> datetime:
        """The wall clock, in UTC; the only place that reads it."""
        return datetime.now(UTC)

    @cached_property
    def institutions(self) -> InstitutionRepository:
        from recovery.adapters.dynamodb.institution_repository import DynamoDbInstitutionRepository

        return DynamoDbInstitutionRepository()

    @cached_property
    def queue(self) -> MessageQueue:
        from recovery.adapters.queues import SqsMessageQueue

        return SqsMessageQueue(self.settings.message_queue_url)

    @cached_property
    def daily_reviews(self) -> DailyReviews:
        from recovery.adapters.workflow import StepFunctionsReviews

        return StepFunctionsReviews(self.settings.daily_review_state_machine_arn)

    @cached_property
    def failed_reviews(self) -> SqsFailedReviews:
        from recovery.adapters.queues import SqsFailedReviews

        return SqsFailedReviews(self.settings.failed_reviews_queue_url)

    @cached_property
    def letter_queue(self) -> SqsLetterQueue:
        from recovery.adapters.queues import SqsLetterQueue

        return SqsLetterQueue(self.settings.letter_queue_url)

    def inbox(self, bucket: str, manifest_key: str) -> S3Inbox:
        """The delivery with this manifest."""
        from recovery.adapters.storage import S3Inbox

        return S3Inbox(bucket, manifest_key)

    @cached_property
    def mailbox(self) -> Mailbox:
        from recovery.adapters.mailbox import S3Mailbox

        return S3Mailbox(self.settings.mail_bucket)

    @cached_property
    def sent_texts(self) -> SentTexts:
        from recovery.adapters.dynamodb.sent_texts import DynamoDbSentTexts

        return DynamoDbSentTexts()

    @cached_property
    def links(self) -> Links:
        from recovery.adapters.links import KmsLinks

        return KmsLinks(self.settings.unsubscribe_url, self.settings.link_key_arn)

    @cached_property
    def pdf(self) -> PdfWriter:
        from recovery.adapters.pdf import TypstPdf

        return TypstPdf()

    @cached_property
    def messenger(self) -> Messenger:
        from recovery.adapters.messaging import AwsMessenger

        return AwsMessenger(self.settings.sender_email, self.settings.configuration_set)


class InstitutionWiring(Wiring):
    """The ports of one institution."""

    def __init__(self, settings: Settings, institution_id: str) -> None:
        super().__init__(settings)
        self.institution_id = institution_id

    @cached_property
    def loans(self) -> LoanRepository:
        from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository

        return DynamoDbLoanRepository(self.institution_id, shards=self.settings.shards)

    @cached_property
    def collateral(self) -> CollateralRepository:
        from recovery.adapters.dynamodb.security_repository import DynamoDbCollateralRepository

        return DynamoDbCollateralRepository(self.institution_id)

    @cached_property
    def groups(self) -> GroupRepository:
        from recovery.adapters.dynamodb.security_repository import DynamoDbGroupRepository

        return DynamoDbGroupRepository(self.institution_id)

    @cached_property
    def payments(self) -> PaymentRepository:
        from recovery.adapters.dynamodb.payment_repository import DynamoDbPaymentRepository

        return DynamoDbPaymentRepository(self.institution_id)

    @cached_property
    def suspense(self) -> SuspenseRepository:
        from recovery.adapters.dynamodb.suspense_repository import DynamoDbSuspenseRepository

        return DynamoDbSuspenseRepository(self.institution_id)

    @cached_property
    def borrowers(self) -> BorrowerRepository:
        from recovery.adapters.dynamodb.borrower_repository import DynamoDbBorrowerRepository

        return DynamoDbBorrowerRepository(self.institution_id)

    @cached_property
    def people(self) -> PeopleRepository:
        from recovery.adapters.dynamodb.people_repository import DynamoDbPeopleRepository

        return DynamoDbPeopleRepository(self.institution_id)

    @cached_property
    def notes(self) -> NoteRepository:
        from recovery.adapters.dynamodb.note_repository import DynamoDbNoteRepository
        from recovery.adapters.sealing import KmsSeal

        seal = KmsSeal(self.settings.note_key_arn)
        return DynamoDbNoteRepository(self.institution_id, seal, self.now)

    @cached_property
    def assessments(self) -> AssessmentRepository:
        from recovery.adapters.dynamodb.assessment_repository import DynamoDbAssessmentRepository
        from recovery.adapters.sealing import KmsSeal

        seal = KmsSeal(self.settings.note_key_arn)
        return DynamoDbAssessmentRepository(self.institution_id, seal, self.now)

    @cached_property
    def yes_codes(self) -> YesCodeRepository:
        from recovery.adapters.dynamodb.yes_code_repository import DynamoDbYesCodeRepository

        return DynamoDbYesCodeRepository(self.institution_id)

    @cached_property
    def rights(self) -> RightsRepository:
        from recovery.adapters.dynamodb.rights_repository import DynamoDbRightsRepository

        return DynamoDbRightsRepository(self.institution_id)

    @cached_property
    def reliefs(self) -> ReliefRepository:
        from recovery.adapters.dynamodb.relief_repository import DynamoDbReliefRepository

        return DynamoDbReliefRepository(self.institution_id)

    @cached_property
    def retention(self) -> RetentionRepository:
        from recovery.adapters.dynamodb.retention_repository import DynamoDbRetentionRepository

        return DynamoDbRetentionRepository(self.institution_id)

    @cached_property
    def replies(self) -> ReplyRepository:
        from recovery.adapters.dynamodb.reply_repository import DynamoDbReplyRepository

        return DynamoDbReplyRepository(self.institution_id)

    @cached_property
    def evidence(self) -> EvidenceStore:
        from recovery.adapters.evidence import S3EvidenceStore

        return S3EvidenceStore(self.institution_id, self.settings.evidence_bucket)

    @cached_property
    def letters(self) -> LetterRepository:
        from recovery.adapters.dynamodb.letter_repository import DynamoDbLetterRepository

        return DynamoDbLetterRepository(self.institution_id)

    @cached_property
    def court_letters(self) -> CourtLetterRepository:
        from recovery.adapters.dynamodb.court_letter_repository import (
            DynamoDbCourtLetterRepository,
        )

        return DynamoDbCourtLetterRepository(self.institution_id)

    @cached_property
    def letter_files(self) -> LetterStore:
        from recovery.adapters.letters import S3LetterStore

        return S3LetterStore(self.institution_id, self.settings.letter_bucket)

    @cached_property
    def experiments(self) -> ExperimentRepository:
        from recovery.adapters.dynamodb.experiment_repository import DynamoDbExperimentRepository

        return DynamoDbExperimentRepository(self.institution_id)

    @cached_property
    def audit(self) -> PersonAudit:
        from recovery.adapters.dynamodb.audit import DynamoDbPersonAudit

        return DynamoDbPersonAudit(self.institution_id)

    @cached_property
    def deliveries(self) -> DeliveryRepository:
        from recovery.adapters.dynamodb.delivery_repository import DynamoDbDeliveryRepository

        return DynamoDbDeliveryRepository(self.institution_id)

    @cached_property
    def cases(self) -> CaseRepository:
        from recovery.adapters.dynamodb.case_repository import DynamoDbCaseRepository

        return DynamoDbCaseRepository(self.institution_id, self.now)

    @cached_property
    def dossiers(self) -> DossierRepository:
        from recovery.adapters.dynamodb.dossier_repository import DynamoDbDossierRepository

        return DynamoDbDossierRepository(self.institution_id)

    @cached_property
    def dossier_files(self) -> DossierStore:
        from recovery.adapters.dossiers import S3DossierStore

        return S3DossierStore(self.institution_id, self.settings.dossier_bucket)

    @cached_property
    def tasks(self) -> TaskRepository:
        from recovery.adapters.dynamodb.task_repository import DynamoDbTaskRepository

        return DynamoDbTaskRepository(self.institution_id)

    @cached_property
    def timeline(self) -> Timeline:
        from recovery.adapters.dynamodb.timeline import DynamoDbTimeline

        return DynamoDbTimeline(self.institution_id, self.now)

    @cached_property
    def chain(self) -> LoanChain:
        from recovery.adapters.dynamodb.chain import DynamoDbLoanChain

        return DynamoDbLoanChain(self.institution_id, self.now)

    @cached_property
    def packages(self) -> PackageStore:
        from recovery.adapters.packages import S3PackageStore

        return S3PackageStore(self.institution_id, self.settings.package_bucket)

    @cached_property
    def roots(self) -> RootStore:
        from recovery.adapters.roots import S3RootStore

        return S3RootStore(self.institution_id, self.settings.root_bucket)

    @cached_property
    def workflow(self) -> CaseWorkflow:
        from recovery.adapters.workflow import StepFunctionsWorkflow

        return StepFunctionsWorkflow(
            self.institution_id, self.settings.shards, self.settings.case_state_machine_arn
        )

    @cached_property
    def bus(self) -> EventBus:
        from recovery.adapters.event_bus import EventBridgeBus

        return EventBridgeBus(self.institution_id, self.settings.event_bus_name)


@cache
def wired(*needs: str) -> Wiring:
    """Return this process's wiring; ``needs`` are the optional settings its function requires.

    Raises SettingsError listing everything missing.
    """
    from recovery.adapters.dynamodb.items import bind

    settings = Settings.from_env(os.environ, needs)
    bind(settings.table)
    return Wiring(settings)
