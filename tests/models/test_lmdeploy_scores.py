"""What TurboMind tells, which no machine without its CUDA libraries runs, read as scores."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
import torch

from evalkit.models.huggingface_scoring import ScoringRow, Target
from evalkit.models.lmdeploy.budget import Budget, free_share
from evalkit.models.lmdeploy.scores import from_logits, told
from evalkit.models.lmdeploy.turbomind import TurboMindScorer
from evalkit.models.request_error import RequestError
from evalkit.types import ScoringRequest

IDS = (3, 4, 5, 6, 7)
VOCAB_SIZE = 12
ASKED = ScoringRequest('', '', '')


def row_of(*lasts: int, start: int, ids: tuple[int, ...] = IDS) -> ScoringRow:
    """A row whose targets end in `lasts`."""
    targets = (Target(ASKED, (*ids, last), start, is_whole=False) for last in lasts)
    return ScoringRow(ids, tuple(targets))


@pytest.mark.parametrize(('start', 'num_places'), [(5, 1), (4, 5), (3, 5), (1, 5)])
def test_logits_are_summed_from_the_first_token_of_the_option(start: int, num_places: int) -> None:
    torch.manual_seed(0)
    logits = torch.randn(num_places, VOCAB_SIZE)
    row = row_of(8, 9, start=start)
    logprobs = logits.log_softmax(1)[start - len(IDS) - 1 :]
    for target, (logprob, _) in zip(row.targets, from_logits(row, logits).targets, strict=True):
        tokens = torch.tensor(target.ids[start:])
        expected = float(logprobs.gather(1, tokens[:, None]).sum())
        assert logprob == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ('start', 'num_places', 'expected'), [(5, 0, 1), (5, 5, 1), (3, 4, 5), (3, 6, 5), (3, 1, 5)]
)
def test_logits_of_other_places_are_no_score(start: int, num_places: int, expected: int) -> None:
    with pytest.raises(RequestError) as caught:
        from_logits(row_of(8, start=start), torch.zeros(num_places, VOCAB_SIZE))
    assert str(caught.value) == (
        f'engine: LMDeploy tells the logits of {num_places} places, not of {expected}'
    )


def test_the_last_part_that_tells_something_counts() -> None:
    parts = [SimpleNamespace(logprobs=value) for value in (None, [{1: -1.0}], [], None)]
    assert told(parts, 'logprobs') == [{1: -1.0}]
    with pytest.raises(RequestError) as caught:
        told(parts[2:], 'logprobs')
    assert str(caught.value) == 'engine: LMDeploy tells no logprobs'


@dataclass
class Bigrams:
    """Reads texts as TurboMind tells them, with a model that looks at one token only."""

    asked: list[tuple[str, int]] = field(default_factory=list)
    most_open: int = 0
    num_open: int = 0

    def __post_init__(self) -> None:
        torch.manual_seed(0)
        self.table = torch.randn(VOCAB_SIZE, VOCAB_SIZE)

    def expected(self, ids: Sequence[int], start: int = 1) -> float:
        logprobs = self.table.log_softmax(1)
        return sum(float(logprobs[ids[place - 1], ids[place]]) for place in range(start, len(ids)))

    async def total(self, ids: Sequence[int]) -> float:
        self.asked.append(('total', len(ids)))
        return self.expected(ids)

    async def logits(self, ids: Sequence[int], which: str) -> torch.Tensor:
        self.asked.append((which, len(ids)))
        self.num_open += 1
        self.most_open = max(self.most_open, self.num_open)
        await asyncio.sleep(0)
        self.num_open -= 1
        places = ids if which == 'all' else ids[-1:]
        return self.table[list(places)]


def scores(row: ScoringRow, reader: Bigrams) -> list[float]:
    """The log-probabilities of a row's targets."""
    scorer = TurboMindScorer(reader, VOCAB_SIZE, Budget(0))
    return [logprob for logprob, _ in asyncio.run(scorer.score(row)).targets]


@pytest.mark.parametrize(
    ('row', 'asked'),
    [
        (row_of(8, start=1), [('total', 6)]),
        (row_of(8, 9, 2, start=1), [('total', 5), ('generation', 5)]),
        (row_of(8, 9, start=5), [('generation', 5)]),
        (row_of(8, 9, start=3), [('all', 5)]),
        (row_of(8, 9, start=1, ids=(3,)), [('generation', 1)]),
    ],
)
def test_the_logits_of_a_whole_text_are_not_asked_for(
    row: ScoringRow, asked: list[tuple[str, int]]
) -> None:
    reader = Bigrams()
    expected = [reader.expected(target.ids, target.start) for target in row.targets]
    assert scores(row, reader) == pytest.approx(expected, abs=1e-4)
    assert reader.asked == asked


@pytest.mark.parametrize(('num_rows_in_memory', 'most_open'), [(0, 1), (1, 1), (3, 3), (99, 8)])
def test_the_logits_of_all_places_are_held_for_as_many_texts_as_fit(
    num_rows_in_memory: int, most_open: int
) -> None:
    reader = Bigrams()
    memory = Budget(num_rows_in_memory * len(IDS) * VOCAB_SIZE * 4)

    async def run() -> None:
        scorer = TurboMindScorer(reader, VOCAB_SIZE, memory)
        await asyncio.gather(*(scorer.score(row_of(8, start=3)) for _ in range(8)))

    asyncio.run(run())
    assert (reader.most_open, len(reader.asked), memory.taken) == (most_open, 8, 0)


def test_what_fails_gives_its_memory_back() -> None:
    memory = Budget(10)

    async def run() -> None:
        with pytest.raises(RequestError):
            async with memory.taking(100):
                raise RequestError('engine', 'it fails')
        async with memory.taking(10):
            assert memory.taken == 10

    asyncio.run(run())
    assert memory.taken == 0


def test_a_part_of_the_free_memory_is_taken() -> None:
    assert 1 << 20 < free_share() < 1 << 44
