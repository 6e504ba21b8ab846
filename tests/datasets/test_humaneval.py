"""HumanEval: its files, its prompts, and programs that are run."""

from pathlib import Path
from typing import Any

import pytest

from evalkit.datasets import HumanevalDataset, HumanEvalEvaluator, humaneval_postprocess_v2
from evalkit.datasets.files import find_data, read_jsonl
from evalkit.errors import ConfigError
from evalkit.tasks.parts import check_dataset
from tests.datasets.families import SAMPLES, config, prompts, samples_of, score
from tests.tasks.runs import Run

CASES = [case for case in read_jsonl(SAMPLES / 'code_answers.jsonl') if case['kind'] == 'humaneval']
PROBLEMS: list[dict[str, Any]] = read_jsonl(SAMPLES / 'humaneval/human-eval-v2-20210705.jsonl')


@pytest.mark.usefixtures('samples')
def test_the_reference_is_all_that_scoring_needs() -> None:
    samples = samples_of(config('humaneval_gen'))
    assert [sample.fields['entry_point'] for sample in samples] == [
        'longest_gap',
        'encode_steps',
        'count_vowels',
        'area',
    ]
    assert samples[3].reference == {
        name: PROBLEMS[3][name] for name in ('task_id', 'prompt', 'entry_point', 'test')
    }


@pytest.mark.usefixtures('samples')
def test_the_prompt_is_the_beginning_of_the_function() -> None:
    code = PROBLEMS[3]['prompt']
    asked = f'Complete the following python code:\n{code}'
    assert prompts(config('humaneval_gen_8e312c'))[3] == asked
    assert prompts(config('humaneval_gen_8e312c'), chat=True)[3] == [
        {'role': 'user', 'content': f'{asked}\n'}
    ]
    assert prompts(config('humaneval_gen'))[3] == (
        'Read the following function signature and docstring, and fully implement the function '
        f'described. Your response should only contain the code for this function.\n{code}'
    )


@pytest.fixture(scope='module')
def verdicts() -> list[float]:
    """The score of each golden case, run together."""
    references = {row['task_id']: row for row in PROBLEMS}
    scored = HumanEvalEvaluator().score_all(
        [humaneval_postprocess_v2(case['output']) for case in CASES],
        [references[case['task']] for case in CASES],
    )
    return [next(iter(scores.values())) for scores in scored if isinstance(scores, dict)]


@pytest.mark.parametrize('number', range(len(CASES)), ids=[case['about'] for case in CASES])
def test_a_golden_case_has_its_verdict(number: int, verdicts: list[float]) -> None:
    assert verdicts[number] == CASES[number]['verdict']


@pytest.mark.usefixtures('samples')
def test_answers_are_run_and_the_details_say_why(tmp_path: Path) -> None:
    cfg = config('humaneval_gen')
    answers = {
        'longest_gap': {'text': '```python\n    return 7\n```'},
        'encode_steps': {'text': '    while True: pass'},
        'area': {'text': PROBLEMS[3]['canonical_solution']},
    }
    cfg['eval_cfg']['evaluator']['seconds'] = 2.0
    run = Run(tmp_path, {'type': 'ScriptedChatModel', 'abbr': 'm', 'answers': answers}, [cfg])
    assert (run.do('infer'), run.do('eval')) == (0, 0)
    result = run.result('openai_humaneval')
    assert result['metrics'] == {'humaneval_pass@1': {'value': 25.0, 'stderr': 25.0}}
    assert result['verdicts'] == {'failed': 2, 'timeout': 1, 'passed': 1}
    assert result['sandbox'] in ('bubblewrap', 'landlock')
    details = result['details']
    assert details[0]['why'] == 'AssertionError (tests, line 9: assert candidate([1, 9, 4]) == 5)'
    assert details[1]['why'] == 'more than 2 s'
    assert details[3]['verdict'] == 'passed'
    assert details[3]['program'].endswith('\n\ncheck(area)\n')


@pytest.mark.usefixtures('samples')
def test_pass_at_k_counts_the_answers_of_each_problem(tmp_path: Path) -> None:
    cfg = config('humaneval_repeat10_gen_8e312c')
    right = PROBLEMS[3]['canonical_solution']
    found = score(tmp_path, cfg, answers={'area': right})
    assert found == {'humaneval_pass@1': 25.0, 'humaneval_pass@10': 25.0}


def test_pass_at_k_is_unbiased() -> None:
    """Of five answers two pass: a pair has none of them with 3/10."""
    right, wrong = PROBLEMS[3]['canonical_solution'], '    return 0\n'
    evaluator = HumanEvalEvaluator(k=[1, 2, 5, 10])
    outputs = [right, wrong, wrong, right, wrong, *[wrong] * 5]
    scores = evaluator.score_all(outputs, [PROBLEMS[3]] * 10)
    metrics = evaluator.aggregate(
        [each for each in scores if isinstance(each, dict)], [0] * 5 + [1] * 5
    )
    assert {name: metric.value for name, metric in metrics.items()} == {
        'humaneval_pass@1': pytest.approx(20.0),
        'humaneval_pass@2': pytest.approx(35.0),
        'humaneval_pass@5': pytest.approx(50.0),
    }
    assert metrics['humaneval_pass@2'].stderr == pytest.approx(35.0)


@pytest.mark.usefixtures('samples')
def test_num_repeats_is_the_older_word_for_n() -> None:
    cfg = config('humaneval_passk_gen_8e312c')
    older = {key: value for key, value in cfg.items() if key != 'n'}
    assert check_dataset({**older, 'num_repeats': 3}, 'datasets[0]')['n'] == 3


def test_a_file_without_tests_is_an_error(tmp_path: Path) -> None:
    (tmp_path / 'problems.jsonl').write_text('{"prompt": "x"}\n')
    with pytest.raises(ConfigError, match='a problem of HumanEval has no task_id, entry_point, te'):
        HumanevalDataset.load(str(tmp_path / 'problems.jsonl'))


def has_real_data() -> bool:
    try:
        return find_data('opencompass/humaneval').suffix == '.gz'
    except ConfigError:
        return False


@pytest.mark.skipif(not has_real_data(), reason='EVALKIT_DATA has no humaneval/HumanEval.jsonl.gz')
def test_all_real_solutions_pass_and_all_empty_bodies_fail() -> None:
    rows = HumanevalDataset.load()
    assert len(rows) == 164
    references = [row['task_id'] for row in rows]
    for answers, wanted in (
        ([row['canonical_solution'] for row in rows], 1.0),
        (['    pass'] * len(rows), 0.0),
    ):
        scores = HumanEvalEvaluator().score_all(answers, references)
        assert [dict(each) for each in scores if isinstance(each, dict)] == [
            {'humaneval_pass@1': wanted}
        ] * 164
