"""Flags that say what is evaluated."""

import argparse
from pathlib import Path

from evalkit.cli.arguments.custom import add_custom
from evalkit.cli.arguments.values import positive


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
    group.add_argument(
        '--abbr', nargs='+', metavar='NAME', help='only the models of these names in the table'
    )
    group.add_argument('--datasets', nargs='+', metavar='NAME', help='dataset configs by file name')
    group.add_argument(
        '--llamafactory-dataset', metavar='NAME',
        help='a dataset of the dataset_info.json in --dataset-dir, or several with commas',
    )  # fmt: skip
    group.add_argument('--dataset-dir', default='data', metavar='DIR', help='(default: data)')
    group.add_argument('--summarizer', metavar='NAME', help='a summarizer config by file name')
    add_custom(parser)
    return group
