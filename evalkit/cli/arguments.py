"""OpenCompass's flags, with OpenCompass's meaning, and a few of our own."""

import argparse
import ast
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evalkit import __version__

ENGINES = ('vllm', 'sglang', 'lmdeploy', 'openai')
BACKENDS = ('hf', *ENGINES)

ONE_RUN = {
    'mode': 'all',
    'dry_run': False,
    'debug': False,
    'dump_eval_details': True,
    'accelerator': None,
}
"""What a comparison of backends leaves no choice in."""


class KeyValues(argparse.Action):
    """Reads `key=value ...`; a value that is a Python literal is one, any other is a text."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Add the pairs to those given before."""
        found = dict(getattr(namespace, self.dest) or {})
        for item in values or ():
            key, equals, text = item.partition('=')
            if not equals:
                parser.error(f'{option_string} takes key=value, not {item!r}')
            found[key] = literal(text)
        setattr(namespace, self.dest, found)


def literal(text: str) -> Any:
    """Return the Python value that `text` spells, or the text itself."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def make_parser(program: str) -> argparse.ArgumentParser:
    """Return the parser of `evalkit run`; for `run.py` the command `run` is implied."""
    parser = argparse.ArgumentParser(
        prog=program, description='Evaluate language models on benchmarks.'
    )
    parser.add_argument('--version', action='version', version=f'evalkit {__version__}')
    commands = parser.add_subparsers(dest='command', required=True, metavar='COMMAND')
    name = program if program.endswith('.py') else f'{program} run'
    run = commands.add_parser('run', prog=name, help='evaluate the models of a config')
    for add in (add_what, add_stages, add_how, add_backend, add_hugging_face):
        add(run)
    bench = commands.add_parser('bench', help='compare backends by score, agreement and speed')
    for add in (add_what, add_backends, add_how, add_hugging_face):
        add(bench)
    bench.set_defaults(**ONE_RUN)
    parity = commands.add_parser('parity', help='compare how backends read and answer prompts')
    for add in (add_samples, add_backends, add_how, add_hugging_face):
        add(parity)
    parity.set_defaults(**ONE_RUN)
    return parser


def add_what(parser: argparse.ArgumentParser) -> None:
    """Say what is evaluated."""
    group = add_configs(parser)
    group.add_argument(
        '--limit', type=positive, metavar='N', help='only the first N samples of each dataset'
    )


def add_samples(parser: argparse.ArgumentParser) -> None:
    """Say what is looked at closely."""
    group = add_configs(parser)
    group.add_argument(
        '--samples', dest='limit', type=positive, default=8, metavar='N',
        help='the first N samples of each dataset (default: 8)',
    )  # fmt: skip


def add_configs(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Name models and datasets."""
    parser.add_argument('config', nargs='?', type=Path, help='a config file (see configs/)')
    group = parser.add_argument_group('what to evaluate')
    group.add_argument('--models', nargs='+', metavar='NAME', help='model configs by file name')
    group.add_argument('--datasets', nargs='+', metavar='NAME', help='dataset configs by file name')
    group.add_argument('--summarizer', metavar='NAME', help='a summarizer config by file name')
    return group


def add_stages(parser: argparse.ArgumentParser) -> None:
    """Say which part of a run is done."""
    group = parser.add_argument_group('what to do')
    group.add_argument(
        '--list', nargs='*', metavar='PATTERN', help='list the configs (whose names match) and exit'
    )
    group.add_argument('--dry-run', action='store_true', help='print what would run')
    group.add_argument(
        '-m', '--mode', choices=('all', 'infer', 'eval', 'viz'), default='all',
        help='ask, score and show; or one of them',
    )  # fmt: skip
    group.add_argument('--debug', action='store_true', help='run everything in this process')
    group.add_argument(
        '--dump-eval-details', nargs='?', type=is_true, const=True, default=True, metavar='BOOL',
        help='write prompt, output and score of each sample into results/ (default: true)',
    )  # fmt: skip


def add_how(parser: argparse.ArgumentParser) -> None:
    """Say how and where it is run."""
    group = parser.add_argument_group('how to run')
    group.add_argument(
        '-r', '--reuse', nargs='?', const='latest', metavar='TIMESTAMP',
        help='resume the last run of the work directory, or the one of this timestamp',
    )  # fmt: skip
    group.add_argument('-w', '--work-dir', type=Path, help='default: outputs/<name of the config>')
    group.add_argument('--max-num-workers', type=positive, help='tasks at a time')
    group.add_argument('--max-workers-per-gpu', type=positive, help='tasks at a time on a GPU')
    group.add_argument('--retry', type=int, help='restarts of a task that died (default: 2)')


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


def add_hugging_face(parser: argparse.ArgumentParser) -> None:
    """Describe a Hugging Face model without a config file."""
    group = parser.add_argument_group('a Hugging Face model without a config')
    group.add_argument('--hf-path', metavar='PATH', help='a folder or a hub id')
    group.add_argument('--hf-type', choices=('chat', 'base'), default='chat')
    for name in ('model', 'tokenizer', 'peft', 'generation'):
        group.add_argument(f'--{name}-kwargs', nargs='+', action=KeyValues, metavar='KEY=VALUE')
    group.add_argument('--tokenizer-path', metavar='PATH')
    group.add_argument('--peft-path', metavar='PATH', help='a LoRA adapter')
    group.add_argument('--max-seq-len', type=positive, help='context length in tokens')
    group.add_argument(
        '--max-out-len', type=positive, default=512, help='new tokens (default: 512)'
    )
    group.add_argument('--min-out-len', type=positive)
    group.add_argument('--batch-size', type=positive, help='at most so many at a time')
    group.add_argument('--hf-num-gpus', '--num-gpus', type=int, default=0)
    group.add_argument('--pad-token-id', type=int)
    group.add_argument('--stop-words', nargs='+', default=[], metavar='TEXT')


def positive(text: str) -> int:
    """Read a number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f'{text} is not a positive number')
    return number


def is_true(text: str) -> bool:
    """Read a yes or no, as OpenCompass spells it."""
    answers = {'true': True, '1': True, 'yes': True, 'false': False, '0': False, 'no': False}
    if text.lower() not in answers:
        raise argparse.ArgumentTypeError(f'{text!r} is neither true nor false')
    return answers[text.lower()]
