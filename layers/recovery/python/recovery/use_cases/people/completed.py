"""What somebody told of themselves as it goes on record: completed by the packs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recovery.documents.packs.reading import careful_people_pack, people_pack
from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.learning import GoalSet, LessonDone, LessonsChoice
from recovery.domain.agreements.people_rules import PeoplePack, answer_by, restraint_for
from recovery.domain.agreements.person_facts import (
    Complaint,
    ComplaintEnd,
    Hardship,
    Hold,
    HoldEnd,
    PersonFact,
    attacked,
)
from recovery.domain.agreements.person_request import (
    AskedOfPerson,
    ComplaintMade,
    HardshipTold,
    HoldReported,
)
from recovery.domain.agreements.restraints import Kind
from recovery.use_cases.shared.rules import Rules


@dataclass(frozen=True, slots=True)
class Told:
    """What a person told is weighed with: their own loans, and the rules of the day."""

    person_id: str
    loans: Sequence[Loan]
    rules: Rules

    @property
    def pack(self) -> PeoplePack:
        """The rules of the law that all the loans follow; the careful ones if they differ."""
        laws = {each.profile.law for each in self.loans}
        law = laws.pop() if len(laws) == 1 else None
        return people_pack(law) if law else careful_people_pack()

    @property
    def officers(self) -> tuple[str, ...]:
        """The names of the loans' officers."""
        return tuple(dict.fromkeys(each.advisor_name for each in self.loans))


def completed(asked: AskedOfPerson, told: Told) -> PersonFact:
    """Return the fact that goes on record. Raises RefusedError for what the pack does not let."""
    pack = told.pack
    match asked:
        case HardshipTold():
            rests = restraint_for(pack, Kind.HARDSHIP, asked.on, None, "hardship")
            return Hardship(
                on=asked.on,
                causes=tuple(dict.fromkeys(asked.causes)),
                review_on=asked.review_on or answer_by(pack, "hardship_review", asked.on),
                blocks=tuple(sorted(rests.blocks)),
                can_pay_minor=asked.can_pay_minor,
                currency=asked.currency,
            )
        case HoldReported():
            code = asked.reason_code or asked.kind
            rests = restraint_for(pack, asked.kind, asked.on, asked.until, code)
            blocks = tuple(sorted(rests.blocks))
            return Hold(asked.kind, asked.on, rests.until, code, blocks, asked.seen)
        case ComplaintMade():
            attack = attacked(asked.about)
            rests = restraint_for(
                pack, Kind.COMPLAINT, asked.on, None, asked.about.value, also=attack
            )
            calendar = told.rules.policy.monitoring.business_days
            holidays = calendar.holidays if calendar else frozenset()
            officers = told.officers
            if asked.loan_id:
                officers = tuple(
                    each.advisor_name for each in told.loans if each.loan_id == asked.loan_id
                )
            return Complaint(
                on=asked.on,
                about=asked.about,
                answer_by=answer_by(pack, "complaint", asked.on, holidays),
                blocks=tuple(sorted(rests.blocks)),
                loan_id=asked.loan_id,
                not_by=officers,
            )
        case HoldEnd() | ComplaintEnd() | LessonsChoice() | GoalSet() | LessonDone():
            return asked
