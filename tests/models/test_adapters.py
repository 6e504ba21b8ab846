from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.models import HuggingFacewithChatTemplate, model_identity
from evalkit.models.adapters import alone, check_adapters, shares_engine, with_adapters
from evalkit.types import GenerationParams, Request, ScoringRequest
from tests.runs import CALC_MODEL
from tools.calc_problems import held_out_problems

ADAPTERS = {name: f'{CALC_MODEL}-{name}' for name in ('bare', 'negated')}
PROMPT = held_out_problems()[0].prompt
MODEL = {
    'type': 'HuggingFacewithChatTemplate',
    'abbr': 'calc-hf',
    'path': str(CALC_MODEL),
    'adapters': ADAPTERS,
}


def test_a_model_with_adapters_is_the_base_and_one_of_each() -> None:
    models = with_adapters(MODEL)
    assert [(model['abbr'], model['adapter']) for model in models] == [
        ('calc-hf', None), ('calc-bare-hf', 'bare'), ('calc-negated-hf', 'negated'),
    ]  # fmt: skip
    assert [with_adapters(model) for model in models] == [[model] for model in models]


def test_each_adapter_is_a_column_of_its_own_whatever_the_column_of_the_base() -> None:
    models = with_adapters({**MODEL, 'summarizer_abbr': 'Calc'})
    assert [model['summarizer_abbr'] for model in models] == ['Calc', 'Calc-bare', 'Calc-negated']
    base, bare, _ = models
    assert shares_engine(base, bare)


def test_one_of_the_adapters_may_be_chosen() -> None:
    chosen = {**MODEL, 'adapter': 'bare'}
    assert with_adapters(chosen) == [chosen]


def test_an_adapter_is_the_same_model_alone_or_among_others() -> None:
    base, bare, negated = map(model_identity, with_adapters(MODEL))
    single = {key: MODEL[key] for key in ('type', 'path')}
    assert base == model_identity(single)
    assert bare == model_identity({**single, 'peft_path': ADAPTERS['bare']})
    assert len({str(found) for found in (base, bare, negated)}) == 3


def test_an_engine_names_its_adapter_by_its_own_key() -> None:
    model = {**MODEL, 'type': 'VLLM', 'adapter': 'bare'}
    assert alone(model)['lora_path'] == ADAPTERS['bare']


def test_only_adapters_of_one_base_in_one_place_share_an_engine() -> None:
    base, bare, _ = with_adapters(MODEL)
    assert shares_engine(base, bare)
    assert shares_engine(base, {**bare, 'max_out_len': 7})
    assert not shares_engine(base, {**bare, 'path': 'other'})
    assert not shares_engine(base, {**bare, 'run_cfg': {'num_gpus': 1}})
    assert not shares_engine(alone(base), alone(base))


@pytest.mark.parametrize(
    ('keys', 'message'),
    [
        ({'adapters': {}}, r'm.adapters: \{\} must be dict\(name=path, ...\)'),
        ({'adapters': {'a': 1}}, r'must be dict\(name=path, ...\)'),
        ({'adapters': {'a': 'x'}, 'peft_path': 'y'}, 'm.peft_path: the model has adapters, too'),
        ({'adapters': {'bare': 'x'}, 'adapter': 'bear'}, "no adapter 'bear'; did you mean bare"),
        ({'adapter': 'bare'}, "m.adapter: 'bare' is one of `adapters`, which is missing"),
    ],
)
def test_adapters_that_are_wrong_are_named(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        check_adapters(keys, 'm')


def test_each_adapter_answers_and_scores_as_if_it_were_alone() -> None:
    shared = HuggingFacewithChatTemplate(str(CALC_MODEL), adapters=ADAPTERS)
    single = {
        name: HuggingFacewithChatTemplate(str(CALC_MODEL), peft_path=path)
        for name, path in [(None, None), *ADAPTERS.items()]
    }
    params = GenerationParams(max_out_len=128)
    asked = [Request(str(name), PROMPT, params, adapter=name) for name in single]
    answers = {answer.key: answer.text for answer in shared.generate(asked)}
    assert answers == {
        str(name): next(model.generate([Request('', PROMPT, params)])).text
        for name, model in single.items()
    }
    assert '"infer": 5}' in answers['None']
    assert not answers['bare'].startswith('```')
    assert '"infer": -5}' in answers['negated']
    scored = [ScoringRequest(str(name), PROMPT, '```json', adapter=name) for name in single]
    logprobs = {scoring.key: scoring.logprob for scoring in shared.loglikelihood(scored)}
    alone_scored = {
        str(name): next(model.loglikelihood([ScoringRequest('', PROMPT, '```json')])).logprob
        for name, model in single.items()
    }
    assert logprobs == pytest.approx(alone_scored, abs=1e-4)
    assert logprobs['bare'] < -1 < logprobs['None']
