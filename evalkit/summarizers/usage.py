"""What was asked of services for the models of a run, over all its processes and resumptions."""

from collections.abc import Iterable, Mapping
from typing import Any

from evalkit.models.openai.accounting import Accounting
from evalkit.store import Workspace, read_json

Usage = Mapping[str, Mapping[str, Any]]
"""The counts of each model that a service answers for."""


def read_usage(workspace: Workspace, models: Iterable[str]) -> Usage:
    """Add up what the processes have counted."""
    found: dict[str, Mapping[str, Any]] = {}
    for model in models:
        accounting = Accounting()
        for path in sorted(workspace.usage(model).glob('*.json')):
            accounting.add_state(read_json(path))
        if accounting.num_requests:
            found[model] = accounting.summary()
    return found


def usage_line(model: str, counts: Mapping[str, Any]) -> str:
    """Return what was asked for one model in a line."""
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
