"""Flags that say what is done with it, how and where."""

import argparse
from pathlib import Path

from evalkit.cli.arguments.values import is_true, positive
from evalkit.exports import FORMATS


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
    group.add_argument(
        '--from-opencompass', type=Path, metavar='DIR',
        help='with -m eval: score the answers of this run of OpenCompass',
    )  # fmt: skip
    group.add_argument('--debug', action='store_true', help='run everything in this process')
    group.add_argument(
        '--dump-eval-details', nargs='?', type=is_true, const=True, default=True, metavar='BOOL',
        help='write prompt, output and score of each sample into results/ (default: true)',
    )  # fmt: skip
    group.add_argument(
        '--export', nargs='+', default=[], metavar='NAME', choices=FORMATS,
        help=f'also write the answers in the format of {", ".join(FORMATS)}',
    )  # fmt: skip


def add_how(parser: argparse.ArgumentParser) -> None:
    """Say how and where it is run."""
    group = parser.add_argument_group('how to run')
    group.add_argument(
        '-r', '--reuse', nargs='?', const='latest', metavar='TIMESTAMP',
        help='resume the last run of the work directory, or the one of this timestamp',
    )  # fmt: skip
    group.add_argument(
        '--strict', action='store_true',
        help='refuse to go on with a run whose answers do not fit the config any more',
    )  # fmt: skip
    group.add_argument('-w', '--work-dir', type=Path, help='default: outputs/<name of the config>')
    group.add_argument('--max-num-workers', type=positive, help='tasks at a time')
    group.add_argument('--max-workers-per-gpu', type=positive, help='tasks at a time on a GPU')
    group.add_argument(
        '--allow-unsafe-code', action='store_true',
        help='where there is no sandbox, run code that a model wrote without one (docs/code.md)',
    )  # fmt: skip
    group.add_argument('--retry', type=int, help='restarts of a task that died (default: 2)')
    group.add_argument(
        '--num-replicas', type=positive, metavar='N', help='engines at a time that share one model'
    )
    add_where(parser)


def add_where(parser: argparse.ArgumentParser) -> None:
    """Say on which machines."""
    group = parser.add_argument_group('where to run (docs/cluster.md)')
    group.add_argument(
        '--runner', choices=('local', 'ray', 'slurm'), help='default: what the config says, or here'
    )
    group.add_argument(
        '--slurm',
        dest='runner',
        action='store_const',
        const='slurm',
        help='the same as --runner slurm',
    )
    group.add_argument(
        '--address', metavar='HOST:PORT', help="Ray: the cluster's address, or auto (default: here)"
    )
    group.add_argument('-p', '--partition', metavar='NAME', help='Slurm: the partition')
    group.add_argument(
        '-q', '--quotatype', metavar='NAME', help='Slurm: the quota type, if it has any'
    )
    group.add_argument('--qos', metavar='NAME', help='Slurm: the quality of service')
