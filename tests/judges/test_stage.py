"""A judge is a stage of its own: asked after the model, stored, and asked once."""

from pathlib import Path

from tests.judges.runs import (
    JUDGED,
    asked_judge,
    cascade,
    evaluator,
    judge,
    judged,
    judgements,
    result,
    write_judged,
)
from tests.runs import asked, evaluate, model, run_folder, scores, write_config, write_words

WORDS = {'words', 'scripted'}


def test_a_judge_scores_the_answers(tmp_path: Path) -> None:
    write_judged(tmp_path, models=[model(answers={'word3': 'no'})])
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 90.0}
    found = result(tmp_path)
    counts = {key: found['judge'][key] for key in ('model', 'needed', 'judged')}
    assert counts == {'model': 'judge', 'needed': 10, 'judged': 10}
    detail = found['details'][3]
    assert (detail['output'], detail['judgement'], detail['accuracy']) == ('no', 'B', 0.0)
    assert '10/10 by judge' in done.stdout
    [record] = [record for record in judgements(tmp_path) if record['index'] == 3]
    assert record['prompt'] == 'Q Say word3. G word3 P [no] A or B?'
    assert (run_folder(tmp_path) / 'judgements' / 'judge.engine.json').exists()
    assert (run_folder(tmp_path) / 'judgements/scripted/words/manifest.json').exists()


def test_asking_the_model_alone_asks_no_judge_and_scoring_asks_no_model(tmp_path: Path) -> None:
    write_judged(tmp_path)
    assert evaluate(tmp_path, 'words.py', '-m', 'infer').returncode == 0
    assert (len(asked(tmp_path)), asked_judge(tmp_path)) == (10, [])
    assert evaluate(tmp_path, 'words.py', '-m', 'eval').returncode == 0
    assert (len(asked(tmp_path)), len(asked_judge(tmp_path))) == (10, 10)
    assert evaluate(tmp_path, 'words.py', '-m', 'eval').returncode == 0
    assert len(asked_judge(tmp_path)) == 10
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}


def test_another_prompt_or_judge_asks_the_judge_again_and_not_the_model(tmp_path: Path) -> None:
    write_judged(tmp_path)
    evaluate(tmp_path, 'words.py')
    other = {'type': 'evalkit.prompts.PromptTemplate', 'template': 'G {answer} P [{prediction}]'}
    write_judged(tmp_path, evaluator(judge_cfg=judge(), prompt_template=other))
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert (len(asked(tmp_path)), len(asked_judge(tmp_path))) == (10, 20)
    write_judged(tmp_path, evaluator(judge_cfg=judge('other', path='other')))
    done = evaluate(tmp_path, 'words.py', '-r')
    assert (len(asked(tmp_path)), len(asked_judge(tmp_path))) == (10, 30)
    assert '10/10 by other' in done.stdout
    log = run_folder(tmp_path) / 'logs/judge/other/scripted_words.log'
    assert 'reused 0, stale 20, new 10' in log.read_text()


def test_a_changed_answer_is_judged_anew_and_the_others_are_not(tmp_path: Path) -> None:
    write_judged(tmp_path)
    evaluate(tmp_path, 'words.py')
    write_judged(tmp_path, models=[model(answers={'word3': 'no'})])
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert len(asked_judge(tmp_path)) == 11
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 90.0}


def test_one_judge_is_loaded_once_for_all_models_and_datasets(tmp_path: Path) -> None:
    write_words(tmp_path)
    models = [model('one'), model('two', path='two', answers={'word1': 'no'})]
    datasets = [judged(), judged(abbr='more')]
    write_config(tmp_path, models, datasets)
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    tasks = list((run_folder(tmp_path) / 'logs' / 'judge' / 'judge').glob('*.log'))
    assert [task.name for task in tasks] == ['one_words+3.log']
    assert scores(run_folder(tmp_path)) == {
        ('words', 'one'): 100.0,
        ('more', 'one'): 100.0,
        ('words', 'two'): 90.0,
        ('more', 'two'): 90.0,
    }


def test_a_cascade_asks_the_judge_about_what_is_wrong_by_the_rules(tmp_path: Path) -> None:
    answers = {'word3': 'WORD3', 'word4': 'no'}
    lenient = judge(answers={'[WORD3]': 'A'})
    scored = cascade(llm_evaluator=evaluator(judge_cfg=lenient))
    write_judged(tmp_path, scored, models=[model(answers=answers)])
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    assert len(asked_judge(tmp_path)) == 2
    metrics = result(tmp_path)['metrics']
    assert {name: metrics[name]['value'] for name in metrics} == {
        'accuracy': 90.0,
        'rule_accuracy': 80.0,
    }
    assert '2/2 by judge' in done.stdout
    write_judged(tmp_path, {**scored, 'parallel': True}, models=[model(answers=answers)])
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert len(asked_judge(tmp_path)) == 10
    assert result(tmp_path)['metrics']['accuracy']['value'] == 90.0


