"""Flags that describe a Hugging Face model without a config file."""

import argparse

from evalkit.cli.arguments.values import KeyValues, positive


def add_hugging_face(parser: argparse.ArgumentParser) -> None:
    """Describe a Hugging Face model without a config file."""
    group = parser.add_argument_group('a Hugging Face model without a config')
    group.add_argument('--hf-path', metavar='PATH', help='a folder or a hub id')
    group.add_argument('--hf-type', choices=('chat', 'base'), help='default: chat')
    for name in ('model', 'tokenizer', 'peft', 'generation'):
        group.add_argument(f'--{name}-kwargs', nargs='+', action=KeyValues, metavar='KEY=VALUE')
    group.add_argument('--tokenizer-path', metavar='PATH')
    group.add_argument('--peft-path', metavar='PATH', help='a LoRA adapter')
    group.add_argument(
        '--adapters', nargs='+', action=KeyValues, metavar='NAME=PATH',
        help='LoRA adapters: a column each, beside the model itself',
    )  # fmt: skip
    group.add_argument('--max-seq-len', type=positive, help='context length in tokens')
    group.add_argument('--max-out-len', type=positive, help='new tokens (default: 512)')
    group.add_argument('--min-out-len', type=positive)
    group.add_argument('--batch-size', type=positive, help='at most so many at a time')
    group.add_argument(
        '--hf-num-gpus', '--num-gpus', type=int, metavar='N',
        help='GPUs, where there are any (default: 1; 0 is the CPU)',
    )  # fmt: skip
    group.add_argument('--pad-token-id', type=int)
    group.add_argument('--stop-words', nargs='+', metavar='TEXT')
