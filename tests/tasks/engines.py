"""Engines that misbehave, and one that takes everything before it answers anything."""

from collections.abc import Iterable, Iterator
from itertools import islice

from evalkit.models import BaseModel
from evalkit.models.scripted import ScriptedModel
from evalkit.types import Completion, Request


class EagerModel(ScriptedModel):
    """Takes all requests, and answers the last one first."""

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        yield from super().generate(reversed(list(requests)))


class LazyModel(ScriptedModel):
    """Takes two requests and ends as if there were no more."""

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        yield from super().generate(islice(requests, 2))


class ForgetfulModel(ScriptedModel):
    """Takes all requests and answers two of them."""

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        yield from islice(super().generate(list(requests)), 2)


class StrangerModel(ScriptedModel):
    """Answers a request that it was not asked."""

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        yield from islice(super().generate(requests), 2)
        yield Completion('stranger', 'hello')


class TwiceModel(ScriptedModel):
    """Answers its first request twice."""

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        for completion in super().generate(requests):
            yield completion
            yield completion


class TalkingModel(BaseModel):
    """Can write, but not tell how likely a text is."""

    def __init__(self, path: str = 'talking') -> None:
        self.path = path

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        return (Completion(request.key, 'ok') for request in requests)


class LeakyModel(ScriptedModel):
    """Dies of an error that quotes its secret."""

    def __init__(self, key: str, path: str = 'leaky') -> None:
        super().__init__(path)
        self.key = key

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        raise RuntimeError(f'cannot log in with {self.key}')
