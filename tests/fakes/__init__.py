"""In-memory ports; shared contract tests hold them to the adapters' behaviour."""

from tests.fakes.agreements import (
    FakeCourtLetterRepository,
    FakeLetterRepository,
    FakeLetterStore,
    FakePdfWriter,
    FakeYesCodeRepository,
)
from tests.fakes.audit import FakeLoanChain, FakeRootStore
from tests.fakes.cases import (
    FakeCaseRepository,
    FakeCaseWorkflow,
    FakeDossierRepository,
    FakeDossierStore,
    FakeTaskRepository,
    FakeTimeline,
)
from tests.fakes.experiments import FakeExperimentRepository
from tests.fakes.institutions import FakeClock, FakeDailyReviews, FakeInstitutionRepository
from tests.fakes.loans import FakeCollateralRepository, FakeGroupRepository, FakeLoanRepository
from tests.fakes.outside import (
    FakeEventBus,
    FakeLinks,
    FakeMailbox,
    FakeMessageQueue,
    FakeMessenger,
    FakeSentTexts,
)
from tests.fakes.payments import FakePaymentRepository, FakeSuspenseRepository, use
from tests.fakes.people import (
    FakeBorrowerRepository,
    FakeDeliveryRepository,
    FakePeopleRepository,
    FakeReplyRepository,
)
from tests.fakes.private import (
    FakeAssessmentRepository,
    FakeEvidenceStore,
    FakeNoteRepository,
    FakePersonAudit,
)
from tests.fakes.reliefs import FakeReliefRepository
from tests.fakes.retention import FakeRetentionRepository

__all__ = [
    "FakeAssessmentRepository",
    "FakeBorrowerRepository",
    "FakeCaseRepository",
    "FakeCaseWorkflow",
    "FakeClock",
    "FakeCollateralRepository",
    "FakeCourtLetterRepository",
    "FakeDailyReviews",
    "FakeDeliveryRepository",
    "FakeDossierRepository",
    "FakeDossierStore",
    "FakeEventBus",
    "FakeEvidenceStore",
    "FakeExperimentRepository",
    "FakeGroupRepository",
    "FakeInstitutionRepository",
    "FakeLetterRepository",
    "FakeLetterStore",
    "FakeLinks",
    "FakeLoanChain",
    "FakeLoanRepository",
    "FakeMailbox",
    "FakeMessageQueue",
    "FakeMessenger",
    "FakeNoteRepository",
    "FakePaymentRepository",
    "FakePdfWriter",
    "FakePeopleRepository",
    "FakePersonAudit",
    "FakeReliefRepository",
    "FakeReplyRepository",
    "FakeRetentionRepository",
    "FakeRootStore",
    "FakeSentTexts",
    "FakeSuspenseRepository",
    "FakeTaskRepository",
    "FakeTimeline",
    "FakeYesCodeRepository",
    "use",
]
