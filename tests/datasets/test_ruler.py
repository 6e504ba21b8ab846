"""RULER: samples as long as there is room, with what is asked for in them."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from evalkit.config import load_config
from evalkit.datasets import (
    RulerCweDataset,
    RulerEvaluator,
    RulerFweDataset,
    RulerNiahDataset,
    RulerQaDataset,
    RulerQaEvaluator,
    RulerVtDataset,
)
from evalkit.datasets.ruler_fit import token_counter
from evalkit.errors import ConfigError
from tests.datasets.families import ROOT, configs, score
from tests.runs import CALC_MODEL

pytestmark = pytest.mark.usefixtures('samples')

TOKENIZER = str(CALC_MODEL)
SMALL: dict[str, Any] = {'tokenizer_model': TOKENIZER, 'num_samples': 3}


def length(text: str) -> int:
    return token_counter(TOKENIZER)(text)


@pytest.mark.parametrize('haystack', ['essay', 'repeat', 'needle'])
def test_needles_are_hidden_in_a_text_that_fills_the_room(haystack: str) -> None:
    rows = RulerNiahDataset.load(
        max_seq_length=4096, num_needle_v=2, num_needle_q=2, type_haystack=haystack, **SMALL
    )
    assert len({row['prompt'] for row in rows}) == 3
    for row in rows:
        assert len(row['answer']) == 4
        assert all(f'is: {value}.' in row['prompt'] for value in row['answer'])
        assert 0.9 * 4096 < length(row['prompt']) + 128 <= 4096


def test_a_single_needle_is_asked_for_in_the_singular() -> None:
    [row, *_] = RulerNiahDataset.load(type_haystack='repeat', max_seq_length=1024, **SMALL)
    assert row['prompt'].startswith('A special magic number is hidden within the following text.')
    assert re.search(r'The special magic number for [\w-]+ mentioned in the provided text is$',
                     row['prompt'])  # fmt: skip


def test_samples_do_not_depend_on_how_many_there_are() -> None:
    few = RulerVtDataset.load(max_seq_length=1024, **SMALL)
    more = RulerVtDataset.load(max_seq_length=1024, **{**SMALL, 'num_samples': 5})
    assert more[:3] == few
    assert RulerVtDataset.load(max_seq_length=1024, random_seed=1, **SMALL) != few


def test_variables_of_a_chain_have_the_value_that_is_asked_for() -> None:
    [row, *_] = RulerVtDataset.load(max_seq_length=2048, num_hops=4, **SMALL)
    value = re.search(r'assigned the value (\d{5}) in the text', row['prompt'])
    assert value is not None
    found = [
        name for name, of in re.findall(r'VAR (\w+) = (\d{5})', row['prompt']) if of == value[1]
    ]
    for name, other in re.findall(r'VAR (\w+) = VAR (\w+) ', row['prompt']):
        found += [name] if other in found else []
    assert found == row['answer']
    assert len(found) == 5


def test_common_words_are_the_most_frequent_in_the_list() -> None:
    [row, *_] = RulerCweDataset.load(max_seq_length=16384, **SMALL)
    question = row['prompt'].rpartition('Below is a numbered list')[2]
    words = re.findall(r'(?<=\d\. ).+?(?= \d+\. |\n|$)', question.split('\n')[1])
    counts = Counter(words)
    common = [word for word, _ in counts.most_common(10)]
    assert sorted(common) == sorted(row['answer'])
    assert {counts[word] for word in common} == {30}
    assert len(words) > 300


def test_coded_words_are_the_most_frequent_after_the_dots() -> None:
    [row, *_] = RulerFweDataset.load(max_seq_length=2048, **SMALL)
    words = re.findall(
        r'\b[a-z]{6}\b', row['prompt'].partition('coded words. ')[2].partition('\n')[0]
    )
    counts = {word: words.count(word) for word in set(words)}
    assert sorted(counts, key=lambda word: -counts[word])[:3] == row['answer']
    assert '...' in row['prompt']


@pytest.mark.parametrize(
    ('dataset', 'path', 'answer', 'documents'),
    [
        ('squad', 'data/ruler/dev-v2.0.json', ['Oslo'], 3),
        ('hotpotqa', 'data/ruler/hotpotqa.json', ['Tiber'], 2),
    ],
)
def test_a_question_stands_among_documents(
    dataset: str, path: str, answer: list[str], documents: int
) -> None:
    [row] = RulerQaDataset.load(path, dataset, max_seq_length=1024, **SMALL)
    assert row['answer'] == answer
    assert len(re.findall(r'Document \d+:', row['prompt'])) == documents


def test_where_there_is_little_room_there_are_fewer_documents() -> None:
    [row] = RulerQaDataset.load('data/ruler/dev-v2.0.json', max_seq_length=400, **SMALL)
    assert 'Oslo is the capital' in row['prompt']
    assert len(re.findall(r'Document \d+:', row['prompt'])) < 3


def test_answers_are_scored_by_what_stands_in_them() -> None:
    assert RulerEvaluator().score('ABC and def', ['abc', 'xyz']) == {'score': 0.5}
    assert RulerQaEvaluator().score('ABC', ['abc', 'xyz']) == {'score': 1.0}
    assert RulerQaEvaluator().score('', ['abc']) == {'score': 0.0}


def test_the_13_tasks_are_scored_and_grouped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('TOKENIZER_MODEL', TOKENIZER)
    tasks = configs('ruler_4k_gen')
    groups = load_config(ROOT / 'configs/summarizers/groups/ruler.py')['ruler_summary_groups']
    assert set(tasks) == set(groups[0]['subsets'])
    squad = {**tasks['ruler_qa_squad_4k'], 'max_seq_length': 1024}
    assert score(tmp_path, squad, default='It is oslo.') == {'score': 100.0}


def test_a_tokenizer_that_cannot_be_had_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='set TOKENIZER_MODEL'):
        RulerVtDataset.load(tokenizer_model=str(tmp_path))
