"""Measures the API client against what a user would take instead, on one machine in one run.

    python -m benchmarks.api [--scale 0.1] [--lm-eval PYTHON]

`--scale` shortens all runs. PYTHON is the interpreter of an environment with
`lm-eval[api]==0.4.13`; without it that peer is left out. Each client is a process of its own, the
server another one.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.answer_server import answer_server

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


def whole_command(num_samples: int, lm_eval: str | None) -> None:
    """The whole command on 2,000 samples answered at once, imports and scoring included."""
    print(f'\nthe whole command, {num_samples} samples, immediate replies')
    with tempfile.TemporaryDirectory() as name, answer_server(0) as base:
        folder = Path(name)
        write_samples(folder, num_samples)
        ours = time_command(evalkit_command(folder, base), folder)
        print(f'  evalkit    {ours:6.1f} s')
        if lm_eval:
            theirs = time_command(lm_eval_command(folder, base, lm_eval), folder)
            print(f'  lm-eval    {theirs:6.1f} s   {theirs / ours:.2f} x evalkit')


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


TASK = """task: samples
dataset_path: json
dataset_kwargs: {{data_files: {{test: {path}}}}}
test_split: test
output_type: generate_until
doc_to_text: "{{{{question}}}}"
doc_to_target: "{{{{answer}}}}"
generation_kwargs: {{until: [], max_gen_toks: 64}}
metric_list: [{{metric: exact_match}}]
"""


def lm_eval_command(folder: Path, base: str, python: str) -> list[str]:
    """Return the command that asks and scores the samples with lm-evaluation-harness."""
    (folder / 'samples.yaml').write_text(TASK.format(path=folder / 'samples.jsonl'))
    options = (
        f'model=m,base_url={base}/chat/completions,num_concurrent=256,tokenized_requests=False'
    )
    return [
        *(python, '-m', 'lm_eval', '--model', 'local-chat-completions', '--tasks', 'samples'),
        *('--model_args', options, '--include_path', str(folder), '--apply_chat_template'),
    ]


def time_command(command: list[str], folder: Path) -> float:
    """Return the seconds that a command takes; what it says is shown if it fails."""
    env = {**os.environ, 'OPENAI_API_KEY': 'EMPTY'}
    began = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    seconds = time.monotonic() - began
    if done.returncode:
        raise SystemExit(f'{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}')
    return seconds


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--scale', type=float, default=1.0)
    parser.add_argument('--lm-eval', metavar='PYTHON')
    arguments = parser.parse_args()
    compare_transports(int(2_000 * arguments.scale))
    find_concurrency(int(20_000 * arguments.scale))
    immediate_replies(int(200_000 * arguments.scale))
    whole_command(int(2_000 * arguments.scale), arguments.lm_eval)


if __name__ == '__main__':
    main()
