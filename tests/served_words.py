"""The words of `tests.runs`, answered by a service that fails once."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.models.openai.fault_server import Act, Asked, FaultServer, error, say
from tests.runs import run_folder, scores, summary

NUM_WORDS = 20
PRICES = {'prompt': 1_000_000, 'cached': 500_000, 'output': 2_000_000}


def served(server: FaultServer, **keys: Any) -> dict[str, Any]:
    """Return the config of a model behind the server."""
    address = {'path': 'm', 'key': 'secret', 'openai_api_base': server.base}
    quick = {'backoff_seconds': 0.01, 'prices': PRICES}
    return {'type': 'evalkit.models.OpenAISDK', 'abbr': 'served', **address, **quick, **keys}


class Words:
    """Says the word that is asked for, but fails the first time that word5 is."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __call__(self, asked: Asked) -> Act:
        [word] = re.findall(r'word\d+', asked.text)
        self.seen[word] += 1
        return error(500, 'once') if (word, self.seen[word]) == ('word5', 1) else say(word)


def check_usage(folder: Path) -> None:
    """See that everything is counted that the only run asked of the service."""
    assert scores(run_folder(folder)) == {('words', 'served'): 100.0}
    usage = summary(run_folder(folder))['usage']['served']
    assert (usage['requests'], usage['answers']) == (NUM_WORDS + 1, NUM_WORDS)
    assert usage['retries'] == {'server': 1}
    tokens = [usage[f'{kind}_tokens'] for kind in ('prompt', 'cached', 'output')]
    assert tokens == [7 * NUM_WORDS, 2 * NUM_WORDS, 3 * NUM_WORDS]
    assert usage['cost'] == pytest.approx((5 * 1 + 2 * 0.5 + 3 * 2) * NUM_WORDS)
    assert 0 < usage['latency_seconds']['p50'] <= usage['latency_seconds']['p99']
