from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.config import import_extra, resolve_type
from evalkit.errors import ConfigError
from evalkit.prompts import BM25Retriever, SlidingWindowRetriever, TopkRetriever
from evalkit.prompts.bm25 import Bm25, words
from evalkit.types import Sample

TRAIN = [
    {'q': 'How many apples are left?', 'a': '3'},
    {'q': 'How far is the moon?', 'a': '384400 km'},
    {'q': 'How many pears and apples are there?', 'a': '7'},
    {'q': 'Who wrote Faust?', 'a': 'Goethe'},
    {'q': 'When was Rome built?', 'a': 'Not in a day'},
    {'q': 'Why is grass green?', 'a': 'I do not know'},
]


class LetterRetriever(TopkRetriever):
    """Embeds a text by how often it has an a, an o, and a question mark."""

    def embed(self, texts: Sequence[str]) -> Any:
        return np.array([[text.count(letter) for letter in 'ao?'] for text in texts])


def found(retriever: Any, question: str, columns: Sequence[str] = ('q',)) -> list[int]:
    retriever.prepare(TRAIN, columns)
    rows = retriever.retrieve(Sample(0, {'q': question, 'a': ''}, ''), TRAIN)
    return [TRAIN.index(row) for row in rows]


def test_bm25_finds_the_rows_that_share_telling_words() -> None:
    assert found(BM25Retriever(ice_num=2), 'How many apples?') == [0, 2]
    assert found(BM25Retriever(ice_num=1), 'Faust, the moon and Faust') == [3]


def test_rows_that_share_nothing_come_last_in_their_order() -> None:
    assert found(BM25Retriever(ice_num=4), 'Goethe wrote') == [3, 0, 1, 2]


@given(
    st.lists(st.lists(st.sampled_from('abcdef'), min_size=1), min_size=2, max_size=8),
    st.lists(st.sampled_from('abcdefg'), max_size=6),
)
def test_the_scores_are_those_of_rank_bm25(corpus: list[list[str]], query: list[str]) -> None:
    expected = import_extra('rank_bm25', 'test').BM25Okapi(corpus).get_scores(query)
    scores = Bm25(corpus).scores(query)
    assert [scores.get(row, 0.0) for row in range(len(corpus))] == pytest.approx(list(expected))


def test_words_are_words_and_marks_and_chinese_characters() -> None:
    assert words("It's 3.5, 中文abc词!") == [
        'It',
        "'",
        's',
        '3',
        '.',
        '5',
        ',',
        '中',
        '文',
        'abc',
        '词',
        '!',
    ]


def test_a_sample_is_never_its_own_example() -> None:
    retriever = BM25Retriever(ice_num=1)
    retriever.prepare(TRAIN, ['q'])
    assert retriever.retrieve(Sample(0, TRAIN[0], '3'), TRAIN) == [TRAIN[2]]


def test_only_the_input_columns_count() -> None:
    assert found(BM25Retriever(ice_num=1), 'Goethe', ['q']) == [0]
    assert found(BM25Retriever(ice_num=1), 'Goethe', ['q', 'a']) == [3]


def test_topk_takes_the_greatest_inner_products() -> None:
    # The letters a, o and ? of the rows: (3, 1, 1), (1, 3, 1), (5, 1, 1), (1, 2, 1), ...
    assert found(LetterRetriever(ice_num=2), 'aaa') == [2, 0]
    assert found(LetterRetriever(ice_num=2), 'oo') == [1, 3]
    assert found(LetterRetriever(ice_num=4), '?') == [0, 1, 2, 3]


@pytest.mark.parametrize('retriever', [BM25Retriever(ice_num=7), LetterRetriever(ice_num=7)])
def test_more_rows_than_there_are_is_refused(retriever: Any) -> None:
    with pytest.raises(ConfigError, match='ice_num is 7, but the train split has 6 rows'):
        found(retriever, 'x')


def test_without_input_columns_there_is_nothing_to_compare() -> None:
    with pytest.raises(ConfigError, match='BM25Retriever compares the input columns of rows'):
        found(BM25Retriever(), 'x', [])


def test_a_window_holds_the_rows_before_the_sample() -> None:
    def window(index: int) -> list[int]:
        rows = SlidingWindowRetriever(k=2).retrieve(Sample(index, {}, ''), TRAIN)
        return [TRAIN.index(dict(row)) for row in rows]

    assert [window(index) for index in (0, 1, 2, 5, 6, 7)] == [
        [4, 5],
        [5, 0],
        [0, 1],
        [3, 4],
        [4, 5],
        [5, 0],
    ]
    with pytest.raises(ConfigError, match='k is 7, but the train split has 6 rows'):
        SlidingWindowRetriever(k=7).retrieve(Sample(0, {}, ''), TRAIN)


@pytest.mark.parametrize('kind', [BM25Retriever, SlidingWindowRetriever, TopkRetriever])
def test_the_names_of_opencompass_are_those_of_evalkit(kind: type) -> None:
    assert resolve_type(f'opencompass.openicl.icl_retriever.{kind.__name__}') is kind
