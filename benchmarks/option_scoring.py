"""Four-option questions by log-likelihood: one request a question against one an option.

    python -m benchmarks.option_scoring [--backends hf vllm sglang lmdeploy] [--num 2000]

Run it with the Python of an environment that has the backends. A Llama of 4M random parameters and
32,000 tokens scores the options 'A' to 'D' of synthetic questions, and then options of several
tokens, which share their question.
The other side is what is usual: on vLLM a request an option with `prompt_logprobs=1`, elsewhere a
request an option. It is slow, so that it gets the first `--baseline` questions only, and what is
compared is the number of questions a second. Prints lines of a Markdown table.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evalkit.config import resolve_type
from evalkit.models import BaseModel
from evalkit.types import ScoringRequest

ROOT = Path(__file__).parents[1]

Scores = dict[str, float]

MODELS: Mapping[str, tuple[str, dict[str, Any]]] = {
    'hf': ('HuggingFaceBaseModel', {'model_kwargs': {'dtype': 'float32'}}),
    'vllm': ('VLLM', {'model_kwargs': {'dtype': 'float32'}}),
    'sglang': ('SGLang', {'model_kwargs': {'dtype': 'float32'}}),
    'lmdeploy': ('TurboMindModel', {'backend': 'pytorch'}),
}

LEAST = {'hf': 3.0, 'vllm': 10.0}
"""How many times faster one request a question has to be."""


def questions(num: int, *, is_long: bool) -> list[list[ScoringRequest]]:
    """Return the requests of each question: the letters, or what stands behind them."""
    draw = random.Random(4)
    found = []
    for number in range(num):
        terms = [draw.randint(1, 100) for _ in range(3)]
        values = draw.sample(range(1000, 10000), 4)
        options = dict(zip('ABCD', map(str, values), strict=True))
        listed = ''.join(f'{letter}. {value}\n' for letter, value in options.items())
        context = (
            f'Question {number}: what is {terms[0]} + {terms[1]} x {terms[2]}, and what remains of '
            f'it when {terms[0]} is taken away?\n{listed}Answer:'
        )
        continuations = options.values() if is_long else options
        found.append([ScoringRequest(f'{number}/{text}', context, text) for text in continuations])
    return found


def ours(model: BaseModel, asked: Sequence[Sequence[ScoringRequest]]) -> Scores:
    """Hand everything to the model, as evalkit does."""
    requests = (request for question in asked for request in question)
    return {scoring.key: scoring.logprob for scoring in model.loglikelihood(requests)}


def one_by_one(model: BaseModel, asked: Sequence[Sequence[ScoringRequest]]) -> Scores:
    """Let no two options of a question meet in a call, so that each is a request of its own."""
    rounds = zip(*asked, strict=True)
    return {
        scoring.key: scoring.logprob
        for requests in rounds
        for scoring in model.loglikelihood(requests)
    }


def prompt_logprobs(model: Any, asked: Sequence[Sequence[ScoringRequest]]) -> Scores:
    """Ask vLLM for the log-probabilities of all tokens of context and option."""
    from vllm import SamplingParams

    engine, encoder = model.port.engine, model.prompt_encoder
    params = SamplingParams(max_tokens=1, temperature=0, prompt_logprobs=1)
    starts = {}
    for request in (request for question in asked for request in question):
        ids, starts[request.key] = encoder.encode_pair(request.context, request.continuation)
        engine.add_request(request.key, {'prompt_token_ids': ids}, params)
    scores: Scores = {}
    while engine.has_unfinished_requests():
        for output in engine.step():
            start = starts[output.request_id]
            tokens = zip(output.prompt_token_ids, output.prompt_logprobs, strict=True)
            scores[output.request_id] = sum(
                place[token].logprob for token, place in list(tokens)[start:]
            )
    return scores


BASELINES: Mapping[str, Callable[[Any, Sequence[Sequence[ScoringRequest]]], Scores]] = {
    'vllm': prompt_logprobs
}


def timed(
    score: Callable[[Any, Sequence[Sequence[ScoringRequest]]], Scores],
    model: BaseModel,
    asked: Sequence[Sequence[ScoringRequest]],
) -> tuple[float, Scores]:
    """Return the questions a second, and the scores."""
    began = time.perf_counter()
    scores = score(model, asked)
    return len(asked) / (time.perf_counter() - began), scores


def measure(backend: str, path: Path, num: int, num_baseline: int) -> bool:
    """Print the lines of a backend; return whether options of one token are fast enough."""
    name, arguments = MODELS[backend]
    model: BaseModel = resolve_type(f'evalkit.models.{name}')(str(path), **arguments)
    baseline = BASELINES.get(backend, one_by_one)
    is_fast = True
    for is_long in (False, True):
        asked = questions(num + 32, is_long=is_long)
        for score in (ours, baseline):
            score(model, asked[num:])  # compiles what has to be compiled
        speed, scores = timed(ours, model, asked[:num])
        usual, expected = timed(baseline, model, asked[:num_baseline])
        gap = max(abs(scores[key] - value) for key, value in expected.items())
        kind = 'several tokens' if is_long else 'one token'
        print(f'| {backend} | {kind} | {num} | {speed:.0f} | {usual:.1f} | {speed / usual:.1f} x '
              f'| {gap:.1e} |', flush=True)  # fmt: skip
        is_fast = is_fast and (is_long or speed >= LEAST.get(backend, 0) * usual)
    model.close()
    return is_fast


def run_each(command: Sequence[str], names: Sequence[str]) -> int:
    """Run the command with each name; return 1 if any of them failed or was killed."""
    codes = [subprocess.run([*command, name], cwd=ROOT, check=False).returncode for name in names]
    return int(any(codes))


def main() -> int:
    """Print the table; return 1 if a backend is too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--backends', nargs='+', choices=MODELS, default=list(MODELS))
    parser.add_argument('--num', type=int, default=2000, help='questions (2000)')
    parser.add_argument('--baseline', type=int, default=200, help='of the other side (200)')
    parser.add_argument('--model', type=Path, help='a folder, for one backend only')
    arguments = parser.parse_args()
    if arguments.model:
        [backend] = arguments.backends
        return int(not measure(backend, arguments.model, arguments.num, arguments.baseline))
    print('| backend | options of | questions | a second | one request an option, a second '
          '| faster | largest difference |')  # fmt: skip
    print('| --- | --- |' + ' ---: |' * 5, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        python = [sys.executable, '-m']
        subprocess.run([*python, 'benchmarks.gpu.model', 'small', folder], cwd=ROOT, check=True)
        numbers = ['--num', str(arguments.num), '--baseline', str(arguments.baseline)]
        command = [*python, 'benchmarks.option_scoring', *numbers, '--model', folder, '--backends']
        return run_each(command, arguments.backends)


if __name__ == '__main__':
    sys.exit(main())
