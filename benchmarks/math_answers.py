"""How many mathematical answers are scored in a second: `python -m
benchmarks.math_answers [--num 5000]`.

5,000 answers, all of them different: half are numbers, half are formulas, and a third are wrong.
With it, math-verify alone does the same work in one process.
"""

import argparse
import logging
import random
import time

from evalkit.evaluators import MATHVerifyEvaluator

NUM_ALONE = 500
"""How many of the answers math-verify alone gets."""

Pair = tuple[str, str]


def pair(draw: random.Random, number: int) -> Pair:
    """Return an output and its reference."""
    a, b, c = (draw.randint(2, 999) for _ in range(3))
    off = draw.choice([0, 0, 1])
    kinds: list[Pair] = [
        (f'{a * b + off:,}', str(a * b)),
        (rf'\frac{{{a + off}}}{{{b}}}', f'{a}/{b}'),
        (f'{a}.{b} cm', f'{a + off}.{b}'),
        (rf'{a}\sqrt{{{b}}}', rf'\sqrt{{{b}}} \cdot {a + off}'),
        (f'x^2+{a + off}x+{b}', f'{b}+{a}x+x^2'),
        (rf'\left({a}, \frac{{\pi}}{{{c}}}\right)', rf'({a + off}, \frac{{\pi}}{{{c}}})'),
    ]
    answer, reference = kinds[number % len(kinds)]
    return f'So the result is \\[\\boxed{{{answer}}}\\]', reference


def alone(pairs: list[Pair]) -> int:
    """Score with math-verify as it is, in this process; return how many are right."""
    from math_verify import parse, verify

    logging.getLogger('math_verify').setLevel(logging.CRITICAL)
    return sum(
        verify(parse(f'${reference}$'), parse(output), timeout_seconds=5)
        for output, reference in pairs
    )


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description='Score mathematical answers.')
    parser.add_argument('--num', type=int, default=5000, help='answers (5000)')
    num_answers = parser.parse_args().num
    draw = random.Random(0)
    pairs = [pair(draw, number) for number in range(num_answers)]
    outputs, references = zip(*pairs, strict=True)
    began = time.monotonic()
    scored = MATHVerifyEvaluator().score_all(outputs, references)
    seconds = time.monotonic() - began
    right = sum(scores == {'accuracy': 1.0} for scores in scored)
    print('| scorer | answers | seconds | answers/s | right |')
    print('| --- | --- | --- | --- | --- |')
    print(f'| evalkit | {len(pairs)} | {seconds:.1f} | {len(pairs) / seconds:.0f} | {right} |')
    sample = pairs[:NUM_ALONE]
    alone(sample[:20])
    began = time.monotonic()
    right = alone(sample)
    seconds = time.monotonic() - began
    size = len(sample)
    print(f'| math-verify | {size} | {seconds:.1f} | {size / seconds:.0f} | {right} |')


if __name__ == '__main__':
    main()
