"""Which model judges a dataset: the one of its evaluator, of the config, or of the environment."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evalkit.config import resolve_type, type_path
from evalkit.errors import ConfigError
from evalkit.evaluators import CascadeEvaluator, GenericLLMEvaluator
from evalkit.models import OpenAISDK

Cfg = Mapping[str, Any]
Checked = dict[str, Any]

MODEL, KEY, BASE = 'OC_JUDGE_MODEL', 'OC_JUDGE_API_KEY', 'OC_JUDGE_API_BASE'
"""OpenCompass's variables, the last with several addresses divided by commas."""

MAX_OUT_LEN = 4096
"""Tokens of a judgement of the environment's model, which may reason."""

WAYS = (
    'set judge_cfg in its evaluator, or judge_models in the config, or '
    f'{MODEL} (with {KEY} and {BASE}) in the environment'
)


def judge_of(dataset_cfg: Cfg) -> Cfg | None:
    """Return the config of the judge of a checked dataset; None if it is scored by rules."""
    asking = asking_evaluator(dataset_cfg['eval_cfg']['evaluator'])
    return None if asking is None else asking['judge_cfg']


def asking_evaluator(evaluator_cfg: Cfg) -> Cfg | None:
    """Return the config of the evaluator that asks a judge: itself, or one in a cascade."""
    made_of = resolve_type(evaluator_cfg['type'])
    if isinstance(made_of, type) and issubclass(made_of, CascadeEvaluator):
        return asking_evaluator(evaluator_cfg['llm_evaluator'])
    is_asking = isinstance(made_of, type) and issubclass(made_of, GenericLLMEvaluator)
    return evaluator_cfg if is_asking else None


def with_judge(dataset_cfg: Cfg, find_judge: Callable[[str], Cfg]) -> Checked:
    """Return a checked dataset whose evaluator names its judge.

    `find_judge` is asked for one, with the abbr of the dataset, where the evaluator names none.
    """
    evaluator = dataset_cfg['eval_cfg']['evaluator']
    asking = asking_evaluator(evaluator)
    if asking is None or asking.get('judge_cfg'):
        return dict(dataset_cfg)
    named = {**asking, 'judge_cfg': find_judge(dataset_cfg['abbr'])}
    changed = named if asking is evaluator else {**evaluator, 'llm_evaluator': named}
    return {**dataset_cfg, 'eval_cfg': {**dataset_cfg['eval_cfg'], 'evaluator': changed}}


def default_judge(judge_cfgs: Sequence[Cfg], environ: Mapping[str, str], abbr: str) -> Cfg:
    """Return the judge of a dataset that names none, or raise `ConfigError`."""
    if len(judge_cfgs) > 1:
        names = ', '.join(str(judge['abbr']) for judge in judge_cfgs)
        raise ConfigError(
            f'judge_models: {abbr} needs one judge, and there are {len(judge_cfgs)} ({names}): '
            'keep one, or set judge_cfg in its evaluator'
        )
    if judge_cfgs:
        return judge_cfgs[0]
    if environ.get(MODEL):
        return environment_judge(environ)
    raise ConfigError(f'dataset {abbr} needs a judge, and none is named: {WAYS}')


def environment_judge(environ: Mapping[str, str]) -> Checked:
    """Return the model behind an API that the variables name; its key stays where it is."""
    judge: Checked = {
        'type': type_path(OpenAISDK),
        'abbr': environ[MODEL].rstrip('/').rpartition('/')[2],
        'path': environ[MODEL],
        'key': KEY if environ.get(KEY) else 'ENV',
        'max_out_len': MAX_OUT_LEN,
    }
    if environ.get(BASE):
        judge['openai_api_base'] = [base.strip() for base in environ[BASE].split(',')]
    return judge
