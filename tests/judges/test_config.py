"""Where a judge is named, and what is said where it is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.tasks.judges import environment_judge, judge_of
from evalkit.tasks.validate import validate
from tests.judges.runs import cascade, evaluator, judge, judged, write_judged
from tests.runs import evaluate, model, run_folder, summary, write_words


def judge_in(scored: Any, **top: Any) -> Any:
    """Return the judge of the only dataset of a checked config."""
    [checked] = validate({'models': [model()], 'datasets': [judged(scored)], **top}, 'c.py')[
        'datasets'
    ]
    return judge_of(checked)


@pytest.fixture(autouse=True)
def _no_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv('OC_JUDGE_MODEL', raising=False)


def test_without_a_judge_nothing_is_run(tmp_path: Path) -> None:
    write_judged(tmp_path, evaluator(judge_cfg={}))
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 2
    assert done.stderr == (
        'run.py: error: words.py: dataset words needs a judge, and none is named: set judge_cfg in '
        'its evaluator, or judge_models in the config, or OC_JUDGE_MODEL (with OC_JUDGE_API_KEY '
        'and OC_JUDGE_API_BASE) in the environment\n'
    )
    assert not (tmp_path / 'outputs').exists()


def test_the_evaluator_s_own_judge_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('OC_JUDGE_MODEL', 'from/environment')
    top = {'judge_models': [judge('from-config')]}
    for scored in (evaluator, lambda **keys: cascade(llm_evaluator=evaluator(**keys))):
        assert judge_in(scored(judge_cfg=judge('own')), **top)['abbr'] == 'own'
        assert judge_in(scored(), **top)['abbr'] == 'from-config'
        assert judge_in(scored(judge_cfg={}))['abbr'] == 'environment'


def test_of_several_judges_one_must_be_named() -> None:
    with pytest.raises(ConfigError, match=r'words needs one judge, and there are 2 \(a, b\)'):
        judge_in(evaluator(), judge_models=[judge('a'), judge('b')])


def test_the_judge_of_the_environment_is_a_model_behind_an_api() -> None:
    environ = {'OC_JUDGE_MODEL': 'org/name', 'OC_JUDGE_API_BASE': 'http://a/v1, http://b/v1'}
    assert environment_judge(environ) == {
        'type': 'evalkit.models.openai.sdk.OpenAISDK',
        'abbr': 'name',
        'path': 'org/name',
        'key': 'ENV',
        'max_out_len': 4096,
        'openai_api_base': ['http://a/v1', 'http://b/v1'],
    }
    assert environment_judge({**environ, 'OC_JUDGE_API_KEY': 'x'})['key'] == 'OC_JUDGE_API_KEY'


def test_a_dataset_inside_an_evaluator_is_checked_as_rows() -> None:
    rows = {'type': 'evalkit.datasets.CustomDataset', 'path': 'x', 'file': 'y'}
    with pytest.raises(ConfigError, match=r'evaluator\.dataset_cfg\.file: unknown key'):
        judge_in(evaluator(judge_cfg=judge(), dataset_cfg=rows))


def test_what_a_judge_needs_is_asked_for_in_the_config() -> None:
    scored = {'type': 'opencompass.openicl.icl_evaluator.LMEvaluator', 'judge_cfg': judge()}
    with pytest.raises(ConfigError, match=r'evaluator\.prompt_template: LMEvaluator needs this'):
        judge_in(scored)


def test_any_evaluator_may_have_a_postprocessor_of_its_own(tmp_path: Path) -> None:
    upper = {'type': 'evalkit.postprocessors.json_field', 'field': 'word'}
    write_judged(tmp_path, {'type': 'AccEvaluator', 'pred_postprocessor': upper})
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    path = next(tmp_path.glob('outputs/words/*/results/scripted/words.json'))
    assert json.loads(path.read_text())['details'][1]['answer'] == ''


THEIRS = """
from opencompass.datasets import CustomDataset, generic_llmjudge_postprocess
from opencompass.evaluator import CascadeEvaluator, GenericLLMEvaluator, MATHVerifyEvaluator
from opencompass.models import ScriptedModel
from opencompass.openicl.icl_inferencer import GenInferencer
from opencompass.openicl.icl_prompt_template import PromptTemplate
from opencompass.openicl.icl_retriever import ZeroRetriever

reader_cfg = dict(input_columns=['question'], output_column='answer')
human = dict(role='HUMAN', prompt='{question}')
ask = dict(role='HUMAN', prompt='<Q>: {question} <Gold>: {answer} <Predicted>: {prediction}')
system = dict(role='SYSTEM', fallback_role='HUMAN', prompt='You are a judge.')
llm_evaluator = dict(
    type=GenericLLMEvaluator,
    prompt_template=dict(type=PromptTemplate, template=dict(begin=[system], round=[ask])),
    dataset_cfg=dict(type=CustomDataset, path='words.jsonl', reader_cfg=reader_cfg, n=2),
    judge_cfg=dict(),
    dict_postprocessor=dict(type=generic_llmjudge_postprocess),
)
rule_evaluator = dict(type=MATHVerifyEvaluator)
cascade = dict(
    type=CascadeEvaluator, rule_evaluator=rule_evaluator, llm_evaluator=llm_evaluator
)
datasets = [
    dict(
        abbr=abbr,
        type=CustomDataset,
        path='words.jsonl',
        reader_cfg=reader_cfg,
        infer_cfg=dict(
            prompt_template=dict(type=PromptTemplate, template=dict(round=[human])),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=GenInferencer),
        ),
        eval_cfg=dict(evaluator=evaluator, pred_role='BOT'),
        mode='singlescore',
        n=2,
    )
    for abbr, evaluator in (('llmjudge', llm_evaluator), ('cascade', cascade))
]
models = [dict(type=ScriptedModel, abbr='m', default='word')]
judge_models = [dict(type=ScriptedModel, abbr='j', default='A')]
"""


def test_a_config_in_the_words_of_opencompass_runs_as_it_is(tmp_path: Path) -> None:
    write_words(tmp_path)
    (tmp_path / 'theirs.py').write_text(THEIRS)
    done = evaluate(tmp_path, 'theirs.py')
    assert done.returncode == 0, done.stderr
    rows = summary(run_folder(tmp_path, 'outputs/theirs'))['rows']
    found = {(row['dataset'], row['metric']): row['values']['m']['value'] for row in rows}
    assert found['llmjudge', 'accuracy'] == 100.0
    assert found['cascade', 'accuracy'] == 100.0
    assert found['cascade', 'rule_accuracy'] < 100.0
