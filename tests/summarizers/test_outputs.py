from pathlib import Path
from typing import Any

import pytest

from tests.summarizers.results import (
    TIMING,
    a_result,
    metrics,
    summarize,
    written,
    written_json,
)

TWO_METRICS = {'accuracy': {'value': 62.5, 'stderr': 4.25}, 'f1': {'value': 70.0, 'stderr': None}}

RESULTS: dict[tuple[str, str], Any] = {
    ('calc', 'big'): a_result(metrics=TWO_METRICS),
    ('calc', 'small'): a_result(20.0, 1.0, n_ok=8, failed=2, truncated=1, empty=1, filtered=3),
    ('piqa', 'big'): a_result(
        90.0, mode='ppl', version='ffffff', timing={**TIMING, 'infer_seconds': 0}
    ),
    ('piqa', 'small'): {'error': 'incomplete: 3 of 10 samples have no answer | the first being 7'},
}

GOLDEN = Path(__file__).parent / 'golden'


@pytest.mark.parametrize('kind', ['txt', 'md', 'csv'])
def test_the_table_is_written_as_text_markdown_and_numbers(tmp_path: Path, kind: str) -> None:
    summarize(tmp_path, RESULTS)
    assert written(tmp_path, kind) == (GOLDEN / f'summary.{kind}').read_text()


def test_the_json_has_every_count(tmp_path: Path) -> None:
    summarize(tmp_path, RESULTS)
    none = {'n': 0, 'n_ok': 0, 'truncated': 0, 'empty': 0, 'filtered': 0, 'failed': 0}
    whole = {**none, 'n': 10, 'n_ok': 10}
    assert written_json(tmp_path) == {
        'rows': [
            {
                'dataset': 'calc',
                'version': 'abc123',
                'metric': 'accuracy',
                'mode': 'gen',
                'values': {
                    'big': {'value': 62.5, 'stderr': 4.25, **whole},
                    'small': {
                        'value': 20.0,
                        'stderr': 1.0,
                        'n': 10,
                        'n_ok': 8,
                        'truncated': 1,
                        'empty': 1,
                        'filtered': 3,
                        'failed': 2,
                    },
                },
            },
            {
                'dataset': 'calc',
                'version': 'abc123',
                'metric': 'f1',
                'mode': 'gen',
                'values': {
                    'big': {'value': 70.0, 'stderr': None, **whole},
                    'small': {
                        'value': None,
                        'stderr': None,
                        **none,
                        'error': 'there is no metric f1; there is accuracy',
                    },
                },
            },
            {
                'dataset': 'piqa',
                'version': 'ffffff',
                'metric': 'accuracy',
                'mode': 'ppl',
                'values': {
                    'big': {'value': 90.0, 'stderr': None, **whole},
                    'small': {
                        'value': None,
                        'stderr': None,
                        **none,
                        'error': RESULTS['piqa', 'small']['error'],
                    },
                },
            },
        ],
        'timing': {
            'big': {'calc': TIMING, 'piqa': {**TIMING, 'infer_seconds': 0}},
            'small': {'calc': TIMING},
        },
    }


def test_what_was_not_scored_is_failed_and_what_is_not_to_be_scored_is_a_dash(
    tmp_path: Path,
) -> None:
    summary = summarize(tmp_path, {('a', 'big'): None, ('b', 'small'): a_result(5.0)})
    assert summary.errors == {('a', 'big'): 'not scored yet'}
    assert written(tmp_path, 'txt').split('\n\n')[0] == (
        'dataset    version    metric    mode    big                      small\n'
        '---------  ---------  --------  ------  -----------------------  -------\n'
        'a          -          -         -       FAILED (not scored yet)  -\n'
        'b          abc123     accuracy  gen     -                        5.00'
    )


def test_a_bar_or_a_line_break_does_not_break_the_markdown(tmp_path: Path) -> None:
    summarize(tmp_path, {('a|b', 'm'): {'error': 'no\n| way'}})
    assert written(tmp_path, 'md').splitlines()[2] == (
        '| a\\|b      | -         | -        | -      | FAILED (no \\| way) |'
    )


def test_truncated_answers_are_told_of_from_one_percent_on(tmp_path: Path) -> None:
    results = {
        ('few', 'm'): a_result(n=1000, n_ok=1000, truncated=9),
        ('many', 'm'): a_result(n=1000, n_ok=1000, truncated=10),
        ('small', 'm'): a_result(n=10, truncated=1),
    }
    summarize(tmp_path, results)
    assert written(tmp_path, 'txt').splitlines()[-3:] == [
        '',
        'm on many: 10 of 1000 answers were cut at max_out_len',
        'm on small: 1 of 10 answers were cut at max_out_len',
    ]


def test_what_is_said_of_many_datasets_is_one_line(tmp_path: Path) -> None:
    results: dict[tuple[str, str], Any] = {
        (f'set{n}', 'm'): a_result(n=10, n_ok=10, truncated=n) for n in range(1, 6)
    }
    results |= {(f'lost{n}', 'm'): {'error': 'no such file'} for n in range(4)}
    results['set1', 'other'] = a_result(n=10, n_ok=10, truncated=3)
    summarize(tmp_path, results)
    assert written(tmp_path, 'txt').split('\n\n')[-1].splitlines() == [
        'FAILED m on 4 datasets (lost0, lost1, lost2 and 1 more): no such file',
        'm on 5 datasets (set1, set2, set3 and 2 more): 15 of 50 answers were cut at max_out_len',
        'other on set1: 3 of 10 answers were cut at max_out_len',
    ]


def test_answers_in_which_nothing_was_found_are_told_of_above_five_percent(tmp_path: Path) -> None:
    results = {
        ('few', 'm'): a_result(n=100, n_ok=100, unextracted=5),
        ('many', 'm'): a_result(n=100, n_ok=100, unextracted=6),
    }
    summarize(tmp_path, results)
    assert '6 unextracted' in written(tmp_path, 'txt')
    assert written(tmp_path, 'txt').splitlines()[-2:] == [
        '',
        'm on many: the postprocessor found nothing in 6 of 100 answers; the score may be its own',
    ]


def test_the_summary_counts_the_samples_that_failed(tmp_path: Path) -> None:
    summary = summarize(tmp_path, RESULTS)
    assert summary.num_failed == 2
    assert list(summary.errors) == [('piqa', 'small')]


def test_names_that_are_no_file_names_are_found_again(tmp_path: Path) -> None:
    summary = summarize(tmp_path, {('a/b c', 'org/model'): metrics(score=1.0)})
    assert summary.rows[0].cells['org/model'].value == 1.0
