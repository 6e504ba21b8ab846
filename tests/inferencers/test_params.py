from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.inferencers import generation_params
from evalkit.types import GenerationParams
from tests.inferencers.questions import an_inferencer


def params(model_kwargs: Any = None, model: Any = None, stop: Any = (), **wanted: Any) -> Any:
    return generation_params({'generation_kwargs': model_kwargs, **(model or {})}, wanted, stop)


@pytest.mark.parametrize('kwargs', [None, {}, {'temperature': None, 'top_p': None}])
def test_without_kwargs_an_answer_is_greedy(kwargs: Any) -> None:
    assert params(kwargs) == GenerationParams(temperature=0.0, top_p=1.0, top_k=0, max_out_len=512)


def test_without_sampling_a_temperature_is_greedy() -> None:
    assert params({'do_sample': False, 'temperature': 0.7}).temperature == 0.0


def test_sampling_without_a_temperature_has_temperature_one() -> None:
    assert params({'do_sample': True}).temperature == 1.0


def test_a_temperature_alone_means_sampling() -> None:
    assert params({'temperature': 0.6}).temperature == 0.6


def test_every_kwarg_has_its_field() -> None:
    kwargs = {
        'do_sample': True,
        'temperature': 1,
        'top_p': 0.9,
        'top_k': 40,
        'min_p': 0.05,
        'repetition_penalty': 1.1,
        'frequency_penalty': -0.5,
        'presence_penalty': 0.5,
        'seed': 7,
        'max_new_tokens': 99,
        'min_new_tokens': 3,
        'stop_strings': 'END',
    }
    assert params(kwargs) == GenerationParams(
        max_out_len=99,
        min_out_len=3,
        temperature=1.0,
        top_p=0.9,
        top_k=40,
        min_p=0.05,
        repetition_penalty=1.1,
        frequency_penalty=-0.5,
        presence_penalty=0.5,
        stop=('END',),
        seed=7,
    )


def test_spellings_of_other_engines_are_understood() -> None:
    assert params({'max_tokens': 5, 'min_tokens': 2, 'random_seed': 3, 'stop': ['x']}) == (
        GenerationParams(max_out_len=5, min_out_len=2, seed=3, stop=('x',))
    )


@pytest.mark.parametrize('top_k', [-1, 0])
def test_no_limit_of_top_k_is_zero(top_k: int) -> None:
    assert params({'top_k': top_k}).top_k == 0


@pytest.mark.parametrize('key', ['num_beams', 'num_return_sequences', 'n', 'best_of'])
def test_several_answers_at_once_are_refused_by_name(key: str) -> None:
    assert params({key: 1}) == params({key: None}) == params()
    with pytest.raises(ConfigError) as caught:
        params({key: 4})
    assert str(caught.value) == (
        f'generation_kwargs.{key}=4 is not possible: for several answers to a question set `n` on '
        'the dataset; beam search differs from engine to engine'
    )


@pytest.mark.parametrize(
    ('key', 'meant'),
    [('temprature', 'temperature'), ('topp', 'top_p'), ('max_new_token', 'max_new_tokens')],
)
def test_an_unknown_kwarg_is_refused_with_the_nearest_one(key: str, meant: str) -> None:
    with pytest.raises(ConfigError) as caught:
        params({key: 1})
    assert str(caught.value) == (
        f'generation_kwargs.{key} is not a sampling parameter; did you mean {meant}?'
    )


