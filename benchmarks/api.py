"""Measures the API client against what a user would take instead, on one machine in one run.

    python -m benchmarks.api [--scale 0.1] [--lm-eval PYTHON] [--inspect PYTHON]
                             [--opencompass PYTHON] [--only NAME ...]

`--scale` shortens all runs. Each PYTHON is the interpreter of an environment with that peer
(`lm-eval[api]==0.4.13`; `inspect-ai==0.3.285`; `opencompass==0.5.4` with `pyarrow<21` and
`transformers<5`); without it the peer is left out. Each client is a process of its own, the server
another one.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.answer_server import answer_server
from benchmarks.api_peers import PEERS

ROOT = Path(__file__).parents[1]
IDEAL_RATIO, MIN_RATE, MAX_GROWTH = 1.10, 2_000, 1.10


def measure(client: str, base: str, num_requests: int, in_flight: int) -> dict[str, float]:
    """Run a client of `benchmarks.api_clients`."""
    arguments = [client, base, str(num_requests), str(in_flight)]
    command = [sys.executable, '-m', 'benchmarks.api_clients', *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare_transports(num_requests: int) -> None:
    """2,000 requests answered after 50 ms, 256 in flight: requests a second."""
    print(f'\n{num_requests} requests answered after 50 ms, 256 in flight')
    with answer_server(0.05) as base:
        rates = {
            name: measure(name, base, num_requests, 256)['rate']
            for name in ('openai', 'aiohttp', 'evalkit')
        }
    for name, rate in rates.items():
        print(f'  {name:10} {rate:8.0f} requests/s   {rate / rates["openai"]:6.2f} x openai')


def find_concurrency(num_requests: int) -> None:
    """A reply after 0.5 s, 512 in flight: against the ideal time."""
    ideal = num_requests * 0.5 / 512
    with answer_server(0.5) as base:
        seconds = measure('evalkit', base, num_requests, 512)['seconds']
    print(f'\n{num_requests} requests answered after 0.5 s, at most 512 in flight')
    print(f'  {seconds:.2f} s, ideal {ideal:.2f} s: {seconds / ideal:.3f} x (aim {IDEAL_RATIO})')


def immediate_replies(num_requests: int) -> None:
    """An immediate reply: requests a second, and memory with ten times the requests."""
    print('\nimmediate replies, the concurrency found by itself, each answer stored')
    with answer_server(0) as base:
        few = measure('evalkit', base, num_requests // 20, 0)
        many = measure('evalkit', base, num_requests, 0)
    for number, found in ((num_requests // 20, few), (num_requests, many)):
        print(f'  {number:7} requests {found["rate"]:6.0f}/s {found["mebibytes"]:6.1f} MiB')
    growth = many['mebibytes'] / few['mebibytes']
    print(f'  memory grows by {growth:.3f} x (aim {MAX_GROWTH}); aim {MIN_RATE} requests/s')


def whole_command(num_samples: int, pythons: dict[str, str]) -> None:
    """The whole command on samples answered at once, imports and scoring included."""
    print(f'\nthe whole command, {num_samples} samples, immediate replies')
    with tempfile.TemporaryDirectory() as name, answer_server(0) as base:
        folder = Path(name)
        write_samples(folder, num_samples)
        ours = time_command(evalkit_command(folder, base), folder, base)
        print(f'  evalkit      {ours:6.1f} s')
        for peer, python in pythons.items():
            theirs = time_command(PEERS[peer](folder, base, python), folder, base)
            print(f'  {peer:12} {theirs:6.1f} s   {theirs / ours:.2f} x evalkit')


def write_samples(folder: Path, number: int) -> None:
    """Write questions as JSON lines."""
    rows = ({'question': f'What is {n} + 1?', 'answer': str(n + 1)} for n in range(number))
    (folder / 'samples.jsonl').write_text(''.join(f'{json.dumps(row)}\n' for row in rows))


def evalkit_command(folder: Path, base: str) -> list[str]:
    """Return the command that asks and scores the samples with evalkit."""
    cfg = {
        'models': [
            {
                'type': 'evalkit.models.OpenAISDK',
                'abbr': 'api',
                'path': 'm',
                'key': 'EMPTY',
                'openai_api_base': base,
            }
        ],
        'datasets': [dataset_cfg()],
    }
    text = ''.join(f'{key} = {value!r}\n' for key, value in cfg.items())
    (folder / 'samples.py').write_text(text)
    return [sys.executable, str(ROOT / 'run.py'), 'samples.py']


def dataset_cfg() -> dict[str, Any]:
    """Return the config of the samples."""
    return {
        'type': 'evalkit.datasets.CustomDataset',
        'abbr': 'samples',
        'path': 'samples.jsonl',
        'reader_cfg': {'input_columns': ['question'], 'output_column': 'answer'},
        'infer_cfg': {
            'prompt_template': {'type': 'evalkit.prompts.PromptTemplate', 'template': '{question}'},
            'retriever': {'type': 'evalkit.prompts.ZeroRetriever'},
            'inferencer': {'type': 'evalkit.inferencers.GenInferencer', 'max_out_len': 64},
        },
        'eval_cfg': {'evaluator': {'type': 'evalkit.evaluators.AccEvaluator'}},
    }


def time_command(command: list[str], folder: Path, base: str) -> float:
    """Return the seconds that a command takes; what it says is shown if it fails."""
    keys = {'OPENAI_API_KEY': 'EMPTY', 'BENCH_API_KEY': 'EMPTY', 'BENCH_BASE_URL': base}
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **keys}, capture_output=True, text=True
    )
    seconds = time.monotonic() - began
    if done.returncode:
        raise SystemExit(f'{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}')
    return seconds


def main() -> None:
    """Measure what is asked for, by default everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--scale', type=float, default=1.0)
    parser.add_argument('--only', nargs='+', choices=('transports', 'ideal', 'immediate', 'whole'))
    for peer in PEERS:
        parser.add_argument(f'--{peer}', metavar='PYTHON')
    arguments = parser.parse_args()
    scale = arguments.scale
    found = {peer: getattr(arguments, peer.replace('-', '_')) for peer in PEERS}
    pythons = {peer: python for peer, python in found.items() if python}
    measures: dict[str, Callable[[], None]] = {
        'transports': lambda: compare_transports(int(2_000 * scale)),
        'ideal': lambda: find_concurrency(int(20_000 * scale)),
        'immediate': lambda: immediate_replies(int(200_000 * scale)),
        'whole': lambda: whole_command(int(2_000 * scale), pythons),
    }
    for name in arguments.only or measures:
        measures[name]()


if __name__ == '__main__':
    main()
