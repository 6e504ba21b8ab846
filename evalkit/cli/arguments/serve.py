"""Flags of `evalkit serve`."""

import argparse
from pathlib import Path

from evalkit.cli.arguments.backend import SERVERS, add_server_options


def add_serve(parser: argparse.ArgumentParser) -> None:
    """Say which model is served, by what and where."""
    parser.add_argument('config', nargs='?', type=Path, help='a config file (see configs/)')
    parser.add_argument('--models', nargs='+', metavar='NAME', help='model configs by file name')
    parser.add_argument('--abbr', help='the model to serve, where there are several')
    group = parser.add_argument_group('the server')
    group.add_argument('--engine', required=True, choices=SERVERS, help='what serves the model')
    group.add_argument('--host', default='127.0.0.1', help='default: 127.0.0.1')
    group.add_argument('--port', type=int, default=8000, help='default: 8000; 0 takes a free one')
    group.add_argument('-w', '--work-dir', type=Path, help='for its log (default: outputs/serve)')
    add_server_options(group)
