"""Flags that name the engine or server that models run on."""

import argparse
import shlex

from evalkit.cli.arguments.values import KeyValues

ENGINES = ('vllm', 'sglang', 'lmdeploy', 'openai')
BACKENDS = ('hf', *ENGINES)
SERVERS = ('vllm', 'sglang', 'lmdeploy', 'transformers', 'llamafactory')


def add_backend(parser: argparse.ArgumentParser) -> None:
    """Say on what the models run, instead of on Hugging Face transformers."""
    group = parser.add_argument_group('another backend for Hugging Face models')
    group.add_argument(
        '-a', '--accelerator', choices=(*ENGINES, 'auto'),
        help='run them on this engine or server; auto takes the best engine that runs here',
    )  # fmt: skip
    group.add_argument(
        '--engine-args', nargs='+', action=KeyValues, metavar='KEY=VALUE',
        help="arguments of the engine's own, as in --engine-args gpu_memory_utilization=0.8",
    )  # fmt: skip
    add_server(group)
    group.add_argument(
        '--serve', choices=SERVERS, metavar='ENGINE',
        help=f'with -a openai: start the server for this run, and stop it afterwards; ENGINE is '
        f'one of {", ".join(SERVERS)}',
    )  # fmt: skip
    add_server_options(group)


def add_server_options(group: argparse._ArgumentGroup) -> None:
    """Say how a server is started."""
    group.add_argument(
        '--server-args', type=words, default=(), metavar='TEXT',
        help="flags of the server's own, as in --server-args='--max-num-seqs 16'",
    )  # fmt: skip
    group.add_argument(
        '--server-timeout', type=float, default=1800.0, metavar='SECONDS',
        help='how long it may take to start (default: 1800)',
    )  # fmt: skip


def words(text: str) -> list[str]:
    """Split a command line as a shell does."""
    try:
        return shlex.split(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f'{text}: {error}') from error


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