def test_the_same_answer_in_another_repeat_is_judged_once(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, datasets=[judged(n=3)])
    assert evaluate(tmp_path, 'words.py').returncode == 0
    assert (len(asked(tmp_path)), len(asked_judge(tmp_path))) == (30, 10)
    assert result(tmp_path)['n'] == 30
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}


def test_a_judge_shared_over_workers_gives_the_same(tmp_path: Path) -> None:
    partitioner = {'type': 'evalkit.partitioners.NumWorkerPartitioner', 'num_worker': 2}
    write_judged(tmp_path, infer={'partitioner': {**partitioner, 'min_task_size': 1}})
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    folder = run_folder(tmp_path) / 'judgements/scripted/words'
    assert sorted(path.name for path in folder.glob('*.jsonl')) == ['0of2.jsonl', '1of2.jsonl']
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}


def test_columns_may_come_from_another_dataset(tmp_path: Path) -> None:
    write_judged(tmp_path)
    write_words(tmp_path, name='other.jsonl')
    rows = {'type': 'evalkit.datasets.CustomDataset', 'path': 'other.jsonl'}
    write_judged(tmp_path, evaluator(judge_cfg=judge(), dataset_cfg=rows))
    assert evaluate(tmp_path, 'words.py').returncode == 0
    write_words(tmp_path, 5, 'other.jsonl')
    done = evaluate(tmp_path, 'words.py', '-r')
    assert done.returncode == 3
    assert 'evaluator.dataset_cfg has no row 5, which words has' in done.stdout


def test_a_dry_run_lists_the_judge_and_shows_what_it_is_asked(tmp_path: Path) -> None:
    write_judged(tmp_path)
    shown = evaluate(tmp_path, 'words.py', '--dry-run').stdout
    assert 'judge/scripted_words' in shown
    assert 'up to 10' in shown
    assert 'Q Say word0. G word0 P [(the answer)] A or B?' in shown
    assert not (tmp_path / JUDGED).exists()
    evaluate(tmp_path, 'words.py', '-m', 'infer')
    shown = evaluate(tmp_path, 'words.py', '--dry-run', '-r').stdout
    assert 'up to' not in shown
    assert 'Q Say word0. G word0 P [word0] A or B?' in shown


def test_what_the_rules_cannot_read_is_judged_and_the_judge_sees_it_whole(tmp_path: Path) -> None:
    (tmp_path / 'own.py').write_text('def fail(text: str) -> str:\n    raise ValueError(text)\n')
    rules = {'type': 'AccEvaluator', 'pred_postprocessor': {'type': 'own.fail'}}
    write_judged(tmp_path, cascade(rule_evaluator=rules))
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    assert len(asked_judge(tmp_path)) == 10
    metrics = result(tmp_path)['metrics']
    assert (metrics['accuracy']['value'], metrics['rule_accuracy']['value']) == (100.0, 0.0)


def test_what_cannot_be_shown_to_the_judge_is_an_error(tmp_path: Path) -> None:
    (tmp_path / 'own.py').write_text(
        'def fail(text: str) -> str:\n    return {"word3": 3}[text] if text == "word4" else text\n'
    )
    scored = cascade(parallel=True)
    scored['llm_evaluator'] |= {'pred_postprocessor': {'type': 'own.fail'}}
    write_judged(tmp_path, scored)
    assert evaluate(tmp_path, 'words.py').returncode == 3
    found = result(tmp_path)
    assert (found['n_ok'], found['failed']) == (9, 1)
    assert found['details'][4]['error'].startswith('postprocessor: KeyError')


def test_a_strict_resumption_refuses_another_prompt_of_the_judge(tmp_path: Path) -> None:
    write_judged(tmp_path)
    evaluate(tmp_path, 'words.py')
    assert evaluate(tmp_path, 'words.py', '-r', '--strict').returncode == 0
    other = {'type': 'evalkit.prompts.PromptTemplate', 'template': 'G {answer} P [{prediction}]'}
    write_judged(tmp_path, evaluator(judge_cfg=judge(), prompt_template=other))
    done = evaluate(tmp_path, 'words.py', '-r', '--strict')
    assert done.returncode == 2
    assert '--strict: judge on scripted/words: reused 0, stale 10, new 10' in done.stderr
    assert len(asked_judge(tmp_path)) == 10
