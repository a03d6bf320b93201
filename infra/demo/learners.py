"""Who learns in the demo, and the two experiments that run on it.

Most people say yes to lessons when they are asked, and half of them get them only later. Whoever
pays on time hears no reminder, or one as everybody: which of both, chance decides. How the sample's
payers pay is fixed before they hear anything, so neither can have an effect, and none should show.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from zlib import crc32

from infra.demo.house_rules import put_in_force
from infra.deployment.target import Target, TargetError
from recovery.domain.portfolio.experiments import BUILT_IN
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.money import to_decimal_text
from recovery.use_cases.portfolio.run_experiments import start_experiment

BUILT_IN_EFFECT = (
    "The sample's payers pay alike with and without lessons or reminders: the true differences are"
    " 0, and an interval that leaves 0 out would be a mistake."
)
_GOAL_PARTS = 4  # of an instalment, laid aside before its day
_ASKED_DAYS, _SAYING_YES_PERCENT, _WITH_A_GOAL_PERCENT = 3, 75, 20
_SUPERVISOR = Actor(
    id="typed:Ana Torres", name="Ana Torres", roles=frozenset({Role.SUPERVISOR}), typed=True
)


@dataclass
class Learners:
    """Starts both experiments on the first day, and asks people once; ``told`` says what came."""

    target: Target
    start: date
    end: date
    told: list[str] = field(default_factory=list)
    _begun: bool = False
    _asked: bool = False

    def take(self, day: date) -> None:
        """Do what is due on this day."""
        if not self._begun:
            self._begun = True
            self._begin(day)
        if not self._asked and day >= self.start + timedelta(_ASKED_DAYS):
            self._asked = True
            self._ask(day)

    def _begin(self, day: date) -> None:
        """Put the house's rules in force, and start both experiments."""
        institution_id = self.target.institution()
        ports = self.target.of(institution_id)
        put_in_force(institution_id, day, ports)
        for make in BUILT_IN.values():
            experiment = make(day, self.end + timedelta(days=1))
            start_experiment(institution_id, experiment, _SUPERVISOR, ports.now(), ports)
        self.told.append(f"{day}: {len(BUILT_IN)} experiments start: {', '.join(BUILT_IN)}")

    def _ask(self, day: date) -> None:
        """Ask every borrower whether they want lessons; some set a goal too."""
        ports = self.target.of(self.target.institution())
        shards = range(ports.settings.shards)
        loan_ids = sorted(chain.from_iterable(map(ports.loans.loan_ids, shards)))
        loans = {each: ports.loans.load(each).loan for each in loan_ids}
        people = {loan.borrower_id: loan for loan in loans.values()}
        said_yes = goals = 0
        for person_id, loan in people.items():
            place = crc32(person_id.encode()) % 100
            if place >= _SAYING_YES_PERCENT:
                continue
            said_yes += 1
            self._record(person_id, {"fact_id": "lessons-1", "kind": "lessons", "wanted": True})
            if place < _WITH_A_GOAL_PERCENT:
                goals += 1
                goal_minor = loan.schedule[0].due.total // _GOAL_PARTS
                amount = to_decimal_text(goal_minor, loan.currency)
                goal = {"amount": amount, "currency": loan.currency}
                self._record(person_id, {"fact_id": "goal-1", "kind": "goal", **goal})
        self.told.append(
            f"{day}: {said_yes} of {len(people)} people say yes to lessons, {goals} set a goal"
        )

    def _record(self, person_id: str, body: dict[str, object]) -> None:
        path = f"/persons/{person_id}/facts"
        asked = {"reason": "asked at the branch", **body}
        code, answer = self.target.call_api("POST", path, asked, of=self.target.institution())
        if code not in (200, 201):
            raise TargetError(f"The API answered {code} to {path}: {answer}")
