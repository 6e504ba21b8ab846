"""The comparison that made people ask for evalkit: 100 problems, answered in four ways.

    python -m benchmarks.llama_factory [--engine vllm] [--num 100]

* one sample at a time, as LLaMA-Factory predicts with `per_device_eval_batch_size: 1`;
* batches of 8, in the order of the file;
* asynchronous calls to a served model, by a script of thirty lines (`transformers serve`);
* evalkit, `run.py predict.yaml`, on Hugging Face, and on an engine where one is named.

Prints a row each: the whole command, and of it the asking. Run it with the Python that has the
engine, the server and the scorers (`pip install 'evalkit[serving,scoring]'`); each way is a process
of its own. All run on the CPU, so that they can be compared: GPUs are hidden.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from socket import socket
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[1]
MODEL = ROOT / 'models' / 'calc-llama-0.8m'
PROBLEMS = ROOT / 'data' / 'calculate.json'
MAX_NEW_TOKENS = 512
IN_FLIGHT = 32
STARTUP_SECONDS = 120.0
PREDICT = f"""
model_name_or_path: {MODEL}
stage: sft
do_predict: true
eval_dataset: calculate
dataset_dir: {ROOT / 'data'}
do_sample: false
max_new_tokens: {MAX_NEW_TOKENS}
"""
NEEDED = ('fastapi', 'uvicorn', 'jieba', 'rouge_chinese')


@dataclass(frozen=True, slots=True)
class Way:
    """One way to answer: seconds of all and of asking alone, and the share that is right."""

    name: str
    seconds: float
    ask_seconds: float
    accuracy: float

    @property
    def row(self) -> str:
        """A row of the table."""
        times = f'{self.seconds:.1f} | {self.ask_seconds:.1f}'
        return f'| {self.name} | {times} | {self.accuracy:.0f} |'


Rows = Sequence[dict[str, str]]


def problems(num: int) -> Rows:
    """The first problems."""
    found: Rows = json.loads(PROBLEMS.read_text(encoding='utf-8'))
    return found[:num]


def accuracy(answers: Sequence[str], rows: Rows) -> float:
    """The share of answers whose `infer` is the value, from 0 to 100."""
    right = 0
    for answer, row in zip(answers, rows, strict=True):
        found = re.findall(r'"infer":\s*(-?\d+)', answer)
        right += bool(found) and int(found[-1]) == int(row['output'])
    return 100 * right / len(answers)


def in_batches(rows: Rows, size: int) -> tuple[float, list[str]]:
    """Load the model and generate `size` at a time, in the order of the file."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(MODEL, padding_side='left')
    model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.float32).eval()
    chats = [[{'role': 'user', 'content': row['input']}] for row in rows]
    began, answers = time.perf_counter(), []
    for start in range(0, len(chats), size):
        inputs = tokenizer.apply_chat_template(
            chats[start : start + size],
            add_generation_prompt=True,
            padding=True,
            return_tensors='pt',
            return_dict=True,
        )
        with torch.inference_mode():
            output = model.generate(**inputs, max_new_tokens=MAX_NEW_TOKENS, do_sample=False)
        new = output[:, inputs['input_ids'].shape[1] :]
        answers += tokenizer.batch_decode(new, skip_special_tokens=True)
    return time.perf_counter() - began, answers


async def by_calls(address: str, rows: Rows) -> list[str]:
    """Ask a server for all answers, `IN_FLIGHT` at a time."""
    room = asyncio.Semaphore(IN_FLIGHT)

    async def ask(session: aiohttp.ClientSession, prompt: str) -> str:
        body = {
            'model': str(MODEL),
            'messages': [{'role': 'user', 'content': prompt}],
            'max_tokens': MAX_NEW_TOKENS,
            'temperature': 0,
        }
        async with room, session.post(f'{address}/v1/chat/completions', json=body) as response:
            answer: dict[str, Any] = await response.json()
            return str(answer['choices'][0]['message']['content'])

    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        return list(await asyncio.gather(*(ask(session, row['input']) for row in rows)))


