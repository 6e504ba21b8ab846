"""Folders of LLaMA-Factory datasets, written for a test."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evalkit.datasets import LlamaFactoryDataset


def write_registry(folder: Path, **entries: Any) -> Path:
    """Register datasets in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'dataset_info.json').write_text(json.dumps(entries), encoding='utf-8')
    return folder


def load_rows(folder: Path, rows: Sequence[Any], **entry: Any) -> list[dict[str, Any]]:
    """Load a dataset with these rows that is registered so."""
    write_registry(folder, mine={'file_name': 'mine.json', **entry})
    (folder / 'mine.json').write_text(json.dumps(rows, ensure_ascii=False), encoding='utf-8')
    return LlamaFactoryDataset.load('mine', str(folder))


def asked(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return what the last user says in each row."""
    return [row['messages'][-1]['content'] for row in rows]
