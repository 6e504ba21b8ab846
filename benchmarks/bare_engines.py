"""What one would write without evalkit: give all prompts to an engine at once.

    python -m benchmarks.bare_engines vllm|sglang|lmdeploy MODEL QUESTIONS.jsonl NUM NUM_TOKENS

Prints a JSON object with the number of generated tokens, and the seconds of loading and of
generating. Each answer has exactly NUM_TOKENS tokens.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

INSTRUCTION = (
    'Please reason step by step, and put your final answer within \\boxed{}.'  # OpenCompass's
)

Generate = Callable[[list[str]], int]
"""Answers all texts, and returns how many tokens it generated."""


def vllm(model: str, num_tokens: int) -> Generate:
    """Load vLLM."""
    from vllm import LLM, SamplingParams

    llm = LLM(model, dtype='float32', generation_config='vllm')
    params = SamplingParams(temperature=0, max_tokens=num_tokens, min_tokens=num_tokens)

    def generate(texts: list[str]) -> int:
        answers = llm.generate(texts, params, use_tqdm=False)
        return sum(len(answer.outputs[0].token_ids) for answer in answers)

    return generate


def sglang(model: str, num_tokens: int) -> Generate:
    """Load SGLang, with the room for tokens that evalkit gives it on a CPU."""
    import torch
    from sglang.srt.entrypoints.engine import Engine

    on_cpu = {'device': 'cpu', 'dtype': 'float32', 'max_total_tokens': 65536}
    engine = Engine(
        model_path=model, log_level='error', **({} if torch.cuda.is_available() else on_cpu)
    )
    params = {'temperature': 0, 'max_new_tokens': num_tokens, 'min_new_tokens': num_tokens}

    def generate(texts: list[str]) -> int:
        answers = engine.generate(texts, params)
        return sum(answer['meta_info']['completion_tokens'] for answer in answers)

    return generate


def lmdeploy(model: str, num_tokens: int) -> Generate:
    """Load LMDeploy's PyTorch engine."""
    from lmdeploy import GenerationConfig, PytorchEngineConfig, pipeline

    pipe = pipeline(model, PytorchEngineConfig(session_len=2048), log_level='ERROR')
    config = GenerationConfig(max_new_tokens=num_tokens, min_new_tokens=num_tokens, top_k=1)

    def generate(texts: list[str]) -> int:
        answers = pipe.infer(texts, config, do_preprocess=False)
        return sum(answer.generate_token_len for answer in answers)

    return generate


ENGINES: dict[str, Callable[[str, int], Generate]] = {
    'vllm': vllm,
    'sglang': sglang,
    'lmdeploy': lmdeploy,
}


def prompts(model: str, questions: Path, num: int) -> list[str]:
    """Return the first questions as the chat model reads them."""
    from transformers import AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(model)
    rows = [json.loads(line) for line in questions.read_text('utf-8').splitlines()[:num]]
    return [
        tokenizer.apply_chat_template(
            [{'role': 'user', 'content': f'{row["question"]}\n{INSTRUCTION}\n'}],
            add_generation_prompt=True,
            tokenize=False,
        )
        for row in rows
    ]


def main() -> None:
    """Load, generate, and say how long that took."""
    engine, model, questions, num, num_tokens = sys.argv[1:]
    began = time.perf_counter()
    generate = ENGINES[engine](model, int(num_tokens))
    loaded = time.perf_counter()
    total = generate(prompts(model, Path(questions), int(num)))
    asked = time.perf_counter()
    told = {'tokens': total, 'load_seconds': loaded - began, 'ask_seconds': asked - loaded}
    sys.stdout.write(f'\n{json.dumps(told)}\n')


if __name__ == '__main__':
    main()
