"""How a model's files are had from the hub, in the words of transformers."""

import os
import re
from collections.abc import Mapping
from typing import Any

HUB_ID = re.compile(r'[\w.-]+(/[\w.-]+)?')
ACCESS_KEYS = ('trust_remote_code', 'cache_dir', 'token', 'local_files_only')
REVISION_KEYS = ('revision', 'code_revision')
ENGINE_NAMES = {'download_dir': 'cache_dir', 'hf_token': 'token'}
"""What engines call some of these."""


def hub_options(
    model_kwargs: Mapping[str, Any], tokenizer_kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what reads a model's config, and all that belongs to it, off the hub.

    What gives access may be said to the tokenizer alone, where an engine has no argument for it.
    A revision of the tokenizer's says nothing of the model, which may be another repository.
    """
    named = {ENGINE_NAMES.get(key, key): value for key, value in model_kwargs.items()}
    known = {key: named.get(key) for key in (*ACCESS_KEYS, *REVISION_KEYS)}
    access = {key: tokenizer_kwargs.get(key) for key in ACCESS_KEYS}
    return {**_given(access), **_given(known)}


def local_path(path: str) -> str:
    """Return `path` with the home folder in it written out; anything else as it is."""
    return os.path.expanduser(path) if path.startswith('~') else path  # noqa: PTH111 - keeps 's3://'


def not_to_be_had(kind: str, path: str) -> str:
    """Say that something is neither a folder here nor on the hub."""
    return (
        f'no {kind} {path}: there is no such folder, and it cannot be had from the hub under '
        'this id; without a network give the path of a local folder'
    )


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in options.items() if value is not None}
