"""Which questions have been answered: what a resumed run must not ask again."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from evalkit.store.reader import read_heads


class Answers(Mapping[str, int]):
    """Maps the key of every answer to the index of its sample; the answers stay on the disk."""

    def __init__(self) -> None:
        self._index_by_key: dict[str, int] = {}
        self._more: set[tuple[str, int]] = set()

    def __getitem__(self, key: str) -> int:
        return self._index_by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._index_by_key)

    def __len__(self) -> int:
        return len(self._index_by_key)

    def add(self, key: str, index: int) -> None:
        """Note an answer; of several samples with one key, `[key]` gives the last."""
        known = self._index_by_key.get(key, index)
        if known != index:
            self._more.add((key, known))
        self._index_by_key[key] = index

    def has(self, key: str, index: int) -> bool:
        """Return whether sample `index` has an answer to `key`.

        Two samples of a dataset may ask the same, have one key and two records.
        """
        return self._index_by_key.get(key) == index or (key, index) in self._more


def scan_answers(folder: Path) -> Answers:
    """Return the answers in all `*.jsonl` files of `folder`, without errors and corrupt lines."""
    answers = Answers()
    for _, head in read_heads(folder):
        if head.is_answer:
            answers.add(head.key, head.sample_index)
    return answers
