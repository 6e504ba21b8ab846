"""Flags that name the engine or server that models run on."""

import argparse

ENGINES = ('vllm', 'sglang', 'lmdeploy', 'openai')
BACKENDS = ('hf', *ENGINES)


def add_backend(parser: argparse.ArgumentParser) -> None:
    """Say on what the models run, instead of on Hugging Face transformers."""
    group = parser.add_argument_group('another backend for Hugging Face models')
    group.add_argument(
        '-a', '--accelerator', choices=(*ENGINES, 'auto'),
        help='run them on this engine or server; auto takes the best engine that runs here',
    )  # fmt: skip
    add_server(group)


def add_backends(parser: argparse.ArgumentParser) -> None:
    """Say which backends are compared."""
    group = parser.add_argument_group('the backends')
    group.add_argument(
        '--backends', nargs='+', required=True, metavar='NAME', choices=BACKENDS,
        help=f'of {", ".join(BACKENDS)}; hf is the config as it is, and the first is what the '
        'others are compared with',
    )  # fmt: skip
    add_server(group)


def add_server(group: argparse._ArgumentGroup) -> None:
    """Say where the backend openai is."""
    group.add_argument('--api-base', metavar='URL', help="the server's address, for openai")
    group.add_argument(
        '--api-model', metavar='NAME', help="the model's name there (default: its path)"
    )
