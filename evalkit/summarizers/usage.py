"""What was asked of services for the models of a run, over all its processes and resumptions."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from evalkit.models.openai.accounting import Accounting
from evalkit.store import Workspace, read_json

Usage = Mapping[str, Mapping[str, Any]]
"""The counts of each model or judge that a service answers for."""


def read_usage(workspace: Workspace, models: Iterable[str]) -> Usage:
    """Add up what the processes have counted for models."""
    return _counted({model: workspace.usage(model) for model in models})


def read_judge_usage(workspace: Workspace) -> Usage:
    """Add up what the processes have counted for judges."""
    return _counted({folder.name: folder for folder in sorted(workspace.judge_usages.glob('*'))})


def _counted(folders: Mapping[str, Path]) -> Usage:
    found: dict[str, Mapping[str, Any]] = {}
    for name, folder in folders.items():
        accounting = Accounting()
        for path in sorted(folder.glob('*.json')):
            accounting.add_state(read_json(path))
        if accounting.num_requests:
            found[name] = accounting.summary()
    return found


def usage_line(model: str, counts: Mapping[str, Any]) -> str:
    """Return what was asked for one model or judge in a line."""
    retries = sum(counts['retries'].values())
    latency = counts['latency_seconds']
    first = counts.get('first_token_seconds')
    parts = [
        f'{counts["requests"]} requests',
        f'{retries} retries' if retries else '',
        f'{counts["prompt_tokens"]} prompt tokens ({counts["cached_tokens"]} cached)',
        f'{counts["output_tokens"]} output tokens',
        'latency ' + ', '.join(f'{name} {latency[name]:g} s' for name in latency)
        if latency
        else '',
        'first token ' + ', '.join(f'{name} {first[name]:g} s' for name in first) if first else '',
        f'cost {counts["cost"]:.4g}' if 'cost' in counts else '',
    ]
    return f'{model}: {"; ".join(filter(None, parts))}'
