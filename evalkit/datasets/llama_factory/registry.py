"""What `dataset_info.json` says of a dataset: where it lies, its columns, and who speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalkit.config import did_you_mean
from evalkit.datasets.files import find_data, read_json
from evalkit.errors import ConfigError

ONLINE = 'ONLINE'
"""The `dataset_dir` for which a dataset's name is an id of the hub."""

SOURCES = (
    'hf_hub_url',
    'ms_hub_url',
    'om_hub_url',
    'script_url',
    'cloud_file_name',
    'file_name',
)
"""Where a dataset may lie; the first that is given counts."""

READABLE = ('hf_hub_url', 'file_name')
FORMATS = ('alpaca', 'sharegpt', 'openai')
KEYS = (
    *SOURCES,
    'formatting',
    'ranking',
    'subset',
    'split',
    'folder',
    'num_samples',
    'columns',
    'tags',
)

COLUMNS: Mapping[str, str] = {
    'prompt': 'instruction',
    'query': 'input',
    'response': 'output',
    'messages': 'conversations',
}
"""The columns of a dataset that names none; one that names some has no others."""

OTHER_COLUMNS = ('history', 'system', 'tools', 'chosen', 'rejected', 'kto_tag')
MEDIA = ('images', 'videos', 'audios')

TAGS: Mapping[str, str] = {
    'role_tag': 'from',
    'content_tag': 'value',
    'user_tag': 'human',
    'assistant_tag': 'gpt',
    'observation_tag': 'observation',
    'function_tag': 'function_call',
    'system_tag': 'system',
}
"""The words of a dataset that names none; one that names some has no others."""

OPENAI_TAGS: Mapping[str, str] = {
    'role_tag': 'role',
    'content_tag': 'content',
    'user_tag': 'user',
    'assistant_tag': 'assistant',
    'observation_tag': 'tool',
    'function_tag': 'function_call',
    'system_tag': 'system',
}


@dataclass(frozen=True, slots=True)
class Registered:
    """An entry of `dataset_info.json`; `source` is one of `READABLE`, `columns` and `tags` are
    those that the dataset has.
    """

    name: str
    source: str
    location: str
    columns: Mapping[str, str]
    tags: Mapping[str, str]
    formatting: str = 'alpaca'
    subset: str | None = None
    split: str = 'train'
    folder: str | None = None
    num_samples: int | None = None


def registered(name: str, dataset_dir: str) -> Registered:
    """Return what `dataset_dir` says of a dataset."""
    if dataset_dir == ONLINE:
        return Registered(name, 'hf_hub_url', name, COLUMNS, TAGS)
    if dataset_dir.startswith('REMOTE:'):
        raise ConfigError(
            f'dataset_dir {dataset_dir}: download the repository and name its folder '
            f'(hf download --repo-type dataset {dataset_dir.removeprefix("REMOTE:")})'
        )
    path = find_data(dataset_dir) / 'dataset_info.json'
    entries = read_json(path)
    if not isinstance(entries, dict) or not isinstance(entries.get(name, {}), dict):
        raise ConfigError(f'{path}: must map names of datasets to what is known of them')
    if name not in entries:
        known = ', '.join(entries)
        hint = did_you_mean(name, entries, otherwise=f'; it has {known}')
        raise ConfigError(f'{path} has no dataset {name!r}{hint}')
    return read_entry(name, entries[name], f'{path}, {name}')


def read_entry(name: str, entry: Mapping[str, Any], place: str) -> Registered:
    """Return a checked entry."""
    check_keys(entry, KEYS, place)
    source = next((key for key in SOURCES if entry.get(key)), None)
    if source not in READABLE:
        what = f'{source} cannot be read' if source else 'it names no source'
        raise ConfigError(f'{place}: {what}: give a file_name (or hf_hub_url)')
    if entry.get('ranking'):
        raise ConfigError(f'{place}: it ranks answers (ranking), so that it has no reference')
    formatting = entry.get('formatting', 'alpaca')
    if formatting not in FORMATS:
        hint = did_you_mean(formatting, FORMATS, otherwise=f'; use one of {", ".join(FORMATS)}')
        raise ConfigError(f'{place}: there is no formatting {formatting!r}{hint}')
    given = {
        key: entry[key] for key in ('subset', 'split', 'folder', 'num_samples') if key in entry
    }
    own_tags = OPENAI_TAGS if formatting == 'openai' else TAGS
    return Registered(
        name,
        source,
        str(entry[source]),
        named(entry, 'columns', (*COLUMNS, *OTHER_COLUMNS), place) or COLUMNS,
        named(entry, 'tags', tuple(TAGS), place) or own_tags,
        formatting,
        **given,
    )


def named(
    entry: Mapping[str, Any], key: str, known: tuple[str, ...], place: str
) -> Mapping[str, str]:
    """Return the columns or tags that an entry names."""
    found = {name: value for name, value in (entry.get(key) or {}).items() if value}
    for medium in MEDIA:
        if medium in found:
            raise ConfigError(f'{place}: {key}.{medium}: evalkit asks with texts only')
    check_keys(found, known, f'{place}, {key}')
    return found


def check_keys(given: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    """Refuse what is misspelt; LLaMA-Factory would pass over it in silence."""
    for key in given:
        if key not in known:
            raise ConfigError(f'{place}: there is no {key!r}{did_you_mean(key, known)}')
