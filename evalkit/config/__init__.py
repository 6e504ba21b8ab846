"""Configs: read as plain data, and turned into objects at the last moment."""

from evalkit.config.build import arguments_of, build, check_arguments, check_required
from evalkit.config.dump import config_hash, dump_config
from evalkit.config.extras import import_extra
from evalkit.config.keys import TOP_KEYS
from evalkit.config.load import load_config
from evalkit.config.resolve import resolve_type, type_path
from evalkit.config.secrets import (
    hide_secrets,
    known_secrets,
    redact,
    redact_known,
    reveal_secrets,
)
from evalkit.config.suggest import did_you_mean, no_such_file

__all__ = [
    'TOP_KEYS',
    'arguments_of',
    'build',
    'check_arguments',
    'check_required',
    'config_hash',
    'did_you_mean',
    'dump_config',
    'hide_secrets',
    'import_extra',
    'known_secrets',
    'load_config',
    'no_such_file',
    'redact',
    'redact_known',
    'resolve_type',
    'reveal_secrets',
    'type_path',
]
