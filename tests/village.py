"""A village: some people with loans, whose year is played on fakes by the clock of the wall.

Everything happens at a moment of the day, and out of order: a payment may be reviewed after the
message that was waiting for its hour, and whatever may crash does, and is tried again. What became
of a person is kept here too, apart from every record, as ``truth``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from recovery.documents.people.heard import Heard
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.accounting.said import Dispute, DisputeEnd
from recovery.domain.agreements.person_facts import Complaint, ComplaintEnd, Hardship, Hold, HoldEnd
from recovery.domain.cases.record import Step, close, enter
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stages import Outcome, Stage
from recovery.domain.contact.address import Fate
from recovery.domain.contact.addresses import has_address
from recovery.domain.contact.borrower import Borrower, ContactChange
from recovery.domain.contact.delivery import DeliveryNews
from recovery.domain.contact.details import replaced
from recovery.domain.contact.instructions import Instructions
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.contact import SendingFailedError, SentMessage, Wake
from recovery.ports.institutions import InstitutionDay
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.cases.decide_case import decide_case
from recovery.use_cases.contact.hear_reply import hear_reply
from recovery.use_cases.contact.note_delivery import note_delivery
from recovery.use_cases.contact.tell_borrower import tell_borrower
from recovery.use_cases.judicial.prepare_dossier import prepare_dossier
from recovery.use_cases.monitoring.review_loans import review_changed, review_shard
from recovery.use_cases.people.route_person import route_person
from recovery.use_cases.route_changes import route_loan
from tests.builders import a_borrower, a_loan, a_state
from tests.conftest import wiring_of_fakes
from tests.fakes import FakeCaseRepository, FakeCaseWorkflow
from tests.life import ANOTHER, BANK, SUPERVISOR, Life
from tests.noticing import deliver_notices
from tests.to_court import check

DAY = timedelta(days=1)
_TRIES = 5  # before a queue gives up on a wake
PLACES = (
    *(("KE", "Africa/Nairobi", "+2547110", 8), ("PE", "America/Lima", "+519000", 6)),
    *(("ES", "Europe/Madrid", "+346120", 6), ("NL", "Europe/Amsterdam", "+316120", 6)),
    *(("IN", "Asia/Kolkata", "+9198100", 5), ("US", "America/Los_Angeles", "+1213555", 5)),
    *(("GB", "Europe/London", "+4477000", 5), ("CO", "America/Bogota", "+5730012", 5)),
    *(("NZ", "Pacific/Auckland", "+642100", 5), ("US", "", "+1213556", 5)),
)
LANGUAGES = ("en", "es-PE", "nl", "fr", "pt", "sw", "fi", "lg-UG")


class CrashError(Exception):
    """The process stopped."""


class Executions(FakeCaseWorkflow):
    """Follows each signal at once, as an execution does, and records its path."""

    def __init__(self, cases: FakeCaseRepository) -> None:
        super().__init__()
        self._cases = cases

    def start(self, loan_id: str, signal: Signal, *, again_on: date | None = None) -> None:
        if not self._cases.load(loan_id, signal.case_id).path:
            self._enter(loan_id, signal)

    def send(self, loan_id: str, signal: Signal, task_token: str, between: Any = None) -> None:
        if self._cases.load(loan_id, signal.case_id).task_token == task_token:
            self._enter(loan_id, signal)

    def _enter(self, loan_id: str, signal: Signal) -> None:
        record = self._cases.load(loan_id, signal.case_id)
        step = Step(signal.to, signal.as_of, signal.reason)
        if signal.to in tuple(Outcome):
            self._cases.save(close(record, signal.to, step))
        else:
            token = f"token of {signal.signal_id}"
            self._cases.save(enter(record, step, signal.signal_id, "execution", token))


@dataclass(slots=True)
class Truth:
    """What is true of a person, whatever is on record; moments, None if it is not so."""

    died_at: datetime | None = None
    said_no_at: dict[str, datetime] = field(default_factory=dict)


REPLIES = ("stop", "gracias", "I will pay tomorrow", "help", "paid", "wrong person", "?")


class Village(Life):
    """``people`` persons and their loans, from ``start``; ``often`` is how often anything fails.

    ``received`` are the messages that the providers took: person, channel and moment.
    """

    def __init__(self, seed: int, people: int, start: date, often: float = 0.02) -> None:
        self.random, self.often = random.Random(seed), often
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = count()
        self.truth: dict[str, Truth] = {}
        self.received: list[tuple[str, str, datetime]] = []
        self.returned: Counter[str] = Counter()
        self._answers = False  # an answer to a reply is no contact
        self.start, self._lags_until = start, self._on(start, 0)
        self._of_address: dict[str, str] = {}
        super().__init__(wiring_of_fakes(), start)
        self.ports.workflow = Executions(self.ports.cases)
        self._date_changes()
        self._let_fail()
        for number in range(people):
            self._settle_down(f"B-{number}")

    # Time

    def play(self, until: date) -> None:
        """Play every day up to this one, each event at its moment."""
        while self.today < until:
            self._open(self.today + DAY)
            self.at(self.reviewed_at(self.today), self._review)
            self.at(self._on(self.today, 14), self._deliver_notices)
            self._daily_life()
            tomorrow = self._on(self.today + DAY, 5)
            while self._agenda and self._agenda[0][0] < tomorrow:
                moment, _, event = heappop(self._agenda)
                self.ports.clock.at = max(moment, self.ports.clock.at)
                event()
                self._let_the_stream_work()
            self.stream()

    def _let_the_stream_work(self) -> None:
        """It lags now and then, for up to five hours."""
        if self.random.random() < 0.05:
            lag = timedelta(hours=self.random.uniform(0, 5))
            self._lags_until = self.ports.clock.at + lag
        if self.ports.clock.at >= self._lags_until:
            self.stream()

    def at(self, moment: datetime, event: Callable[[], None]) -> None:
        """Let something happen at a moment."""
        heappush(self._agenda, (moment, next(self._number), event))

    def settle(self) -> None:
        """The stream does its work by and by."""

    def stream(self) -> None:
        """Let the stream's consumers work, in any order; what fails stays for the next time."""
        loans, people = self.ports.loans, self.ports.people
        for _ in range(20):
            changed, loans.needs_review = sorted(loans.needs_review), set()
            waiting = [each for each, outboxes in loans.waiting.items() if outboxes]
            persons = [each for each, outboxes in people.waiting.items() if outboxes]
            if not (changed or waiting or persons):
                break
            work: list[Callable[[], None]] = [
                *((lambda of=of: self._review_changed(of)) for of in changed),
                *((lambda of=of: route_loan("umoja", of, self.ports)) for of in waiting),
                *((lambda of=of: route_person(of, self.ports)) for of in persons),
            ]
            self.random.shuffle(work)
            for each in work:
                try:
                    each()
                except (CrashError, StaleWriteError):
                    continue
        self._take_wakes()

    def _take_wakes(self) -> None:
        queue, now = self.ports.queue, self.ports.clock.at
        wakes, queue.wakes = [(each, 0) for each in queue.wakes], []
        delayed, queue.delayed = queue.delayed, []
        for wake, seconds in (*wakes, *delayed):
            later = timedelta(seconds=seconds + self.random.randrange(40))
            self.at(now + later, lambda wake=wake: self._consider(wake))

    def _consider(self, wake: Wake, tries: int = 1) -> None:
        now = self._now()
        try:
            told = tell_borrower(wake, now, self.ports)
            if told.again_in_seconds is not None:
                later = now + timedelta(seconds=told.again_in_seconds)
                self.at(later, lambda: self._consider(wake))
        except (CrashError, StaleWriteError, SendingFailedError):
            if tries < _TRIES:
                self.at(now + timedelta(minutes=6), lambda: self._consider(wake, tries + 1))

    def _review(self) -> None:
        review_shard("umoja", 0, self.today, self.ports)
        self.ports.institutions.days["umoja"] = InstitutionDay(self.today, self.today, "wall")

        for person_id in self.truth:
            for loan_id in self.ports.borrowers.loans_of(person_id):
                if self.ports.loans.load(loan_id).state.wish and self.random.random() < 0.1:
                    moment, minor = self._any_time(self.today), self.random.choice((1, 900, 5_000))
                    self.at(moment, lambda i=loan_id, m=minor: self._pay(i, m, {}))

    def _deliver_notices(self) -> None:
        """The post takes those that people have to deliver; what fails goes tomorrow."""
        with suppress(CrashError, StaleWriteError, RefusedError):
            deliver_notices("umoja", self.today, self.ports)

    def _review_changed(self, loan_id: str) -> None:
        reviewed = review_changed("umoja", [loan_id], self._now(), self.ports)
        self.ports.loans.needs_review |= {loan_id for loan_id, _ in reviewed.failed}

    def _open(self, day: date) -> None:
        self.today = day
        self.ports.institutions.days["umoja"] = InstitutionDay(day, day - DAY, "wall")
        self.ports.clock.at = self._on(day, 5)

    def _on(self, day: date, hour: float) -> datetime:
        return datetime.combine(day, time(), UTC) + timedelta(hours=hour)

    def reviewed_at(self, day: date) -> datetime:
        """When the daily review runs, at half past nine in Nairobi."""
        return self._on(day, 6.5)

    def _any_time(self, day: date) -> datetime:
        return self._on(day, self.random.uniform(5, 28.9))

    # Failures

    def _let_fail(self) -> None:
        ports = self.ports
        for port, method, error in (
            *((ports.loans, each, CrashError) for each in ("acknowledge", "save_state")),
            *((ports.borrowers, each, CrashError) for each in ("confirm_contact",)),
            *((ports.borrowers, each, StaleWriteError) for each in ("lease_contact",)),
            (ports.people, "acknowledge", CrashError),
            (ports.tasks, "add", CrashError),
            (ports.timeline, "add", CrashError),
            (ports.bus, "publish", CrashError),
            (ports.messenger, "send_email", SendingFailedError),
            (ports.messenger, "send_sms", SendingFailedError),
        ):
            self._may_fail(port, method, error)
        for channel, method in (("email", "send_email"), ("sms", "send_sms")):
            self._note_received(channel, method)

    def _date_changes(self) -> None:
        """As the table does, keep when each change of details went on record."""
        saves = self.ports.borrowers.save_contact_details

        def save(person: Borrower, change: ContactChange | None = None) -> bool:
            if change and change.recorded_at is None:
                change = replace(change, recorded_at=self._now())
            return saves(person, change)

        self.ports.borrowers.save_contact_details = save

    def _may_fail(self, port: Any, method: str, error: type[Exception]) -> None:
        works = getattr(port, method)

        def may_fail(*args: Any, **kwargs: Any) -> Any:
            if self.random.random() < self.often:
                raise error
            return works(*args, **kwargs)

        setattr(port, method, may_fail)

    def _note_received(self, channel: str, method: str) -> None:
        sends = getattr(self.ports.messenger, method)

        def note(address: str, *args: Any, **kwargs: Any) -> Any:
            provider_id = sends(address, *args, **kwargs)
            if not self._answers:
                self.received.append((self._of_address[address], channel, self.ports.clock.at))
                self._what_comes_back(channel, address, provider_id, kwargs.get("sent"))
            return provider_id

        setattr(self.ports.messenger, method, note)

    # What comes back

    def _what_comes_back(
        self, channel: str, address: str, provider_id: str, sent: SentMessage | None
    ) -> None:
        """Now and then a message bounces, is called spam, or is replied to."""
        pick, now = self.random, self.ports.clock.at
        chance = pick.random()
        if chance < 0.04:
            fate = pick.choice((Fate.BOUNCED, Fate.NOT_NOW, Fate.COMPLAINED, Fate.DELIVERED))
            later = now + timedelta(minutes=pick.uniform(1, 60))
            news = DeliveryNews(
                channel=channel, address=address, provider_id=provider_id, fate=fate, cause="code"
            )
            self.at(later, lambda: self._take_news(sent, news))
        elif chance < 0.12:
            text = pick.choice(REPLIES)
            later = now + timedelta(hours=pick.uniform(0.1, 30))
            heard = Heard(
                reply_id=f"R-{next(self._number)}",
                channel=channel,
                address=address,
                text=text,
                received_at=later,
            )
            self.at(later, lambda: self._hear(heard))

    def _take_news(self, sent: SentMessage | None, news: DeliveryNews, tries: int = 1) -> None:
        known = sent or self.ports.sent_texts.find(news.provider_id)
        person_id, now = self._of_address[news.address], self._now()
        if known is None:  # its sender stopped before saying so
            return
        try:
            note_delivery(known, news, now, self.ports)
        except (CrashError, StaleWriteError):
            if tries < _TRIES:
                later = now + timedelta(minutes=6)
                self.at(later, lambda: self._take_news(sent, news, tries + 1))
            return
        self.returned[person_id] += news.fate in (Fate.BOUNCED, Fate.NOT_NOW)
        is_theirs = has_address(self.ports.borrowers.load(person_id), news.channel, news.address)
        if news.fate is Fate.COMPLAINED and is_theirs:
            self.truth[person_id].said_no_at.setdefault(news.channel, now)

    def _hear(self, heard: Heard, tries: int = 1) -> None:
        person_id, now = self._of_address[heard.address], self._now()
        self._answers = True
        try:
            kind = hear_reply("umoja", heard, now, self.ports)
        except (CrashError, StaleWriteError, SendingFailedError):
            if tries < _TRIES:
                self.at(now + timedelta(minutes=6), lambda: self._hear(heard, tries + 1))
            return
        finally:
            self._answers = False
        is_theirs = has_address(self.ports.borrowers.load(person_id), heard.channel, heard.address)
        if kind == "stop" and is_theirs:
            self.truth[person_id].said_no_at.setdefault(heard.channel, now)

    # People

    def _settle_down(self, person_id: str) -> None:
        pick = self.random
        self.truth[person_id] = Truth()
        self.ports.borrowers.save_contact_details(self._any_details(person_id))
        for number in range(pick.choice((1, 1, 2))):
            first = self.start + timedelta(days=pick.randrange(-60, 150))
            lend_on = max(first, self.start)
            loan_id = f"{person_id}-{number}".replace("B", "L")
            self.at(self._on(lend_on, 5.1), lambda i=loan_id, f=first: self._lend(i, f))

    def _any_details(self, person_id: str) -> Borrower:
        pick = self.random
        country, zone, prefix, digits = pick.choice(PLACES)
        if pick.random() < 0.1:  # a phone of another country
            _, _, prefix, digits = pick.choice(PLACES)
        number = int(person_id.removeprefix("B-"))
        phone = f"{prefix}{number:0{digits - 1}d}{pick.randrange(10)}"
        email = f"{person_id}.{pick.randrange(10**6)}@example.org".lower()
        self._of_address |= {phone: person_id, email: person_id}
        usual = (True, True, True, True, None)
        return a_borrower(
            person_id,
            name=f"Person {number}",
            language=pick.choice(LANGUAGES),
            second_language=pick.choice((None, None, "en", "fi")),
            country=country,
            time_zone=zone,
            email=email if pick.random() < 0.9 else None,
            phone=phone if pick.random() < 0.9 else None,
            preferred_channel=pick.choice((None, "email", "sms")),
            email_consent=pick.choice(usual),
            sms_consent=pick.choice(usual),
            phone_privacy=pick.choice((None, None, None, "shared")),
        )

    def _change_details(self, person_id: str) -> None:
        """Move, say no to a channel, lose a number, or ask for something."""
        pick, known = self.random, self.ports.borrowers.load(person_id)
        match pick.choice(("move", "no", "bar", "ask", "language")):
            case "move":
                moved = self._any_details(person_id)
                new = replace(
                    *(known,), country=moved.country, time_zone=moved.time_zone, phone=moved.phone
                )
            case "no":
                channel = pick.choice(("email", "sms"))
                new = replace(known, **{f"{channel}_consent": False})
                self.truth[person_id].said_no_at.setdefault(channel, self.ports.clock.at)
            case "bar":
                new = replace(known, barred_phones=(known.phone,) if known.phone else ())
            case "ask":
                start = pick.choice((9, 12, 17))
                only_by = pick.choice((None, "email", "phone", "letter"))
                asked = Instructions(
                    from_time=time(start), until_time=time(start + 3), only_by=only_by
                )
                new = replace(known, instructions=asked)
            case _:
                new = replace(known, language=pick.choice(LANGUAGES))
        change = ContactChange(
            self.today, "", replaced(known, new), "typed:Ana", recorded_at=self._now()
        )
        self.ports.borrowers.save_contact_details(new, change)

    # Loans

    def _lend(self, loan_id: str, first: date) -> None:
        pick = self.random
        every, number = pick.choice(((7, 20), (14, 16), (30, 12), (30, 8), (91, 4)))
        due = Components(pick.choice((5_000, 10_000, 20_000)), 500)
        schedule = tuple(
            Instalment(n + 1, first + timedelta(days=every * (n + 1)), due) for n in range(number)
        )
        loan = a_loan(
            loan_id,
            borrower_id=loan_id.rpartition("-")[0].replace("L", "B"),
            disbursed_on=first,
            schedule=schedule,
        )
        self.ports.borrowers.loans.setdefault(loan.borrower_id, []).append(loan_id)
        self.ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
        style = pick.choice(("prompt", "prompt", "slips", "slips", "parts", "stops"))
        for instalment in schedule:
            self._plan_payments(loan_id, instalment, style)

    def _plan_payments(self, loan_id: str, instalment: Instalment, style: str) -> None:
        pick, minor = self.random, instalment.due.total
        if style == "stops" and (instalment.number > 3 or pick.random() < 0.3):
            return
        late_days = 0 if style == "prompt" else pick.choice((0, 0, 1, 3, 9, 20, 45))
        parts = 1 if style != "parts" else pick.choice((1, 2, 3))
        for part in range(parts):
            if style == "parts" and pick.random() < 0.3:
                continue
            on = instalment.due_date + timedelta(days=late_days + part * pick.randrange(1, 12))
            payer = pick.choice(({},) * 9 + ({"payer_kind": "guarantor", "payer_id": "B-9"},))
            on = max(on, self.today)
            self.at(
                self._any_time(on),
                lambda amount=minor // parts, payer=payer: self._pay(loan_id, amount, payer),
            )

    def _pay(self, loan_id: str, amount_minor: int, payer: dict[str, Any]) -> None:
        try:
            self.pay(loan_id, amount_minor, **payer)
        except (RefusedError, StaleWriteError):
            return
        if self.random.random() < 0.02:  # the bank takes it back
            payment_id = f"P-{self._facts}"
            later = self.ports.clock.at + self.random.randrange(1, 9) * DAY
            self.at(later, lambda: self._reverse(payment_id))

    def _reverse(self, payment_id: str) -> None:
        try:
            reverse_payment("umoja", payment_id, "returned", BANK, self._now(), self.ports)
        except (RefusedError, StaleWriteError):
            return

    # What people say

    def _daily_life(self) -> None:
        pick = self.random
        for person_id in self.truth:
            if pick.random() < 0.02:
                self.at(self._any_time(self.today), lambda p=person_id: self._change_details(p))
            for loan_id in self.ports.borrowers.loans_of(person_id):
                if pick.random() < 0.03:
                    moment = self._any_time(self.today)
                    self.at(moment, lambda p=person_id, i=loan_id: self._say_something(p, i))
                case = self.ports.loans.load(loan_id).state.case
                before_court = (Stage.PRE_ACTION, Stage.JUDICIAL_RECOVERY)
                if case and case.target_stage in before_court and pick.random() < 0.1:
                    self.at(self._any_time(self.today), lambda i=loan_id: self._decide(i))

    def _decide(self, loan_id: str) -> None:
        decision, ports = self.random.choice(("approve", "decline")), self.ports
        case = ports.loans.load(loan_id).state.case
        if case is None:
            return
        try:
            if case.target_stage is Stage.PRE_ACTION:
                check(loan_id, self.today, ports)
                return
            signal = Signal(
                *(f"{case.case_id}#{case.signals}", case.case_id, "judicial_recovery", "ready"),
                *(self.today, 1),
            )
            dossier = f"{prepare_dossier(loan_id, signal, self._now(), ports)['hash']}"
            for by in (SUPERVISOR, ANOTHER):
                decide_case(loan_id, decision, by, "as read", self._now(), ports, dossier=dossier)
        except (RefusedError, StaleWriteError, CrashError):
            return

    def _say_something(self, person_id: str, loan_id: str) -> None:
        what = self.random.choice(
            (
                *("promise",) * 5, "dispute", "dispute part", "not mine", "hardship", "stop",
                "complaint", "death", *("answer",) * 6, *("end",) * 6,
            )
        )  # fmt: skip
        try:
            self._say(person_id, loan_id, what)
        except (RefusedError, StaleWriteError, CrashError):
            return
        if what == "death":
            self.truth[person_id].died_at = self.ports.clock.at

    def _say(self, person_id: str, loan_id: str, what: str) -> None:
        number, facts = self.random.randrange(1, 12), self.ports.people.facts(person_id)
        match what:
            case "promise":
                pay_on = self.today + number * DAY
                self.say(
                    *(loan_id, "promise", ANOTHER),
                    amount=f"{number * 5}.00", pay_on=pay_on, channel="phone", pay_by="cash",
                    reminder=number % 3 == 0,
                )  # fmt: skip
            case "dispute":
                self.say(loan_id, "dispute", about="wrong_amount")
            case "dispute part":
                self.say(loan_id, "dispute", about="charges", amount=f"{number * 10}.00")
            case "not mine":
                self.say(loan_id, "dispute", about="not_mine")
            case "hardship":
                self.tell(person_id, "hardship", causes=["income_fell"])
            case "death" | "stop":
                self.tell(person_id, "hold", because=what)
            case "complaint":
                self.tell(person_id, "complaint", BANK, about="contact", loan_id=loan_id)
            case "end":
                self._end_what_holds(person_id, facts, number)
            case _:
                self._answer(person_id, loan_id, facts)

    def _end_what_holds(self, person_id: str, facts: list[Any], number: int) -> None:
        ended = {each.fact.fact_id for each in facts if isinstance(each.fact, HoldEnd)}
        for each in facts:
            if isinstance(each.fact, Hardship | Hold) and each.fact_id not in ended:
                was_false = number % 3 == 0
                ends = {"ends": each.fact_id, "was_false": was_false}
                self.tell(person_id, "hold_end", ANOTHER, **ends)
                if isinstance(each.fact, Hold) and each.fact.kind == "death":
                    self.truth[person_id].died_at = None

    def _answer(self, person_id: str, loan_id: str, facts: list[Any]) -> None:
        answered = {e.fact.complaint_id for e in facts if isinstance(e.fact, ComplaintEnd)}
        for each in facts:
            if isinstance(each.fact, Complaint) and each.fact_id not in answered:
                self.tell(
                    *(person_id, "complaint_end", ANOTHER),
                    complaint_id=each.fact_id, outcome="upheld", answer="We will call less.",
                )  # fmt: skip
        recorded = self.ports.loans.recorded(loan_id).facts
        closed = {e.fact.dispute_id for e in recorded if isinstance(e.fact, DisputeEnd)}
        for each in recorded:
            if isinstance(each.fact, Dispute) and each.fact_id not in closed:
                self.say(
                    *(loan_id, "dispute_end", ANOTHER), dispute_id=each.fact_id,
                    outcome="rejected", answer="We looked into it.",
                )  # fmt: skip