def served(rows: Rows) -> tuple[float, list[str]]:
    """Serve the model with transformers, and ask it by asynchronous calls."""
    with socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).parent / 'transformers'
    flags = ['--device', 'cpu', '--dtype', 'float32', '--host', '127.0.0.1', '--port', str(port)]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen([program, 'serve', str(MODEL), *flags], stdout=quiet, stderr=quiet)
    try:
        wait_until_up(server, port)
        began = time.perf_counter()
        answers = asyncio.run(by_calls(f'http://127.0.0.1:{port}', rows))
        return time.perf_counter() - began, answers
    finally:
        server.terminate()
        server.wait()


def wait_until_up(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until something listens."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with socket() as client:
            if client.connect_ex(('127.0.0.1', port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f'`transformers serve` did not come up within {STARTUP_SECONDS:.0f} s')


WAYS: dict[str, Callable[[Rows], tuple[float, list[str]]]] = {
    'one sample at a time': partial(in_batches, size=1),
    'batches of 8': partial(in_batches, size=8),
    'asynchronous calls to `transformers serve`': served,
}


def in_a_process(name: str, num: int) -> Way:
    """Do one of `WAYS` in a process of its own, as a user would."""
    command = [sys.executable, '-m', 'benchmarks.llama_factory', '--way', name, '--num', str(num)]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f'{name}: {done.stderr}')
    found = json.loads(done.stdout.splitlines()[-1])
    return Way(name, seconds, found['ask_seconds'], found['accuracy'])


def by_evalkit(engine: str | None, num: int) -> Way:
    """Run `run.py predict.yaml`, whole: asking, scoring and the table."""
    flags = ['-a', engine] if engine else []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / 'predict.yaml').write_text(f'{PREDICT}max_samples: {num}\n')
        command = [sys.executable, str(ROOT / 'run.py'), 'predict.yaml', '-w', 'out', *flags]
        began = time.perf_counter()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        seconds = time.perf_counter() - began
        if done.returncode:
            sys.exit(f'run.py predict.yaml: {done.stderr}')
        lines = (folder / 'out' / 'generated_predictions.jsonl').read_text().splitlines()
        [summary] = folder.glob('out/*/exports/llamafactory/*/*/predict_results.json')
        asking = json.loads(summary.read_text())['predict_runtime']
    answers = [json.loads(line)['predict'] for line in lines]
    name = ' '.join(['run.py predict.yaml', *flags])
    return Way(f'`{name}`', seconds, asking, accuracy(answers, problems(num)))


def check_packages() -> None:
    """End with one line where packages are missing, before anything has run."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        sys.exit(
            f'the server or the scorers need {", ".join(missing)} beside {sys.executable}: '
            "pip install 'evalkit[serving,scoring]'"
        )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description='Answer the 100 problems in four ways.')
    parser.add_argument('--engine', help='vllm, sglang or lmdeploy, if it runs here without a GPU')
    parser.add_argument('--num', type=int, default=100, help='the first problems only')
    parser.add_argument('--way', choices=WAYS, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Print the table; with `--way`, do one way and print its figures."""
    options = arguments()
    if options.way:
        rows = problems(options.num)
        seconds, answers = WAYS[options.way](rows)
        print(json.dumps({'ask_seconds': seconds, 'accuracy': accuracy(answers, rows)}))
        return
    check_packages()
    os.environ['CUDA_VISIBLE_DEVICES'] = ''  # what all processes below inherit
    head = f'| {options.num} problems | whole command, s | asking, s | accuracy |'
    print(f'{head}\n| --- | ---: | ---: | ---: |')
    for name in WAYS:
        print(in_a_process(name, options.num).row, flush=True)
    for engine in (None, options.engine) if options.engine else (None,):
        print(by_evalkit(engine, options.num).row, flush=True)


if __name__ == '__main__':
    main()
