"""The facts other systems receive on the event bus."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from infra.deployment.operate import wait_for
from tests.embedded.inside import take_from
from tests.embedded.lender import DAY, MONDAY, SOON, Lender
from tests.embedded.people import person_of

EXPECTED = {"PaymentPosted", "StandingChanged", "StageChanged", "MessageSent"}


@pytest.fixture
def subscriber(target, plain_name) -> Iterator[str]:
    """The queue of another system that subscribes to everything."""
    sqs, events = target.client("sqs"), target.client("events")
    bus = target.outputs["EventBusName"]
    url = sqs.create_queue(QueueName=plain_name)["QueueUrl"]
    names = ["QueueArn"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]["QueueArn"]
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    pattern = json.dumps({"source": ["recovery"]})
    events.put_rule(Name=plain_name, EventBusName=bus, EventPattern=pattern)
    events.put_targets(Rule=plain_name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    yield url
    events.remove_targets(Rule=plain_name, EventBusName=bus, Ids=["queue"])
    events.delete_rule(Name=plain_name, EventBusName=bus)
    sqs.delete_queue(QueueUrl=url)


def test_published_facts_have_a_version_and_no_personal_data(lender: Lender, subscriber: str):
    person = person_of(f"{lender.id}-bus")
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY, person=person)
    lender.review(MONDAY + DAY)
    lender.pay(loan_id, "100.00", MONDAY + DAY)
    facts: list[dict] = []

    def all_received() -> bool | None:
        taken = take_from(lender.target, subscriber)  # with what another lender's loans still tell
        facts.extend(e for e in taken if e["detail"]["institution_id"] == lender.id)
        return True if {each["detail-type"] for each in facts} >= EXPECTED else None

    wait_for(all_received, SOON, "not every fact was received")
    assert {each["source"] for each in facts} == {"recovery"}
    assert all(each["detail"]["version"] == 1 for each in facts)
    assert {each["detail"]["loan_id"] for each in facts} == {loan_id}
    text = json.dumps(facts, ensure_ascii=False)
    for private in (person.name, person.email, person.phone, "Luz Mendoza"):
        assert private not in text
    stages = [e["detail"] for e in facts if e["detail-type"] == "StageChanged"]
    assert {each["stage"] for each in stages} >= {"early_management"}
    assert all(each["reason"] and each["policy_version"] == 7 for each in stages)
    (posted,) = [e["detail"] for e in facts if e["detail-type"] == "PaymentPosted"]
    assert (posted["amount"], posted["currency"]) == ("100.00", "PEN")
