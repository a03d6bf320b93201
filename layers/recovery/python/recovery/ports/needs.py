"""Protocols from which each use case composes the ports it needs.

A function's wiring has them all; a test supplies only those needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # for type checking only: importing the ports would slow cold starts
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
    from recovery.ports.notes import NoteRepository, PersonAudit
    from recovery.ports.payments import PaymentRepository, SuspenseRepository
    from recovery.ports.pdf import PdfWriter
    from recovery.ports.people import PeopleRepository
    from recovery.ports.placements import PackageStore
    from recovery.ports.reliefs import ReliefRepository
    from recovery.ports.retention import RetentionRepository
    from recovery.ports.rights import RightsRepository
    from recovery.ports.shared import EventBus, Timeline


class HasLoans(Protocol):
    @property
    def loans(self) -> LoanRepository: ...


class HasCollateral(Protocol):
    @property
    def collateral(self) -> CollateralRepository: ...


class HasGroups(Protocol):
    @property
    def groups(self) -> GroupRepository: ...


class HasPayments(Protocol):
    @property
    def payments(self) -> PaymentRepository: ...


class HasSuspense(Protocol):
    @property
    def suspense(self) -> SuspenseRepository: ...


class HasBorrowers(Protocol):
    @property
    def borrowers(self) -> BorrowerRepository: ...


class HasPeople(Protocol):
    @property
    def people(self) -> PeopleRepository: ...


class HasInstitutions(Protocol):
    @property
    def institutions(self) -> InstitutionRepository: ...


class HasNotes(Protocol):
    @property
    def notes(self) -> NoteRepository: ...


class HasAssessments(Protocol):
    @property
    def assessments(self) -> AssessmentRepository: ...


class HasYesCodes(Protocol):
    @property
    def yes_codes(self) -> YesCodeRepository: ...


class HasRights(Protocol):
    @property
    def rights(self) -> RightsRepository: ...


class HasReliefs(Protocol):
    @property
    def reliefs(self) -> ReliefRepository: ...


class HasRetention(Protocol):
    @property
    def retention(self) -> RetentionRepository: ...


class HasEvidence(Protocol):
    @property
    def evidence(self) -> EvidenceStore: ...


class HasExperiments(Protocol):
    @property
    def experiments(self) -> ExperimentRepository: ...


class HasAudit(Protocol):
    @property
    def audit(self) -> PersonAudit: ...


class HasChain(Protocol):
    @property
    def chain(self) -> LoanChain: ...


class HasRoots(Protocol):
    @property
    def roots(self) -> RootStore: ...


class HasPackages(Protocol):
    @property
    def packages(self) -> PackageStore: ...


class HasDeliveries(Protocol):
    @property
    def deliveries(self) -> DeliveryRepository: ...


class HasCases(Protocol):
    @property
    def cases(self) -> CaseRepository: ...


class HasDossiers(Protocol):
    @property
    def dossiers(self) -> DossierRepository: ...


class HasDossierFiles(Protocol):
    @property
    def dossier_files(self) -> DossierStore: ...


class HasTasks(Protocol):
    @property
    def tasks(self) -> TaskRepository: ...


class HasWorkflow(Protocol):
    @property
    def workflow(self) -> CaseWorkflow: ...


class HasTimeline(Protocol):
    @property
    def timeline(self) -> Timeline: ...


class HasBus(Protocol):
    @property
    def bus(self) -> EventBus: ...


class HasQueue(Protocol):
    @property
    def queue(self) -> MessageQueue: ...


class HasReplies(Protocol):
    @property
    def replies(self) -> ReplyRepository: ...


class HasMailbox(Protocol):
    @property
    def mailbox(self) -> Mailbox: ...


class HasSentTexts(Protocol):
    @property
    def sent_texts(self) -> SentTexts: ...


class HasLinks(Protocol):
    @property
    def links(self) -> Links: ...


class HasLetters(Protocol):
    @property
    def letters(self) -> LetterRepository: ...
    @property
    def letter_files(self) -> LetterStore: ...


class HasCourtLetters(Protocol):
    @property
    def court_letters(self) -> CourtLetterRepository: ...


class HasLetterFiles(Protocol):
    @property
    def letter_files(self) -> LetterStore: ...


class HasPdf(Protocol):
    @property
    def pdf(self) -> PdfWriter: ...


class HasMessenger(Protocol):
    @property
    def messenger(self) -> Messenger: ...


class LoansAndInstitutions(HasLoans, HasInstitutions, Protocol):
    """The ports of most use cases about one loan."""


class PaymentPorts(LoansAndInstitutions, HasPayments, Protocol):
    """The ports of most use cases about a payment."""