@pytest.mark.parametrize(
    ('kwargs', 'text'),
    [
        ({'top_p': '0.9'}, "top_p must be a number, not '0.9'"),
        ({'temperature': True}, 'temperature must be a number, not True'),
        ({'temperature': float('nan')}, 'temperature must be a number, not nan'),
        ({'top_k': 1.5}, 'top_k must be a whole number, not 1.5'),
        ({'do_sample': 'False'}, "do_sample must be True or False, not 'False'"),
        ({'temperature': -1}, 'temperature=-1 is out of range'),
        ({'top_p': 0}, 'top_p=0 is out of range'),
        ({'top_p': 1.1}, 'top_p=1.1 is out of range'),
        ({'min_p': 2}, 'min_p=2 is out of range'),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(kwargs: dict[str, Any], text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        params(kwargs)
    assert str(caught.value) == f'generation_kwargs.{text}'


def test_padding_and_caches_are_the_business_of_the_engine() -> None:
    assert params({'pad_token_id': 0, 'use_cache': True}) == params()


def test_end_tokens_are_asked_of_every_engine() -> None:
    assert params({'eos_token_id': 7}).stop_token_ids == (7,)
    both = params({'eos_token_id': [2, 1], 'stop_token_ids': [2, 3]})
    assert both.stop_token_ids == (1, 2, 3)
    with pytest.raises(ConfigError, match=r'generation_kwargs\.eos_token_id must be token ids'):
        params({'eos_token_id': ['</s>']})


def test_the_stop_words_of_model_and_dataset_add_up() -> None:
    model = {'stop_words': ['<|im_end|>', '\n\n']}
    found = params(
        {'stop': 'END'}, model, ['\n\n', 'Q:'], generation_kwargs={'stop_words': ['Z', '']}
    )
    assert found.stop == ('<|im_end|>', '\n\n', 'END', 'Q:', 'Z')


def test_one_stop_word_need_not_be_a_list() -> None:
    assert params(None, {'stop_words': 'END'}, 'Q:').stop == ('END', 'Q:')


@pytest.mark.parametrize(
    ('model', 'wanted', 'expected'),
    [
        ({}, {}, 512),
        ({'generation_kwargs': {'max_new_tokens': 1}}, {}, 1),
        ({'generation_kwargs': {'max_new_tokens': 1}, 'max_out_len': 2}, {}, 2),
        ({'max_out_len': 2}, {'generation_kwargs': {'max_new_tokens': 3}}, 3),
        ({'max_out_len': 2}, {'generation_kwargs': {'max_new_tokens': 3}, 'max_out_len': 4}, 4),
        ({'max_out_len': 2}, {'max_out_len': None}, 2),
    ],
)
def test_the_length_that_the_dataset_wants_wins(model: Any, wanted: Any, expected: int) -> None:
    assert generation_params(model, wanted).max_out_len == expected


def test_the_kwargs_of_the_dataset_win_over_those_of_the_model() -> None:
    found = params(
        {'temperature': 0.7, 'top_p': 0.9}, generation_kwargs={'temperature': 0.2, 'top_k': 5}
    )
    assert (found.temperature, found.top_p, found.top_k) == (0.2, 0.9, 5)
    assert params({'temperature': 0.7}, generation_kwargs={'do_sample': False}).temperature == 0.0


def test_a_context_length_of_the_dataset_goes_with_each_request() -> None:
    assert params(None, {'max_seq_len': 4096}, max_seq_len=2048).max_seq_len == 2048
    assert params(None, {'max_seq_len': 4096}).max_seq_len is None


def test_an_inferencer_hands_its_kwargs_on() -> None:
    inferencer = an_inferencer(
        model_cfg={'generation_kwargs': {'top_p': 0.9}, 'stop_words': ['S']},
        max_out_len=16,
        min_out_len=2,
        max_seq_len=128,
        stopping_criteria=['\n'],
        generation_kwargs={'do_sample': True, 'temperature': 0.5},
        batch_size=8,
        save_every=1,
    )
    assert inferencer.params == GenerationParams(
        max_out_len=16,
        min_out_len=2,
        temperature=0.5,
        top_p=0.9,
        stop=('S', '\n'),
        max_seq_len=128,
    )


def test_the_name_that_opencompass_gives_to_asking_at_once_is_known() -> None:
    inferencer = an_inferencer('opencompass.openicl.ParallelGenInferencer', save_every=1)
    assert type(inferencer).__name__ == 'GenInferencer'


def test_the_gen_config_of_an_lmdeploy_model_counts_below_its_generation_kwargs() -> None:
    gen_config = {'top_k': 1, 'temperature': 0.5, 'random_seed': 3}
    found = params({'temperature': 0.9}, {'gen_config': gen_config})
    assert (found.top_k, found.temperature, found.seed) == (1, 0.9, 3)
    with pytest.raises(ConfigError, match=r'gen_config\.topk is not a sampling parameter'):
        params(None, {'gen_config': {'topk': 1}})
