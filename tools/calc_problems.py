"""The calc problem set: `a op b op c` in a Chinese prompt, answered by a JSON object with a reason.

`python tools/calc_problems.py` writes `data/calculate.json` and `data/dataset_info.json`, byte for
byte the same each time. The reasoning in an answer goes digit by digit, as on paper, because a very
small model learns single-digit steps well and whole results not at all:

    58 - 15 x 3
    15x03;
    15x3:5x3+0=15+0=15,1x3+1=03+1=04=045;   15 times each digit of 03, the lowest first
    15x0:5x0+0=00+0=00,1x0+0=00+0=00=000;
    0045+0000:5+0+0=05,4+0+0=04,0+0+0=00,0+0+0=00=0045;
    00058-00045:0=0,0=0,0=0,5>4,            which is bigger decides the order and the sign
    00058-00045:8-5-0=3-00,5-4-0=1-00,...=00013

(one line in the answer). Numbers are padded with zeros so that each digit stands at a known
distance; a step is `digit+digit+carry=carry digit`, or for differences `=digit-borrow`.
"""

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SEED = 20251
NUM_PROBLEMS = 100
OPERATORS = ('+', '-', 'x')
DATA = Path(__file__).resolve().parent.parent / 'data'

# Four spaces before each line but the first; blank lines are empty.
PROMPT = """\
你是一名擅长数学运算的助手，负责逐步推理并解决四则运算问题。请按照以下步骤进行：

    1. 阅读并理解问题。
    2. 分步计算，逐步解决问题。
    3. 给出最终的结果。
    4. 按照 JSON 格式输出结果，包括：
    - reason: 详细的推理过程。
    - infer: 最终的计算结果。

    问题：{question}
    请给出分析和结果。"""


@dataclass(frozen=True, slots=True)
class Problem:
    """The expression `a first b second c`, its operators as they are shown: `+`, `-` or `x`."""

    a: int
    first: str
    b: int
    second: str
    c: int

    @property
    def question(self) -> str:
        """The expression as it is asked."""
        return f'{self.a} {self.first} {self.b} {self.second} {self.c}'

    @property
    def num_products(self) -> int:
        """How many of the two operators are `x`: the kind of the problem."""
        return (self.first, self.second).count('x')

    @property
    def value(self) -> int:
        """The right answer, by the usual precedence."""
        if self.second == 'x' and self.first != 'x':
            return apply(self.first, self.a, self.b * self.c)
        return apply(self.second, apply(self.first, self.a, self.b), self.c)

    @property
    def prompt(self) -> str:
        """The user's turn, without a newline at its end."""
        return PROMPT.format(question=self.question)

    @property
    def answer(self) -> str:
        """The text a perfect model gives: a fenced JSON object."""
        return f'```json\n{{"reason": "{reason(self)}", "infer": {self.value}}}\n```'


def apply(operator: str, left: int, right: int) -> int:
    """Compute `left operator right`."""
    return {'+': left + right, '-': left - right, 'x': left * right}[operator]


def random_problem(rng: random.Random, rare: float = 0.0) -> Problem:
    """Draw each number from 1..100 and each operator uniformly.

    The share `rare` of the numbers is drawn such that 1, 2 and 3 digits are equally frequent: most
    numbers have 2, and a model sees the others too seldom to learn where their digits stand.
    """
    a, b, c = (random_number(rng, rare) for _ in range(3))
    first, second = (rng.choice(OPERATORS) for _ in range(2))
    return Problem(a, first, b, second, c)


def random_number(rng: random.Random, rare: float) -> int:
    """Draw from 1..100, with the chance `rare` by the number of digits first."""
    if rare and rng.random() < rare:
        low, high = rng.choice(((1, 9), (10, 99), (100, 100)))
        return rng.randint(low, high)
    return rng.randint(1, 100)


def held_out_problems() -> list[Problem]:
    """The problems of `data/calculate.json`, all different."""
    rng = random.Random(SEED)
    problems: dict[Problem, None] = {}
    while len(problems) < NUM_PROBLEMS:
        problems[random_problem(rng)] = None
    return list(problems)


def training_problems(rng: random.Random, rare: float = 0.0) -> Iterator[Problem]:
    """Random problems without end, none of them in the test set."""
    held_out = frozenset(held_out_problems())
    while True:
        problem = random_problem(rng, rare)
        if problem not in held_out:
            yield problem


def record(problem: Problem) -> dict[str, str]:
    """The problem in LLaMA-Factory's alpaca form."""
    return {'instruction': '', 'input': problem.prompt, 'output': str(problem.value)}


