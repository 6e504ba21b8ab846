"""What one would write without evalkit: ask the calc model the 100 problems in one batch.

    python -m benchmarks.bare_transformers

Prints a JSON object with the accuracy, and the seconds of loading and of asking.
"""

import json
import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODEL = ROOT / 'models' / 'calc-llama-0.8m'
PROBLEMS = ROOT / 'data' / 'calculate.json'
MAX_NEW_TOKENS = 512


def value(text: str) -> int | None:
    """Return what stands behind the last `"infer":`."""
    found = re.findall(r'"infer":\s*"?(-?\d+)', text)
    return int(found[-1]) if found else None


def main() -> None:
    """Load, ask, score."""
    began = time.perf_counter()
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(MODEL, padding_side='left')
    model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.float32).eval()
    loaded = time.perf_counter()
    rows = json.loads(PROBLEMS.read_text())
    texts = [
        tokenizer.apply_chat_template(
            [{'role': 'user', 'content': row['input'] + '\n'}],
            add_generation_prompt=True,
            tokenize=False,
        )
        for row in rows
    ]
    batch = tokenizer(texts, return_tensors='pt', padding=True, add_special_tokens=False)
    with torch.inference_mode():
        output = model.generate(**batch, max_new_tokens=MAX_NEW_TOKENS, do_sample=False)
    answers = tokenizer.batch_decode(output[:, batch.input_ids.shape[1] :], True)
    asked = time.perf_counter()
    num_right = sum(
        value(answer) == int(row['output']) for answer, row in zip(answers, rows, strict=True)
    )
    seconds = {'load_seconds': loaded - began, 'ask_seconds': asked - loaded}
    sys.stdout.write(json.dumps({'accuracy': 100 * num_right / len(rows), **seconds}))


if __name__ == '__main__':
    main()
