"""Tells the stories day by day: each step once its day has come and the case is where it should be.

Everything goes through the same doors as in an institution: assessments, offers and facts by the
people who may record them, decisions bound to the dossier, money through the payments API.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from infra.demo.confirming import confirm_details
from infra.demo.keeping import to_pay
from infra.demo.stories import Step, Story, dated
from recovery.documents.accounting.fact_request import fact_request
from recovery.documents.agreements.assessment_request import assessment_request, options_request
from recovery.domain.accounting.agreed import Agreement
from recovery.domain.accounting.court_steps import OFFERED
from recovery.domain.agreements.agreeing import schedule_id_of
from recovery.domain.agreements.payment_plan import agreements_of, plans_of, status_at
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import RefusedError
from recovery.domain.shared.money import to_decimal_text, to_minor
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.agreements.assess import record_assessment
from recovery.use_cases.agreements.offer_options import offer_options
from recovery.use_cases.cases.decide_case import decide_case
from recovery.use_cases.judicial.pre_action import readiness_of
from recovery.use_cases.judicial.read_judicial import read_judicial

Pay = Callable[[str, str, str, str, date], None]  # loan, payment, amount, currency, value date


def _actor(name: str, *roles: Role) -> Actor:
    return Actor(id=f"typed:{name}", name=name, roles=frozenset(roles), typed=True)


_SUPERVISOR = _actor("Ana Torres", Role.SUPERVISOR, Role.ADVISOR)
_LEGAL = _actor("Inés Duarte", Role.LEGAL)
_DECIDING = (_LEGAL, _actor("Pieter de Vries", Role.SUPERVISOR))
_BY = {"legal": _LEGAL, "supervisor": _SUPERVISOR}


@dataclass(slots=True)
class _Told:
    """How far a story is: ``at`` the next step, ``since`` the day of the last. The person pays what
    is agreed, or due, on its day: next on ``pays_from``."""

    at: int = 0
    since: date = date.min
    pays_from: date = date.max
    paid_until: date = date.min
    refused: str = ""


@dataclass
class Teller:
    """``told`` says in words what happened; ``lost_minor`` is what each agreement takes from what
    the loan was worth to the institution, by loan and agreement."""

    institution_id: str
    ports: Any
    stories: Sequence[Story]
    start: date
    pay: Pay
    told: list[str] = field(default_factory=list)
    lost_minor: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._progress = {each.loan: _Told(paid_until=self.start) for each in self.stories}
        self._loss_minor: dict[tuple[str, str], int] = {}  # by loan and option, as shown last

    def pay_what_is_due(self, day: date) -> None:
        """Let everybody pay what they agreed to and keep, before the day is reviewed."""
        for story in self.stories:
            progress = self._progress[story.loan]
            if day >= progress.pays_from:
                self._pay_what_is_due(story, progress, day)

    def take(self, day: date) -> None:
        """Take the steps whose day has come, once the day was reviewed."""
        for story in self.stories:
            progress = self._progress[story.loan]
            while progress.at < len(story.steps) and self._is_time(story, progress, day):
                if not self._take(story, progress, day):
                    break

    def unfinished(self) -> list[str]:
        """Return which steps were never taken, and why the last try was refused."""
        left = []
        for story in self.stories:
            progress = self._progress[story.loan]
            if progress.at < len(story.steps):
                step = story.steps[progress.at]
                where = f" in {self._stage(story)}" if not progress.refused else ""
                left.append(f"{story.loan} waits for {step.do}{where}: {progress.refused}")
        return left

    def _is_time(self, story: Story, progress: _Told, day: date) -> bool:
        step = story.steps[progress.at]
        if day < self.start + timedelta(step.day):
            return False
        if progress.at and day < progress.since + timedelta(step.after):
            return False
        stored = self._load(story)
        case = stored.state.case
        if step.stage and (case is None or case.target_stage != step.stage):
            return False
        if step.stage and case and day < case.target_stage_since + timedelta(step.after):
            return False
        return not step.plan or self._plan(story, day) == step.plan

    def _take(self, story: Story, progress: _Told, day: date) -> bool:
        step = story.steps[progress.at]
        try:
            said = _ACTS[step.do](self, story, step, day)
        except RefusedError as error:  # the day or a restraint: the next day may do
            progress.refused = "; ".join(f"{each}" for each in error.problems)
            return False
        progress.at, progress.since, progress.refused = progress.at + 1, day, ""
        if step.said.get("keeps"):
            progress.pays_from, progress.paid_until = day, day - timedelta(1)
        if said:
            self.told.append(f"{day}: {story.loan} {said}")
        return True

    def _assess(self, story: Story, step: Step, day: date) -> str:
        stored, said = self._load(story), step.said
        income: Any = said["income"]
        if "lean" in said:
            lean = {(day.month - 1 + each) % 12 for each in range(*said["lean"])}
            income = {"by_month": ["0" if each in lean else income for each in range(12)]}
        household = {
            "incomes": [{"source": "wage", "amount": income, "evidence": "documented"}],
            "expenses": said["expenses"],
        }
        if story.purpose == "business":
            household["incomes"][0]["source"] = "farm"
        body = {
            "assessment_id": f"AS-{day}",
            "currency": stored.loan.currency,
            "household": household,
        }
        request = assessment_request(json.dumps(body))
        record_assessment(
            *(self.institution_id, story.person_id, request, _SUPERVISOR),
            *(self.ports.now(), self.ports),
        )
        return ""

    def _offer(self, story: Story, step: Step, day: date) -> str:
        stored, said = self._load(story), dict(step.said)
        currency = stored.loan.currency
        if percent := said.pop("lump_sum_percent", 0):
            owed_minor = _standing(stored).outstanding.total
            said["lump_sum"] = to_decimal_text(owed_minor * percent // 100, currency)
        looked_at = {"reason": said["difficulty"], "lump_sum": said.get("lump_sum", "0")}
        shown = offer_options(
            self.institution_id,
            story.loan,
            options_request(json.dumps(looked_at)),
            _SUPERVISOR,
            self.ports.now(),
            self.ports,
        )
        for each in shown["options"]:
            value = each["institution"]["net_present_value"]
            before, after = (to_minor(value[name], currency) for name in ("before", "after"))
            self._loss_minor[story.loan, each["kind"]] = before - after
        self._record(story, {"kind": "offer", "fact_id": f"OF-{day}", **said}, _SUPERVISOR, day)
        offered = ", ".join(each["kind"].replace("_", " ") for each in shown["options"])
        return f"is offered: {offered}"

    def _agree(self, story: Story, step: Step, day: date) -> str:
        recorded = self.ports.loans.recorded(story.loan)
        offers = [each.fact_id for each in recorded.counting() if each.kind == "offer"]
        agreement_id, option = f"AG-{day}", step.said["option"]
        body = {
            "kind": "agreement",
            "fact_id": agreement_id,
            "offer_id": offers[-1],
            "option": option,
            "yes": "paper",
            "proof": f"PAPER-{story.loan}"[:64],
            "signed_by": [story.person_id],
        }
        self._record(story, body, _SUPERVISOR, day)
        confirm_details(story.person_id, day, self.ports)  # whoever signs is asked
        self.lost_minor[story.loan, agreement_id] = self._loss_minor[story.loan, option]
        return f"agrees: {option.replace('_', ' ')}"

    def _fact(self, story: Story, step: Step, day: date) -> str:
        body = {name: self._value(story, value, day) for name, value in step.said["fact"].items()}
        body = dated({"fact_id": f"F-{day}-{body['kind']}", **body}, day)
        self._record(story, body, _BY.get(step.said.get("by", ""), _SUPERVISOR), day)
        words = (step.said["fact"].get(name, "") for name in ("kind", "step", "outcome", "about"))
        return ", ".join(each.replace("_", " ") for each in words if each)

    def _check(self, story: Story, step: Step, day: date) -> str:
        waits = readiness_of(story.loan, day, self.ports)
        codes = (*waits.waits_for, *waits.stopped_by, OFFERED)  # once more, by a call
        body = {"kind": "pre_action_check", "codes": codes, "reference": f"FILE-{story.loan}"}
        self._record(story, {"fact_id": f"CHECK-{day}", **body}, _LEGAL, day)
        return "what comes before court is checked, and an agreement offered once more"

    def _approve(self, story: Story, step: Step, day: date) -> str:
        people = _DECIDING[: step.said.get("people", len(_DECIDING))]
        for person in people:
            self._decide(story, "approve", step.said["why"], person)
        return f"the dossier is approved by {len(people)}"

    def _decline(self, story: Story, step: Step, day: date) -> str:
        self._decide(story, "decline", step.said["why"], _LEGAL)
        return "going to court is declined"

    def _decide(self, story: Story, decision: str, why: str, by: Actor) -> None:
        now = self.ports.now()
        dossier = read_judicial(story.loan, now, self.ports)["dossier"]
        hash = f"{dossier['hash']}" if isinstance(dossier, dict) else ""
        decide_case(story.loan, decision, by, why, now, self.ports, dossier=hash)

    def _pay_a_part(self, story: Story, step: Step, day: date) -> str:
        stored = self._load(story)
        amount_minor = _standing(stored).overdue.total * step.said["percent"] // 100
        self._paid(story, amount_minor, day)
        return f"{to_decimal_text(amount_minor, stored.loan.currency)} is paid the same day"

    def _pay_what_is_due(self, story: Story, progress: _Told, day: date) -> None:
        """Pay what the agreement in force asks for since the last day, or else the schedule."""
        agreed = self._agreements(story)
        ahead = to_pay(self._load(story), agreed[-1][1] if agreed else None, progress.paid_until)
        for on, amount_minor in ahead:
            if on <= day:
                self._paid(story, amount_minor, on)
        progress.paid_until = day
        progress.pays_from = min((on for on, _ in ahead if on > day), default=date.max)

    def _paid(self, story: Story, amount_minor: int, on: date) -> None:
        currency = self._load(story).loan.currency
        amount = to_decimal_text(amount_minor, currency)
        self.pay(story.loan, f"{story.loan}-{on}", amount, currency, on)

    def _record(self, story: Story, body: dict[str, Any], by: Actor, day: date) -> None:
        text = json.dumps({"reason": "as told", **body})
        request = fact_request(text, story.loan, self._load(story).loan.currency, day)
        record_fact(request, by, self.ports.now(), self.ports)

    def _value(self, story: Story, value: Any, day: date) -> Any:
        """Return a value of a fact, with what only the record knows in place of its name."""
        if isinstance(value, list):
            return [self._value(story, each, day) for each in value]
        if value == "$person":
            return story.person_id
        if value == "$overdue":
            stored = self._load(story)
            return to_decimal_text(_standing(stored).overdue.total, stored.loan.currency)
        if value == "$schedule":
            return schedule_id_of(self._agreements(story)[-1][0].fact_id)
        return value

    def _agreements(self, story: Story) -> Sequence[tuple[Any, Agreement]]:
        return agreements_of(self.ports.loans.recorded(story.loan))

    def _plan(self, story: Story, day: date) -> str:
        plans = plans_of(self.ports.loans.recorded(story.loan))
        return status_at(plans[-1], day) if plans else ""

    def _stage(self, story: Story) -> str:
        case = self._load(story).state.case
        return case.target_stage.replace("_", " ") if case else "no case"

    def _load(self, story: Story) -> StoredLoan:
        return self.ports.loans.load(story.loan)


_ACTS: dict[str, Callable[[Teller, Story, Step, date], str]] = {
    "assess": Teller._assess,
    "offer": Teller._offer,
    "agree": Teller._agree,
    "fact": Teller._fact,
    "check": Teller._check,
    "approve": Teller._approve,
    "decline": Teller._decline,
    "pay": Teller._pay_a_part,
}


def _standing(stored: StoredLoan) -> Any:
    assert stored.state.standing is not None
    return stored.state.standing
