"""The clients that `benchmarks/api.py` compares, each in a process of its own.

    python -m benchmarks.api_clients CLIENT BASE REQUESTS IN_FLIGHT

Prints one JSON object: seconds, requests a second, and the peak memory in MiB. IN_FLIGHT 0 lets
evalkit find the concurrency by itself; every answer is stored as it comes where the client can.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module
from pathlib import Path

from evalkit.models import OpenAISDK
from evalkit.store import PredictionWriter
from evalkit.types import GenerationParams, Prediction, Request

PROMPT = 'You are good at arithmetic. Think step by step. ' * 8
PARAMS = GenerationParams(max_out_len=64)
Ask = Callable[[int], Awaitable[str]]


def messages(index: int) -> list[dict[str, str]]:
    """Return a prompt of about 100 tokens."""
    return [{'role': 'user', 'content': f'{PROMPT} Question: {index} + 1'}]


def evalkit(base: str, num_requests: int, in_flight: int) -> None:
    """Ask with `OpenAISDK`, and store each answer before the next is looked at."""
    model = OpenAISDK('m', key='k', openai_api_base=base, max_workers=in_flight or None)
    with (
        tempfile.TemporaryDirectory() as folder,
        PredictionWriter(Path(folder) / 'all.jsonl') as writer,
    ):
        for completion in model.generate(requests(num_requests)):
            index = int(completion.key)
            prompt = messages(index)
            writer.append(Prediction(index, completion.key, prompt, completion.text, None))


def requests(number: int) -> Iterator[Request]:
    """Yield requests as they are pulled."""
    for index in range(number):
        yield Request(str(index), messages(index), PARAMS)


def plain_aiohttp(base: str, num_requests: int, in_flight: int) -> None:
    """Post with aiohttp and parse with `json`, as one would write it by hand; store nothing."""

    async def run() -> None:
        import aiohttp

        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

            async def ask(index: int) -> str:
                body = {'model': 'm', 'messages': messages(index), 'max_tokens': 64}
                async with session.post(f'{base}/chat/completions', json=body) as response:
                    answer = await response.json()
                return str(answer['choices'][0]['message']['content'])

            await ask_all(ask, num_requests, in_flight)

    asyncio.run(run())


def openai_package(base: str, num_requests: int, in_flight: int) -> None:
    """Ask with the `openai` package's asynchronous client as it comes; store nothing."""

    async def run() -> None:
        import openai

        async with openai.AsyncOpenAI(api_key='k', base_url=base, max_retries=0) as client:

            async def ask(index: int) -> str:
                answer = await client.chat.completions.create(
                    model='m',
                    messages=messages(index),  # type: ignore[arg-type]
                    max_tokens=64,
                )
                return str(answer.choices[0].message.content)

            await ask_all(ask, num_requests, in_flight)

    asyncio.run(run())


async def ask_all(ask: Ask, num_requests: int, in_flight: int) -> None:
    """Ask everything with a fixed number of workers."""
    numbers = iter(range(num_requests))

    async def work() -> None:
        for index in numbers:
            await ask(index)

    await asyncio.gather(*(work() for _ in range(in_flight)))


CLIENTS: dict[str, Callable[[str, int, int], None]] = {
    'evalkit': evalkit,
    'aiohttp': plain_aiohttp,
    'openai': openai_package,
}


LIBRARIES = {
    'evalkit': 'evalkit.models.openai.assemble',
    'aiohttp': 'aiohttp',
    'openai': 'openai',
}
"""What each imports; the time for that is part of the whole command, and not of asking."""


def main() -> None:
    """Run one client and print what it took."""
    name, base, num_requests, in_flight = sys.argv[1:]
    import_module(LIBRARIES[name])
    began = time.monotonic()
    CLIENTS[name](base, int(num_requests), int(in_flight))
    seconds = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rate = int(num_requests) / seconds
    print(json.dumps({'seconds': seconds, 'rate': rate, 'mebibytes': peak}))


if __name__ == '__main__':
    main()
