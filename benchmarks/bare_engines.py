"""What one would write without evalkit: give all prompts to an engine at once.

    python -m benchmarks.bare_engines ENGINE MODEL QUESTIONS.jsonl NUM NUM_TOKENS DTYPE

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


def vllm(model: str, num_tokens: int, dtype: str) -> Generate:
    """Load vLLM."""
    from vllm import LLM, SamplingParams

    llm = LLM(model, dtype=dtype, max_model_len=2048, generation_config='vllm')
    params = SamplingParams(temperature=0, max_tokens=num_tokens, min_tokens=num_tokens)

    def generate(texts: list[str]) -> int:
        answers = llm.generate(texts, params, use_tqdm=False)
        return sum(len(answer.outputs[0].token_ids) for answer in answers)

    return generate


def sglang(model: str, num_tokens: int, dtype: str) -> Generate:
    """Load SGLang, with the room for tokens that evalkit gives it on a CPU."""
    import torch
    from sglang.srt.entrypoints.engine import Engine

    room = {} if torch.cuda.is_available() else {'device': 'cpu', 'max_total_tokens': 65536}
    engine = Engine(model_path=model, dtype=dtype, context_length=2048, log_level='error', **room)
    params = {'temperature': 0, 'max_new_tokens': num_tokens, 'min_new_tokens': num_tokens}

    def generate(texts: list[str]) -> int:
        answers = engine.generate(texts, params)
        return sum(answer['meta_info']['completion_tokens'] for answer in answers)

    return generate


def lmdeploy(model: str, num_tokens: int, dtype: str) -> Generate:
    """Load LMDeploy: TurboMind where it runs, in half precision, since it has no other."""
    from lmdeploy import (
        GenerationConfig,
        PytorchEngineConfig,
        TurbomindEngineConfig,
        pipeline,
        turbomind,
    )

    kind = TurbomindEngineConfig if turbomind.is_available() else PytorchEngineConfig
    half = 'float16' if dtype == 'float32' else dtype
    pipe = pipeline(model, kind(session_len=2048, dtype=half), log_level='ERROR')
    config = GenerationConfig(max_new_tokens=num_tokens, min_new_tokens=num_tokens, top_k=1)

    def generate(texts: list[str]) -> int:
        answers = pipe.infer(texts, config, do_preprocess=False)
        return sum(answer.generate_token_len for answer in answers)

    return generate


ENGINES: dict[str, Callable[[str, int, str], Generate]] = {
    'vllm': vllm,
    'sglang': sglang,
    'lmdeploy': lmdeploy,
}


def load_tokenizer(model: str) -> Any:
    """Load what renders the prompts."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(model)


def prompts(tokenizer: Any, questions: Path, num: int) -> list[str]:
    """Return the first questions as texts that the engine's tokenizer makes the right prompts."""
    rows = [json.loads(line) for line in questions.read_text('utf-8').splitlines()[:num]]
    texts = [
        tokenizer.apply_chat_template(
            [{'role': 'user', 'content': f'{row["question"]}\n{INSTRUCTION}\n'}],
            add_generation_prompt=True,
            tokenize=False,
        )
        for row in rows
    ]
    if not doubles_bos(tokenizer, texts[0]):
        return texts
    return [text.removeprefix(tokenizer.bos_token) for text in texts]


def doubles_bos(tokenizer: Any, text: str) -> bool:
    """Whether the tokenizer adds a BOS to that of the chat template, as those of Llama-3 do."""
    ids: list[int] = tokenizer(text).input_ids
    return ids[:2] == [tokenizer.bos_token_id] * 2


def main() -> None:
    """Load, generate, and say how long that took."""
    engine, model, questions, num, num_tokens, dtype = sys.argv[1:]
    began = time.perf_counter()
    generate = ENGINES[engine](model, int(num_tokens), dtype)
    tokenizer = load_tokenizer(model)
    loaded = time.perf_counter()
    total = generate(prompts(tokenizer, Path(questions), int(num)))
    asked = time.perf_counter()
    told = {'tokens': total, 'load_seconds': loaded - began, 'ask_seconds': asked - loaded}
    sys.stdout.write(f'\n{json.dumps(told)}\n')


if __name__ == '__main__':
    main()
