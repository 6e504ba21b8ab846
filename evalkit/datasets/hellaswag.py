"""HellaSwag: which of four endings goes on best (Zellers et al., https://arxiv.org/abs/1905.07830).

`hellaswag.jsonl` has OpenCompass's columns `query` ('<activity>: <context>'), `choices` and `gold`;
the published `hellaswag_val.jsonl` is read, too, and made the same.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset

LETTERS = 'ABCD'


class HellaswagDataset(BaseDataset):
    """Rows with `ctx`, the endings `A` to `D`, and the `label` 0 to 3."""

    num_heads: ClassVar[int] = 2
    """How many '...: ' at the beginning of a context are cut off, as in OpenCompass."""

    @classmethod
    def load(cls, path: str = 'opencompass/hellaswag') -> list[dict[str, Any]]:
        """Read a file, or the validation split of the hub."""
        source = find_source(path)
        if isinstance(source, HubDataset):
            return [cls.row(published(raw)) for raw in source.rows('validation')]
        return [cls.row(published(raw)) for raw in read_jsonl(source)]

    @classmethod
    def row(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row as this class has it."""
        context = raw['query'].split(': ', cls.num_heads)[-1]
        return {'ctx': context, **endings(raw), 'label': raw['gold']}


class HellaswagDatasetV2(HellaswagDataset):
    """Rows whose `label` is a letter."""

    num_heads = 1

    @classmethod
    def row(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row as this class has it."""
        return {**super().row(raw), 'label': LETTERS[raw['gold']]}


class HellaswagDatasetV3(HellaswagDataset):
    """Rows with the whole `query`, `A` to `D`, and `gold`."""

    @classmethod
    def row(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row as this class has it."""
        return {'query': raw['query'], **endings(raw), 'gold': raw['gold']}


class HellaswagDatasetwithICE(BaseDataset):
    """The rows of `HellaswagDatasetV2` in the splits train (25 examples) and val."""

    @staticmethod
    def load(path: str = 'opencompass/hellaswag_ice') -> dict[str, list[dict[str, Any]]]:
        """Read both files of a folder."""
        files = {'train': 'hellaswag_train_sampled25.jsonl', 'val': 'hellaswag.jsonl'}
        return {split: HellaswagDatasetV2.load(f'{path}/{file}') for split, file in files.items()}


def endings(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the four endings by their letters."""
    return dict(zip(LETTERS, raw['choices'], strict=True))


def published(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row of the published file as OpenCompass has it."""
    if 'query' in raw:
        return raw
    context = f'{raw["ctx_a"]} {raw["ctx_b"].capitalize()}'
    return {
        'query': plain(f'{raw["activity_label"]}: {context}'),
        'choices': [plain(ending) for ending in raw['endings']],
        'gold': int(raw['label']),
    }


def plain(text: str) -> str:
    """Return a text without WikiHow's marks, such as [title]."""
    return ' '.join(re.sub(r'\[.*?\]', '', text.replace(' [title]', '. ')).split())
