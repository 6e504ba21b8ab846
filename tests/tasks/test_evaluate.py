import json
from typing import Any

import pytest

from evalkit.errors import ExitCode
from tests.tasks.runs import RIGHT, SUMS, Run, a_dataset, a_model, write_rows

APPEND = 'tests.tasks.functions.append'


def set_eval(run: Run, **eval_cfg: Any) -> None:
    [dataset] = run.datasets
    run.datasets = [{**dataset, 'eval_cfg': {**dataset['eval_cfg'], **eval_cfg}}]


def evaluated(run: Run, code: int = ExitCode.COMPLETE) -> Any:
    """Ask and score; return the result."""
    run.do('infer')
    assert run.do('evaluate') == code
    return run.result()


def answers(result: Any) -> list[Any]:
    return [detail['answer'] for detail in result['details']]


def test_a_result_has_metrics_counts_times_and_details(run: Run) -> None:
    run.model = a_model(
        answers={
            **RIGHT,
            '1+1': {'text': '2', 'finish_reason': 'length'},
            '2+2': '5',
            '3+3': ' ',
            '4+4': {'text': '8', 'finish_reason': 'content_filter'},
        }
    )
    result = evaluated(run)
    assert result['timing'].pop('infer_seconds') >= 0
    assert len(result['version']) == 6
    expected = {
        'dataset': 'sums',
        'model': 'scripted',
        'version': result['version'],
        'mode': 'gen',
        'evaluator': 'AccEvaluator 1',
        'n': 6,
        'n_ok': 6,
        'truncated': 1,
        'empty': 1,
        'filtered': 1,
        'unextracted': 0,
        'cut_prompts': 0,
        'excluded': 0,
        'failed': 0,
        'timing': {'prompt_tokens': 6, 'output_tokens': 5},
    }
    assert {key: result[key] for key in expected} == expected
    assert result['metrics']['accuracy']['value'] == pytest.approx(400 / 6)
    assert result['details'][2] == {
        'index': 2,
        'repeat': 0,
        'status': 'ok',
        'prompt': 'Q:2+2',
        'output': '5',
        'answer': '5',
        'reference': '4',
        'accuracy': 0.0,
    }
    statuses = [detail['status'] for detail in result['details']]
    assert statuses == ['ok', 'truncated', 'ok', 'empty', 'filtered', 'ok']


def test_details_are_left_out_where_nobody_wants_them(run: Run) -> None:
    run.do('infer')
    run.do('evaluate', dump_details=False)
    assert 'details' not in run.result()


def test_the_model_s_postprocessor_comes_before_the_dataset_s_and_the_evaluator(run: Run) -> None:
    run.model['pred_postprocessor'] = {'type': APPEND, 'mark': ' model'}
    set_eval(run, pred_postprocessor={'type': APPEND, 'mark': ' dataset'})
    assert answers(evaluated(run))[1] == '2 model dataset'
    assert run.result()['metrics']['accuracy']['value'] == 0.0


def test_an_answer_in_which_nothing_is_found_is_counted(run: Run) -> None:
    run.model |= {'answers': {'2+2': 'it is four', '3+3': ''}, 'default': 'A'}
    set_eval(run, pred_postprocessor='first-capital')
    result = evaluated(run)
    assert answers(result)[1:5] == ['A', '', '', 'A']
    assert (result['unextracted'], result['empty']) == (1, 1)


def test_a_dataset_may_leave_answers_of_some_statuses_out_of_its_score(run: Run) -> None:
    run.model['answers'] = {
        **RIGHT,
        '1+1': {'text': '3', 'finish_reason': 'length'},
        '4+4': {'text': '', 'finish_reason': 'content_filter'},
    }
    set_eval(run, exclude=['filtered', 'truncated'])
    result = evaluated(run)
    assert result['metrics']['accuracy']['value'] == 100.0
    assert [result[name] for name in ('n', 'n_ok', 'excluded', 'failed')] == [6, 4, 2, 0]
    assert [detail.get('excluded', False) for detail in result['details']].count(True) == 2
    set_eval(run, exclude='truncated')
    assert evaluated(run)['metrics']['accuracy']['value'] == pytest.approx(80.0)


