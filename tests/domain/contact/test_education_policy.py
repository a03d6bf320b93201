"""The policy's part on lessons."""

from recovery.domain.contact.education_policy import EducationPolicy, education_problems
from recovery.domain.contact.rewards import RewardRule
from tests.builders import fields


def test_the_default_is_usable_and_rewards_nobody() -> None:
    assert fields(education_problems(EducationPolicy())) == set()
    assert EducationPolicy().rewards == ()


def test_lessons_are_neither_daily_nor_around_something_hard() -> None:
    policy = EducationPolicy(every_days=1, within_days=5, calm_days=0, save_days_before=1)
    wrong = {"every_days", "within_days", "calm_days", "save_days_before"}
    assert fields(education_problems(policy)) == wrong


def test_rewards_have_names_of_their_own_and_nobody_is_thanked_twice() -> None:
    twice = tuple(RewardRule(name="thanks", kind="thank_you") for _ in range(2))
    assert fields(education_problems(EducationPolicy(rewards=twice))) == {"rewards"}
    bare = (RewardRule(name="rate", kind="rate"),)
    assert fields(education_problems(EducationPolicy(rewards=bare))) == {"rewards.0.offer"}
