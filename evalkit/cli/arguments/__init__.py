"""OpenCompass's flags, with OpenCompass's meaning, and a few of our own."""

import argparse

from evalkit import __version__
from evalkit.cli.arguments.backend import add_backend, add_backends
from evalkit.cli.arguments.how import add_how, add_stages
from evalkit.cli.arguments.hugging_face import add_hugging_face
from evalkit.cli.arguments.parser import OneLineParser
from evalkit.cli.arguments.serve import add_serve
from evalkit.cli.arguments.what import add_samples, add_what

__all__ = ['make_parser']

ONE_RUN = {
    'mode': 'all',
    'dry_run': False,
    'debug': False,
    'dump_eval_details': True,
    'accelerator': None,
}
"""What a comparison of backends leaves no choice in."""


def make_parser(program: str) -> argparse.ArgumentParser:
    """Return the parser of `evalkit run`; for `run.py` the command `run` is implied."""
    parser = OneLineParser(prog=program, description='Evaluate language models on benchmarks.')
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
    serve = commands.add_parser('serve', help='serve a model of a config by an engine of its own')
    add_serve(serve)
    return parser