def test_a_dataset_that_leaves_everything_out_says_so(run: Run) -> None:
    refused = {'text': '', 'finish_reason': 'content_filter'}
    run.model['answers'] = dict.fromkeys(RIGHT, refused)
    set_eval(run, exclude=['filtered'])
    run.do('infer')
    assert run.do('evaluate') == ExitCode.FAILED
    assert 'left out by eval_cfg.exclude' in run.result()['error']


def test_only_an_answer_can_be_left_out(run: Run) -> None:
    set_eval(run, exclude=['filterd'])
    run.do('infer')
    assert run.do('evaluate') == ExitCode.FAILED
    assert "'filterd' is no status of an answer; did you mean" in run.result()['error']


def test_a_reference_has_a_postprocessor_of_its_own(run: Run) -> None:
    mark = {'type': APPEND, 'mark': '!'}
    set_eval(run, pred_postprocessor=mark, dataset_postprocessor=mark)
    result = evaluated(run)
    assert result['metrics']['accuracy']['value'] == 100.0
    assert result['details'][1]['reference'] == '2!'


def test_a_postprocessor_may_be_a_name(run: Run) -> None:
    run.model['answers'] = {question: f'It is {answer}.' for question, answer in RIGHT.items()}
    set_eval(run, pred_postprocessor='first-number', dataset_postprocessor='first-number')
    assert evaluated(run)['metrics']['accuracy']['value'] == 100.0


META = {
    'round': [
        {'role': 'HUMAN', 'begin': '<U>', 'end': '<e>'},
        {'role': 'BOT', 'begin': '<A>', 'end': '<e>', 'generate': True},
    ]
}


@pytest.mark.parametrize(
    ('output', 'expected'),
    [
        ('2', '2'),
        ('2<e><U>3+3<e><A>6<e>', '2'),
        ('<A>2<e>', '2'),
        ('well <A>2', '2'),
        ('2\nor more<e>', '2\nor more'),
    ],
)
def test_the_role_of_an_answer_is_cut_out_first(run: Run, output: str, expected: str) -> None:
    run.model = a_model(meta_template=META, default=output)
    set_eval(run, pred_role='BOT', pred_postprocessor={'type': APPEND, 'mark': '.'})
    assert answers(evaluated(run))[1] == f'{expected}.'


def test_a_later_turn_may_be_the_one_that_answers(run: Run) -> None:
    thought = {'role': 'THOUGHT', 'begin': '<T>', 'end': '<e>', 'generate': True}
    rounds = [META['round'][0], thought, {'role': 'BOT', 'begin': '<A>', 'end': '<e>'}]
    run.model = a_model(meta_template={'round': rounds}, default='hm<e><A>2<e>')
    set_eval(run, pred_role='BOT')
    assert answers(evaluated(run))[1] == '2'


def test_an_end_of_white_space_cuts_nothing(run: Run) -> None:
    bot = {'role': 'BOT', 'begin': 'A: ', 'end': '\n', 'generate': True}
    run.model = a_model(meta_template={'round': [META['round'][0], bot]}, default='1\n2')
    set_eval(run, pred_role='BOT')
    assert answers(evaluated(run))[1] == '1\n2'


def test_an_error_is_never_a_score(run: Run) -> None:
    run.model['error_on'] = '2+2'
    result = evaluated(run)
    assert (result['n'], result['n_ok'], result['failed']) == (6, 5, 1)
    assert result['metrics']['accuracy'] == {'value': 100.0, 'stderr': 0.0}
    assert result['details'][2] == {
        'index': 2,
        'repeat': 0,
        'status': 'error',
        'prompt': 'Q:2+2',
        'output': '',
        'answer': None,
        'reference': '4',
        'error': "bad_request: the prompt has '2+2'",
    }


def test_a_dataset_without_any_answer_has_no_score(run: Run) -> None:
    run.model['error_on'] = 'Q:'
    result = evaluated(run, ExitCode.FAILED)
    assert result['error'] == ("none of 6 samples has a score: bad_request: the prompt has 'Q:'")
    assert run.progress('evaluate').reason == f'sums: {result["error"]}'


def test_missing_predictions_are_no_wrong_answers(run: Run) -> None:
    run.do('infer')
    shard = run.predictions() / 'all.jsonl'
    lines = shard.read_bytes().splitlines(keepends=True)
    shard.write_bytes(b''.join([*lines[:2], *lines[4:]]))
    run.do('evaluate')
    assert run.result() == {
        'dataset': 'sums',
        'model': 'scripted',
        'error': 'incomplete: 2 of 6 samples have no answer, the first being sample 2',
        'is_incomplete': True,
    }