def write_data(folder: Path) -> None:
    """Write the problems and the file that registers them."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [record(problem) for problem in held_out_problems()]
    info = {'calculate': {'file_name': 'calculate.json'}}
    for name, content in (('calculate.json', records), ('dataset_info.json', info)):
        text = json.dumps(content, ensure_ascii=False, indent=2) + '\n'
        (folder / name).write_text(text, encoding='utf-8', newline='\n')


def reason(problem: Problem) -> str:
    """Work out the problem digit by digit; what stands after the last `=` is the value."""
    if problem.num_products == 2:
        return chain(problem.a, problem.b, problem.c)
    if problem.num_products == 0:
        return sums(problem)
    if problem.first == 'x':
        a, b = sorted((problem.a, problem.b), key=is_shift)
        work, value = product(a, b, width=2)
        return f'{work};{combine(value, problem.second, problem.c, width=5)[0]}'
    b, c = sorted((problem.b, problem.c), key=is_shift)
    work, value = product(b, c, width=2)
    return f'{work};{combine(problem.a, problem.first, value, width=5)[0]}'


def sums(problem: Problem) -> str:
    """Work from left to right; three digits hold all that can come up."""
    first, value = combine(problem.a, problem.first, problem.b, width=3)
    second, _ = combine(value, problem.second, problem.c, width=3)
    return f'{first};{second}'


def chain(*factors: int) -> str:
    """Multiply three numbers; a factor of 100 comes last, where it is only a shift."""
    a, b, c = sorted(factors, key=is_shift)
    first, value = product(a, b, width=2)
    return f'{first};{product(value, c, width=4)[0]}'


def is_shift(factor: int) -> bool:
    """Whether multiplying by `factor` is only appending zeros."""
    return factor == 100


def combine(left: int, operator: str, right: int, width: int) -> tuple[str, int]:
    """Add or subtract `right`, which is not negative; `left` may be."""
    if left < 0:
        return (
            difference(right, -left, width) if operator == '+' else total(-left, right, width, -1)
        )
    return total(left, right, width) if operator == '+' else difference(left, right, width)


def total(left: int, right: int, width: int, sign: int = 1) -> tuple[str, int]:
    """Add two numbers that are not negative; `sign` is that of the result."""
    steps, carry = [], 0
    for x, y in digit_pairs(left, right, width):
        steps.append(f'{x}+{y}+{carry}={x + y + carry:02}')
        carry = (x + y + carry) // 10
    return signed(f'{left:0{width}}+{right:0{width}}', steps, left + right, width, sign)


def difference(left: int, right: int, width: int) -> tuple[str, int]:
    """Subtract the smaller from the bigger, then give the sign."""
    compared = comparison(f'{left:0{width}}', f'{right:0{width}}')
    sign = 1 if left >= right else -1
    big, small = max(left, right), min(left, right)
    steps, borrow = [], 0
    for x, y in digit_pairs(big, small, width):
        digit = (x - y - borrow) % 10
        steps.append(f'{x}-{y}-{borrow}={digit}-{"10" if x - y - borrow < 0 else "00"}')
        borrow = int(x - y - borrow < 0)
    expression = f'{big:0{width}}-{small:0{width}}'
    work, value = signed(expression, steps, big - small, width, sign)
    return f'{left:0{width}}-{right:0{width}}:{compared},{work}', value


def comparison(left: str, right: str) -> str:
    """Compare digits from the highest to the first that differ."""
    compared = []
    for x, y in zip(left, right, strict=True):
        relation = '=' if x == y else '<' if x < y else '>'
        compared.append(f'{x}{relation}{y}')
        if x != y:
            break
    return ','.join(compared)


def signed(
    expression: str, steps: list[str], magnitude: int, width: int, sign: int
) -> tuple[str, int]:
    """Put the expression, its steps and its result together."""
    if sign < 0:
        return f'-({expression}):{",".join(steps)}=-{magnitude:0{width}}', -magnitude
    return f'{expression}:{",".join(steps)}={magnitude:0{width}}', magnitude


def product(left: int, right: int, width: int) -> tuple[str, int]:
    """Multiply by each of two digits and add the rows, or shift by 100."""
    value = left * right
    if is_shift(right):
        return f'{left:0{width}}x100={left:0{width}}00', value
    low, high = right % 10, right // 10
    rows = ';'.join(row(left, digit, width) for digit in (low, high))
    summed, _ = total(left * low, left * high * 10, width + 2)
    return f'{left:0{width}}x{right:02};{rows};{summed}', value


def row(left: int, digit: int, width: int) -> str:
    """Multiply by one digit: each step is a product of two digits plus the carry."""
    steps, carry = [], 0
    for x in digits(left, width):
        steps.append(f'{x}x{digit}+{carry}={x * digit:02}+{carry}={x * digit + carry:02}')
        carry = (x * digit + carry) // 10
    return f'{left:0{width}}x{digit}:{",".join(steps)}={left * digit:0{width + 1}}'


def digits(number: int, width: int) -> list[int]:
    """The digits of a number padded with zeros, the lowest first."""
    return [int(digit) for digit in reversed(f'{number:0{width}}')]


def digit_pairs(left: int, right: int, width: int) -> Iterator[tuple[int, int]]:
    """The columns of a sum or difference, the lowest first."""
    return zip(digits(left, width), digits(right, width), strict=True)


def main() -> None:
    """Write the data folder anew."""
    parser = argparse.ArgumentParser(description='Write the calc problem set.')
    parser.add_argument('--output', type=Path, default=DATA, help='folder to write into')
    write_data(parser.parse_args().output)


if __name__ == '__main__':
    main()
