import pytest

from recovery.domain.monitoring.buckets import Bucket, bucket_of, bucket_problems, coverage_problems
from recovery.domain.policy import DEFAULT_POLICY
from tests.builders import fields


def buckets(*bands: tuple[str, int, int | None]) -> tuple[Bucket, ...]:
    return tuple(Bucket(name=name, min_days=least, max_days=most) for name, least, most in bands)


GAPPED = buckets(("early", 1, 3), ("late", 10, 20))
OPEN = buckets(("any", 0, None))


@pytest.mark.parametrize(
    ("given", "days", "name"),
    [
        (GAPPED, 0, None), (GAPPED, 1, "early"), (GAPPED, 3, "early"), (GAPPED, 4, None),
        (GAPPED, 10, "late"), (GAPPED, 20, "late"), (GAPPED, 21, None),
        (OPEN, 0, "any"), (OPEN, 5000, "any"), ((), 5, None),
        (DEFAULT_POLICY.monitoring.buckets, 90, "61-90"),
        (DEFAULT_POLICY.monitoring.buckets, 91, "91+"),
    ],
)  # fmt: skip
def test_a_bucket_includes_both_ends(given, days, name) -> None:
    assert bucket_of(given, days) == name


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (buckets(("a", 1, 5), ("b", 5, 9)), "buckets.1.min_days"),
        (buckets(("a", 1, None), ("b", 5, 9)), "buckets.1.min_days"),
        (buckets(("a", 5, 4)), "buckets.0.max_days"),
        (buckets(("", 0, 4)), "buckets.0.name"),
        (buckets(("x" * 41, 0, 4)), "buckets.0.name"),
        (buckets(("a\n", 0, 4)), "buckets.0.name"),
        (buckets(("a", -1, 4)), "buckets.0.min_days"),
        (buckets(("a", 3661, None)), "buckets.0.min_days"),
        (buckets(("a", 0, 1), ("a", 2, 3)), "buckets"),
        (buckets(*((str(n), n, n) for n in range(101))), "buckets"),
    ],
)
def test_buckets_out_of_order_are_reported(wrong, field) -> None:
    assert field in fields(bucket_problems(wrong))


def test_buckets_may_have_gaps_but_a_policys_must_cover_every_loan() -> None:
    assert not list(bucket_problems(GAPPED))
    found = list(coverage_problems(buckets(("a", 0, 3), ("b", 5, 9))))
    assert [each.field for each in found] == ["buckets.1.min_days", "buckets.1.max_days"]
    assert fields(coverage_problems(GAPPED)) == {"buckets"}
    assert fields(coverage_problems(())) == {"buckets"}
    assert not list(coverage_problems(OPEN))
    assert not [
        *bucket_problems(DEFAULT_POLICY.monitoring.buckets),
        *coverage_problems(DEFAULT_POLICY.monitoring.buckets),
    ]