def test_a_dataset_that_was_never_asked_is_incomplete(run: Run) -> None:
    run.do('evaluate')
    assert run.result()['error'] == (
        'incomplete: 6 of 6 samples have no answer, the first being sample 0'
    )


def test_an_empty_dataset_has_no_score(run: Run) -> None:
    run.datasets[0]['reader_cfg'] = {'output_column': 'a', 'test_range': '[:0]'}
    assert evaluated(run, ExitCode.FAILED)['error'] == (
        'none of 0 samples has a score: the dataset has no samples'
    )


def test_index_and_reference_are_those_of_the_dataset_as_it_is_now(run: Run) -> None:
    run.do('infer')
    asked = run.outputs()
    rows = [{**row, 'a': '2'} for row in reversed(SUMS)]
    run.datasets = [a_dataset(write_rows(run.folder / 'new.jsonl', rows))]
    result = evaluated(run)
    assert run.outputs() == asked
    assert [(item['index'], item['prompt']) for item in result['details'][:2]] == [
        (0, 'Q:5+5'),
        (1, 'Q:4+4'),
    ]
    assert result['metrics']['accuracy']['value'] == pytest.approx(100 / 6)


def test_another_scorer_scores_again_and_asks_nothing(run: Run) -> None:
    first = evaluated(run)
    set_eval(run, evaluator={'type': 'tests.evaluators.own.LengthEvaluator'})
    second = evaluated(run)
    assert len(run.records()) == 6
    assert first['evaluator'] == 'AccEvaluator 1'
    assert second['evaluator'] == 'LengthEvaluator 7'
    assert list(second['metrics']) == ['tenth', 'long']
    assert second['metrics']['tenth']['value'] == pytest.approx(50.0)


def test_an_answer_that_the_scorer_trips_over_fails_alone(run: Run) -> None:
    run.model['answers'] = {**RIGHT, '2+2': 'four'}
    set_eval(run, evaluator={'type': 'tests.evaluators.own.LengthEvaluator'})
    result = evaluated(run)
    assert (result['n_ok'], result['failed']) == (5, 1)
    assert result['details'][2]['error'] == (
        "scorer: ValueError: invalid literal for int() with base 10: 'four' (own.py, line 15)"
    )


def test_an_answer_that_a_postprocessor_trips_over_fails_alone(run: Run) -> None:
    run.model['answers'] = {**RIGHT, '2+2': 'four'}
    whole = {'type': 'tests.tasks.functions.whole_number'}
    set_eval(run, pred_postprocessor=whole, dataset_postprocessor=whole)
    result = evaluated(run)
    assert result['failed'] == 1
    assert result['details'][2]['error'] == (
        "postprocessor: ValueError: invalid literal for int() with base 10: 'four' "
        '(functions.py, line 15)'
    )
    assert answers(result)[:2] == [0, 2]


def test_a_reference_that_its_postprocessor_trips_over_fails_alone(run: Run) -> None:
    rows = [{'q': '1+1', 'a': '2'}, {'q': '2+2', 'a': 'four'}]
    whole = {'type': 'tests.tasks.functions.whole_number'}
    run.datasets = [a_dataset(write_rows(run.folder / 'own.jsonl', rows))]
    set_eval(run, pred_postprocessor=whole, dataset_postprocessor=whole)
    result = evaluated(run)
    assert (result['n_ok'], result['failed']) == (1, 1)
    assert result['details'][1]['error'].startswith('reference: ValueError: invalid literal')


def test_a_score_that_is_no_number_fails_its_sample(run: Run) -> None:
    run.model['answers'] = {**RIGHT, '2+2': 'nan'}
    set_eval(run, evaluator={'type': 'tests.evaluators.own.NotANumberEvaluator'})
    result = evaluated(run)
    assert result['details'][2]['error'] == 'scorer: value is nan'
    assert result['metrics']['value']['value'] == 100.0


def test_what_concerns_all_samples_fails_the_dataset(run: Run) -> None:
    set_eval(run, evaluator={'type': 'tests.evaluators.own.DeadJudgeEvaluator'})
    assert evaluated(run, ExitCode.FAILED)['error'] == 'the judge does not answer'


