"""Texts that begin alike share the reading of that, and score as if each were read alone."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from evalkit.models import HuggingFaceBaseModel
from evalkit.models.huggingface_prefixes import (
    MAX_GROUP,
    Limits,
    PrefixGroup,
    alone,
    groups_cost,
    prefix_groups,
)
from evalkit.models.huggingface_scoring import ScoringRow, Target
from evalkit.types import Scoring, ScoringRequest

QUESTIONS = [
    'the quick brown fox jumps over the lazy dog and the lazy dog jumps over the quick fox ',
    'question: what is the sum of 1 and 2? answer: it is ',
]
OPTIONS = ['42', '4', 'the lazy dog', 'the quick brown fox because']
REQUESTS = [
    *(ScoringRequest(f'{text}{end}', text, end) for text in QUESTIONS for end in OPTIONS),
    *(
        ScoringRequest(f'whole {text}{end}', '', text + end)
        for text in QUESTIONS
        for end in OPTIONS
    ),
]
WIDE = Limits(budget=10**6, logits_weight=1.0)


class Watched(HuggingFaceBaseModel):
    """Remembers what it reads; a batch of more than `most` rows does not fit its memory."""

    most = 1000

    def score_batch(self, groups: Sequence[PrefixGroup]) -> list[list[Scoring]]:
        if sum(len(group.rows) for group in groups) > self.most:
            raise torch.OutOfMemoryError('CUDA out of memory')
        self.read = [*getattr(self, 'read', []), *groups]
        return super().score_batch(groups)


@pytest.fixture
def model(tiny_llama: Path) -> Watched:
    return Watched(str(tiny_llama))


def logprobs(model: HuggingFaceBaseModel, requests: Sequence[ScoringRequest]) -> dict[str, float]:
    scorings = list(model.loglikelihood(requests))
    assert [scoring.error for scoring in scorings] == [None] * len(requests)
    return {scoring.key: scoring.logprob for scoring in scorings}


def one_by_one(model: HuggingFaceBaseModel) -> dict[str, float]:
    return {key: value for one in REQUESTS for key, value in logprobs(model, [one]).items()}


def row(*ids: int, start: int | None = None) -> ScoringRow:
    whole = (*ids, 0)
    first = len(ids) if start is None else start
    return ScoringRow(ids, (Target(ScoringRequest('', '', ''), whole, first, is_whole=False),))


def shapes(groups: Sequence[PrefixGroup]) -> list[tuple[int, int]]:
    return [(len(group.rows), group.num_shared) for group in groups]


def test_a_question_is_read_once_for_all_its_options(model: Watched) -> None:
    assert logprobs(model, REQUESTS) == pytest.approx(one_by_one(model), abs=1e-4)
    together = model.read[: -len(REQUESTS)]
    assert sorted(len(group.rows) for group in together) == [4, 4]
    assert {group.prefix for group in together} == {
        tuple(model.encoder.encode(text.rstrip())) for text in QUESTIONS
    }


def test_a_shared_question_that_exceeds_the_memory_is_read_for_each_option(model: Watched) -> None:
    expected = one_by_one(model)
    model.read, model.most = [], 2
    assert logprobs(model, REQUESTS) == pytest.approx(expected, abs=1e-4)
    assert {len(group.rows) for group in model.read} == {1}


def test_the_rows_of_a_batch_are_limited_when_they_share(tiny_llama: Path) -> None:
    model = Watched(str(tiny_llama), batch_size=3)
    model.most = 3
    assert logprobs(model, REQUESTS) == pytest.approx(one_by_one(model), abs=1e-4)
    assert max(len(group.rows) for group in model.read) > 1


def test_rows_are_cut_where_most_tokens_are_saved() -> None:
    first, second = range(10, 30), range(40, 60)
    rows = [row(*first, 1), row(*first, 2), row(*second, 3), row(*second, 4), row(7, 8)]
    assert shapes(prefix_groups(rows, WIDE)) == [(2, 20), (2, 20), (1, 2)]
    examples = range(100, 400)
    rows = [row(*examples, question, option) for question in (1, 2) for option in (3, 4)]
    assert shapes(prefix_groups(rows, WIDE)) == [(4, 300)]


def test_rows_that_share_little_stay_alone() -> None:
    rows = [row(1, 2, *range(10, 20)), row(1, 2, *range(20, 30))]
    assert prefix_groups(rows, WIDE) == [alone(one) for one in rows]


def test_groups_stay_within_the_limits() -> None:
    rows = [row(*range(100), 500 + number) for number in range(200)]
    assert max(size for size, _ in shapes(prefix_groups(rows, WIDE))) == MAX_GROUP
    few = Limits(budget=10**6, logits_weight=1.0, max_rows=8)
    assert max(size for size, _ in shapes(prefix_groups(rows, few))) == 8
    small = Limits(budget=1000, logits_weight=1.0)
    groups = prefix_groups(rows, small)
    assert sum(len(group.rows) for group in groups) == 200
    assert max(groups_cost([group], 1.0, pads_left=True) for group in groups) <= 1000
    assert max(size for size, _ in shapes(groups)) == 8


def test_the_cost_counts_the_cache_of_each_row() -> None:
    prefix = range(20)
    group = PrefixGroup((row(*prefix, 1, 2), row(*prefix, 3, 4)), 20)
    # A prefix of 20, twice 20 and 2 behind it, and the logits of twice 2.
    assert groups_cost([group], 5.0, pads_left=True) == 20 + 2 * 22 + 2 * 2 * 5
    single = alone(row(*prefix))
    assert groups_cost([single, single], 5.0, pads_left=True) == 2 * 20 + 2 * 5
    longer = alone(row(*range(30)))
    assert groups_cost([longer, single], 5.0, pads_left=False) == 2 * 30 + 2 * 11 * 5
