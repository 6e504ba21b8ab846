"""Writes a Llama with random weights and GSM8K-like questions: nothing is downloaded.

    python -m benchmarks.gpu.model SHAPE FOLDER

The tokenizer is the calc model's, about one token a letter, and has a made-up word for every other
token, so that answers of random tokens are texts as long as real ones.
"""

import json
import random
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CALC = ROOT / 'models' / 'calc-llama-0.8m'

SHAPES: Mapping[str, dict[str, Any]] = {
    'llama-3-8b': {
        'vocab_size': 128256,
        'hidden_size': 4096,
        'intermediate_size': 14336,
        'num_hidden_layers': 32,
        'num_attention_heads': 32,
        'num_key_value_heads': 8,
        'max_position_embeddings': 8192,
        'rope_theta': 500000.0,
    },
    'small': {  # 4M parameters, with the vocabulary of Llama-2
        'vocab_size': 32000,
        'hidden_size': 128,
        'intermediate_size': 256,
        'num_hidden_layers': 2,
        'num_attention_heads': 2,
        'num_key_value_heads': 2,
        'max_position_embeddings': 2048,
        'tie_word_embeddings': True,
    },
    'tiny': {
        'vocab_size': 1024,
        'hidden_size': 128,
        'intermediate_size': 256,
        'num_hidden_layers': 2,
        'num_attention_heads': 2,
        'num_key_value_heads': 2,
        'max_position_embeddings': 2048,
    },
}

NAMES = ('Ada', 'Ben', 'Chen', 'Dora', 'Emil', 'Fatima', 'Goro', 'Hana')
THINGS = ('apples', 'pencils', 'marbles', 'stamps', 'tickets', 'cookies')


def save_model(shape: str, folder: Path) -> None:
    """Write weights and tokenizer; the folder is not there before it is complete."""
    unfinished = folder.with_name(f'{folder.name}.unfinished')
    shutil.rmtree(unfinished, ignore_errors=True)
    save_weights(shape, unfinished)
    save_tokenizer(SHAPES[shape]['vocab_size'], unfinished)
    unfinished.rename(folder)


def save_weights(shape: str, folder: Path) -> None:
    """Write the weights in bfloat16, made on the GPU if there is one."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    ends = {'bos_token_id': 1, 'eos_token_id': 4, 'pad_token_id': 0}
    torch.manual_seed(0)
    torch.set_default_dtype(torch.bfloat16)
    with torch.device('cuda' if torch.cuda.is_available() else 'cpu'):
        model = LlamaForCausalLM(LlamaConfig(**SHAPES[shape], **ends))
    model.save_pretrained(folder)


def save_tokenizer(vocab_size: int, folder: Path) -> None:
    """Write the calc model's tokenizer with a word for each token that it lacks."""
    for name in ('tokenizer_config.json', 'special_tokens_map.json', 'chat_template.jinja'):
        shutil.copy(CALC / name, folder / name)
    tokenizer = json.loads((CALC / 'tokenizer.json').read_text('utf-8'))
    tokens = tokenizer['model']['vocab']
    tokens |= {f'Ġw{number}': number for number in range(len(tokens), vocab_size)}  # Ġ: a space
    (folder / 'tokenizer.json').write_text(json.dumps(tokenizer), 'utf-8')


def question(draw: random.Random) -> tuple[str, int]:
    """Return a word problem as long as those of GSM8K, and its answer."""
    first, second = draw.sample(NAMES, 2)
    thing = draw.choice(THINGS)
    has, more, given, price = (draw.randint(2, 40) for _ in range(4))
    text = (
        f'{first} has {has + given} {thing} and buys {more} more on Monday. On Tuesday {first} '
        f'gives {given} {thing} to {second}, who already had {price} of them. How many dollars '
        f'does {first} get for all {thing} that are left, if each is sold for {price} dollars?'
    )
    return text, (has + more) * price


def save_questions(folder: Path, num: int) -> None:
    """Write the files of GSM8K."""
    draw = random.Random(8)
    rows = (question(draw) for _ in range(num))
    lines = [json.dumps({'question': text, 'answer': f'#### {value}'}) for text, value in rows]
    for split in ('train', 'test'):
        (folder / f'{split}.jsonl').write_text('\n'.join(lines) + '\n')


if __name__ == '__main__':
    save_model(sys.argv[1], Path(sys.argv[2]))