def test_answers_that_json_does_not_know_are_shown_as_text(run: Run) -> None:
    as_set = {'type': 'tests.tasks.functions.as_set'}
    set_eval(run, pred_postprocessor=as_set, dataset_postprocessor=as_set)
    result = evaluated(run)
    assert result['metrics']['accuracy']['value'] == 100.0
    assert answers(result)[1] == "{'2'}"


def test_a_model_that_reads_the_answers_is_refused(run: Run) -> None:
    set_eval(run, model_postprocessor={'type': 'xfinder'})
    assert evaluated(run, ExitCode.FAILED)['error'].startswith(
        'eval_cfg.model_postprocessor (a model that reads the answers) is not supported'
    )


def test_one_dataset_that_cannot_be_scored_leaves_the_others(run: Run) -> None:
    bad = a_dataset(run.folder / 'nowhere.jsonl', 'bad')
    run.datasets = [bad, *run.datasets]
    result = evaluated(run, ExitCode.FAILED)
    assert result['metrics']['accuracy']['value'] == 100.0
    assert run.result('bad')['error'].startswith(
        f'there is no data at {run.folder}/nowhere.jsonl; looked at '
    )
    assert run.progress('evaluate').num_done == 6


def test_repeats_are_scored_as_clusters_of_their_samples(run: Run) -> None:
    run.datasets[0]['n'] = 3
    run.model['answers'] = {**RIGHT, '0+0': 'x', '1+1': 'x', '2+2': 'x'}
    result = evaluated(run)
    assert (result['n'], len(run.records())) == (18, 18)
    # Three samples all right, three all wrong: as for six answers, sqrt(0.25 * 6 / 5 / 6).
    assert result['metrics']['accuracy']['value'] == 50.0
    assert result['metrics']['accuracy']['stderr'] == pytest.approx(100 * (0.25 / 5) ** 0.5)
    places = [(detail['index'], detail['repeat']) for detail in result['details'][:4]]
    assert places == [(0, 0), (0, 1), (0, 2), (1, 0)]


def test_k_adds_the_chance_that_one_of_k_answers_is_right(run: Run) -> None:
    run.datasets[0].update(n=4, k=[2, 4])
    result = evaluated(run)
    assert list(result['metrics'])[:2] == ['accuracy', 'G-Pass@2_0.0']
    assert {name for name in result['metrics'] if name.endswith('_0.0')} == {
        'G-Pass@2_0.0',
        'G-Pass@4_0.0',
    }
    assert all(metric['value'] == 100.0 for metric in result['metrics'].values())


def test_a_k_of_one_adds_nothing(run: Run) -> None:
    run.datasets[0].update(n=2, k=1)
    assert list(evaluated(run)['metrics']) == ['accuracy']


def test_more_answers_than_there_are_cannot_be_drawn(run: Run) -> None:
    run.datasets[0].update(n=2, k=4)
    assert evaluated(run, ExitCode.FAILED)['error'] == (
        'k=4 needs as many answers to a sample, but n=2'
    )


def test_samples_that_ask_the_same_share_an_answer_and_its_cost(run: Run) -> None:
    rows = [{'q': '1+1', 'a': '2'}, {'q': '1+1', 'a': '3'}, {'q': '2+2', 'a': '4'}]
    run.datasets = [a_dataset(write_rows(run.folder / 'own.jsonl', rows))]
    result = evaluated(run)
    assert len(run.records()) == 2
    assert [detail['accuracy'] for detail in result['details']] == [1.0, 0.0, 1.0]
    assert (result['n'], result['timing']['prompt_tokens']) == (3, 2)


def test_an_interrupt_before_a_dataset_leaves_it_for_later(run: Run) -> None:
    run.do('infer')
    run.datasets[0]['eval_cfg'] = {'evaluator': {'type': 'tests.tasks.signals.SignalEvaluator'}}
    run.datasets += [{**run.datasets[0], 'abbr': 'later'}]
    assert run.do('evaluate') == ExitCode.INTERRUPTED
    assert run.result()['n_ok'] == 6
    assert not (run.folder / 'results/scripted/later.json').exists()


def test_a_result_is_ascii_json(run: Run) -> None:
    run.model['answers'] = {**RIGHT, '2+2': 'vier\u2028\ud83d'}
    evaluated(run)
    data = (run.folder / 'results/scripted/sums.json').read_bytes()
    assert data.isascii()
    assert json.loads(data)['details'][2]['answer'] == 'vier\u2028\ud83d'
