from itertools import count, islice

from recovery.domain.shared.pages import pages


def test_every_item_is_on_one_page_in_order() -> None:
    assert list(pages("abcde", 2)) == [["a", "b"], ["c", "d"], ["e"]]
    assert list(pages("abcd", 2)) == [["a", "b"], ["c", "d"]]
    assert list(pages([], 2)) == []


def test_pages_are_read_lazily() -> None:
    numbers = count()
    assert list(islice(pages(numbers, 3), 2)) == [[0, 1, 2], [3, 4, 5]]
    assert next(numbers) == 6
