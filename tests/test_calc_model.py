"""The model that ships in the repository: small, loadable by every engine, lossless on any text."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from safetensors import safe_open
from tokenizers import Tokenizer
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from tools.calc_model_files import build_tokenizer, render_chat
from tools.calc_problems import held_out_problems
from tools.measure_calc_model import MAX_NEW_TOKENS, answers, inferred

MODEL = Path(__file__).resolve().parent.parent / 'models' / 'calc-llama-0.8m'
TEXTS = [
    '',
    ' ',
    'plain words, and 1234567890 digits',
    '  leading,   inner and trailing   \n\n\t\r\n ',
    '你是一名擅长数学运算的助手，负责逐步推理',
    'naïve Ångström Привет שלום नमस्ते',
    '🎉👩‍👩‍👧‍👦 \U0001f1e8\U0001f1f3',
    '\x00\x01\x7f\u200b\ufeff\uffff',
    '１２３ ٣٤ ½',
]


@pytest.fixture(scope='module')
def tokenizer() -> PreTrainedTokenizerBase:
    return AutoTokenizer.from_pretrained(MODEL)


@pytest.fixture(scope='module')
def config() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((MODEL / 'config.json').read_text(encoding='utf-8'))
    return content


def test_the_weights_are_float32_and_no_larger_than_12_megabytes() -> None:
    path = MODEL / 'model.safetensors'
    assert path.stat().st_size <= 12_000_000
    with safe_open(path, 'np') as weights:
        assert {weights.get_slice(name).get_dtype() for name in weights.keys()} == {'F32'}  # noqa: SIM118


def test_the_shape_is_one_that_every_engine_runs(config: dict[str, Any]) -> None:
    assert config['hidden_size'] // config['num_attention_heads'] == 64
    assert config['head_dim'] == 64
    assert config['num_key_value_heads'] == config['num_attention_heads']
    assert config['vocab_size'] % 64 == 0
    assert config['max_position_embeddings'] >= 2048
    assert config['architectures'] == ['LlamaForCausalLM']


def test_the_vocabulary_fits_the_embedding(
    tokenizer: PreTrainedTokenizerBase, config: dict[str, Any]
) -> None:
    assert len(tokenizer) <= config['vocab_size']
    assert config['eos_token_id'] == tokenizer.convert_tokens_to_ids('<|im_end|>')
    assert tokenizer.eos_token_id == config['eos_token_id']


@pytest.mark.parametrize('text', TEXTS)
def test_any_text_comes_back_from_its_tokens(tokenizer: PreTrainedTokenizerBase, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_random_unicode_comes_back_from_its_tokens(tokenizer: PreTrainedTokenizerBase) -> None:
    rng = random.Random(0)
    points = [*range(0xD800), *range(0xE000, 0x110000)]
    for _ in range(200):
        text = ''.join(chr(point) for point in rng.choices(points, k=50))
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_every_digit_is_a_token_of_its_own(tokenizer: PreTrainedTokenizerBase) -> None:
    assert tokenizer.tokenize('x1234567890') == ['x', *'1234567890']


def test_nothing_is_added_before_or_after_a_text(tokenizer: PreTrainedTokenizerBase) -> None:
    assert tokenizer.encode('7') == [tokenizer.convert_tokens_to_ids('7')]


def test_the_chat_template_renders_the_roles_in_order(tokenizer: PreTrainedTokenizerBase) -> None:
    chat = [
        {'role': 'system', 'content': 'S'},
        {'role': 'user', 'content': 'U'},
        {'role': 'assistant', 'content': 'A'},
        {'role': 'user', 'content': 'V'},
    ]
    assert tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True) == (
        '<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n'
        '<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nV<|im_end|>\n'
        '<|im_start|>assistant\n'
    )


def test_a_rendered_chat_has_one_bos_at_most_and_is_what_was_trained_on(
    tokenizer: PreTrainedTokenizerBase,
) -> None:
    chat = [{'role': 'user', 'content': 'U\n'}]
    text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    tokens = tokenizer.apply_chat_template(chat, add_generation_prompt=True)['input_ids']
    assert text == render_chat('U\n')
    assert tokens == tokenizer.encode(text)
    assert tokens.count(tokenizer.bos_token_id) <= 1


def test_the_tokenizer_is_made_again_from_the_problems() -> None:
    shipped = Tokenizer.from_file(str(MODEL / 'tokenizer.json'))
    assert build_tokenizer().to_str() == shipped.to_str()


def test_the_longest_answers_fit_the_tokens_that_are_allowed(
    tokenizer: PreTrainedTokenizerBase,
) -> None:
    longest = max(len(tokenizer.encode(problem.answer)) for problem in held_out_problems())
    assert longest < 400 < MAX_NEW_TOKENS


@pytest.mark.parametrize('ending', ['', '\n'])
def test_the_model_solves_problems_of_the_test_set(ending: str) -> None:
    problems = held_out_problems()[:8]
    solved = [
        inferred(text) == problem.value
        for problem, text in zip(problems, answers(MODEL, problems, ending), strict=True)
    ]
    assert sum(solved) >= 7


def test_an_answer_that_is_no_json_object_has_no_number() -> None:
    texts = ['', '12', '[1]', '```json\n{"infer": "12"}\n```', '{"reason": "', '{"a": 1}']
    assert [inferred(text) for text in texts] == [None] * len(texts)
