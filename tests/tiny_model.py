"""A real Llama with random weights and a byte-level tokenizer, small enough for a test."""

import json
from pathlib import Path
from typing import Any

CORPUS = [
    'the quick brown fox jumps over the lazy dog',
    'the answer is 42 because 6 x 7 = 42',
    'question: what is the sum of 1 and 2? answer: 3',
]
CHAT_TEMPLATE = (
    '{{ bos_token }}{% for message in messages %}'
    "<|{{ message['role'] }}|>\n{{ message['content'] }}"
    '{% if not loop.last or add_generation_prompt %}{{ eos_token }}{% endif %}{% endfor %}'
    '{% if add_generation_prompt %}<|assistant|>\n{% endif %}'
)
NUM_POSITIONS = 256


def save_tiny_llama(folder: Path, *, seed: int = 0, **config: Any) -> Path:
    """Write a model of 2 layers with 2 heads of size 64, and its tokenizer, to `folder`."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = save_tiny_tokenizer(folder)
    torch.manual_seed(seed)
    shape = LlamaConfig(
        **{
            'vocab_size': len(tokenizer),
            'hidden_size': 128,
            'intermediate_size': 256,
            'num_hidden_layers': 2,
            'num_attention_heads': 2,
            'num_key_value_heads': 2,
            'max_position_embeddings': NUM_POSITIONS,
            'initializer_range': 0.2,
            'bos_token_id': tokenizer.bos_token_id,
            'eos_token_id': tokenizer.eos_token_id,
            'pad_token_id': None,
            **config,
        }
    )
    LlamaForCausalLM(shape).float().save_pretrained(folder)
    return folder


def save_tiny_tokenizer(folder: Path) -> Any:
    """Write a byte-level BPE tokenizer that begins a text with a BOS and has no pad token."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=['<s>', '</s>', '<|end|>'],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    core.train_from_iterator(CORPUS, trainer)
    core.post_processor = processors.TemplateProcessing(
        single='<s> $A', special_tokens=[('<s>', core.token_to_id('<s>'))]
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core,
        bos_token='<s>',
        eos_token='</s>',
        additional_special_tokens=['<|end|>'],
        chat_template=CHAT_TEMPLATE,
        model_input_names=['input_ids', 'attention_mask'],
    )
    tokenizer.save_pretrained(folder)
    return tokenizer


def edit_json(path: Path, **fields: Any) -> None:
    """Set fields of a JSON file."""
    content = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**content, **fields}))
