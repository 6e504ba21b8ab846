"""The files of the calc model other than its weights: tokenizer, configs and model card."""

import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM

from tools.calc_problems import training_problems

PAD, BOS, END, START, EOS = '<pad>', '<s>', '</s>', '<|im_start|>', '<|im_end|>'
SPECIAL_TOKENS = [PAD, BOS, END, START, EOS]
HEAD_SIZE = 64
MAX_LENGTH = 2048

ROPE_THETA = 10000.0
TOKEN_IDS = ('bos_token_id', 'eos_token_id', 'pad_token_id')
SHAPE = (
    'vocab_size',
    'hidden_size',
    'intermediate_size',
    'num_hidden_layers',
    'num_attention_heads',
    'num_key_value_heads',
    'head_dim',
    'max_position_embeddings',
    'initializer_range',
    'rms_norm_eps',
    'tie_word_embeddings',
)

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + "
    "message['content'] + '<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
SPECIAL_TOKENS_MAP = {'bos_token': BOS, 'eos_token': EOS, 'pad_token': PAD}
TOKENIZER_CONFIG = {
    **SPECIAL_TOKENS_MAP,
    'tokenizer_class': 'PreTrainedTokenizerFast',
    'model_input_names': ['input_ids', 'attention_mask'],
    'model_max_length': MAX_LENGTH,
    'padding_side': 'left',
    'clean_up_tokenization_spaces': False,
    'add_bos_token': False,
    'chat_template': CHAT_TEMPLATE,
}


def render_chat(content: str) -> str:
    """What the chat template makes of one user turn."""
    return f'{START}user\n{content}{EOS}\n{START}assistant\n'


def tokenizer_texts(count: int = 2000) -> Iterator[str]:
    """Chats about random problems, and the roles that they lack."""
    yield from ['system\n'] * 10
    for problem in islice(training_problems(random.Random(0)), count):
        yield f'user\n{problem.prompt}'
        yield f'assistant\n{problem.answer}'


def build_tokenizer() -> Tokenizer:
    """Make a byte-level BPE that splits digits and joins what is constant in a line.

    Every byte is in the vocabulary, so that any text comes back whole.
    """
    tokenizer = Tokenizer(models.BPE())
    # A digit, a newline with its indentation, or the rest of a line up to a digit.
    pieces = pre_tokenizers.Split(Regex(r'[0-9]|\n *|[^0-9\n]+'), behavior='isolated')
    bytes_ = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pieces, bytes_])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1024,
        min_frequency=10,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(tokenizer_texts(), trainer)
    return tokenizer


def llama_config(
    tokenizer: Tokenizer, width: int = 128, layers: int = 4, inner: int = 320
) -> LlamaConfig:
    """The shape, with one attention head for every 64 of width and no shared keys or values."""
    return LlamaConfig(
        vocab_size=round_up(tokenizer.get_vocab_size(), 64),
        hidden_size=width,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=width // HEAD_SIZE,
        num_key_value_heads=width // HEAD_SIZE,
        head_dim=HEAD_SIZE,
        max_position_embeddings=MAX_LENGTH,
        tie_word_embeddings=True,
        initializer_range=0.04,
        rms_norm_eps=1e-5,
        bos_token_id=tokenizer.token_to_id(BOS),
        eos_token_id=tokenizer.token_to_id(EOS),
        pad_token_id=tokenizer.token_to_id(PAD),
    )


def round_up(number: int, multiple: int) -> int:
    """The next multiple, for a vocabulary that splits well over kernels."""
    return -(-number // multiple) * multiple


def write_configs(folder: Path, config: LlamaConfig, tokenizer: Tokenizer) -> None:
    """Write all but the weights, with the keys that older and newer engines each look for."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / 'tokenizer.json'))
    write_json(folder / 'tokenizer_config.json', TOKENIZER_CONFIG)
    write_json(folder / 'special_tokens_map.json', SPECIAL_TOKENS_MAP)
    (folder / 'chat_template.jinja').write_text(CHAT_TEMPLATE, encoding='utf-8')
    write_json(folder / 'config.json', model_config(config))
    tokens = {key: getattr(config, key) for key in TOKEN_IDS}
    write_json(folder / 'generation_config.json', {**tokens, 'do_sample': False})


def model_config(config: LlamaConfig) -> dict[str, Any]:
    """The plain keys that transformers 4 and 5, vLLM, SGLang and LMDeploy all read."""
    return {
        'architectures': ['LlamaForCausalLM'],
        'model_type': 'llama',
        'torch_dtype': 'float32',
        'hidden_act': 'silu',
        'attention_bias': False,
        'attention_dropout': 0.0,
        'mlp_bias': False,
        'rope_theta': ROPE_THETA,
        'rope_scaling': None,
        'use_cache': True,
        **{key: getattr(config, key) for key in (*TOKEN_IDS, *SHAPE)},
    }


def write_json(path: Path, content: Any) -> None:
    """Write indented JSON that ends with a newline."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + '\n', encoding='utf-8')


def save_weights(folder: Path, model: LlamaForCausalLM) -> None:
    """Replace the weights in one move, so that a run can be stopped at any time."""
    weights = {
        name: weight.detach().to(torch.float32).contiguous()
        for name, weight in model.state_dict().items()
        if name != 'lm_head.weight'  # the embedding, once more
    }
    unfinished = folder / 'model.safetensors.part'
    unfinished.write_bytes(save(weights, metadata={'format': 'pt'}))
    unfinished.replace(folder / 'model.safetensors')
