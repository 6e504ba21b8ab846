"""A model without weights, for tests of everything around it: it answers from its config."""

import os
import re
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from evalkit.errors import BackendError
from evalkit.models.base import BaseModel
from evalkit.models.request_error import failed_completion
from evalkit.models.stop import trim_stop
from evalkit.types import Completion, Prompt, Request, Scoring, ScoringRequest, Usage


class ScriptedModel(BaseModel):
    """Answers one request after another, in the order given.

    `answers` maps a part of the prompt to its answer; of several parts the one that stands last in
    the prompt decides, so that worked examples do not. An answer is a text, or a mapping of
    `text`, `finish_reason`, `error` and `seconds`. Where no part is found, `patterns` maps regular
    expressions to templates (`\\1` is the first group), and `default` is the rest.

    The other arguments do harm, and are no part of the model's identity: `delay` and an answer's
    `seconds` are waited; each key asked is a line of the file `log_path`; a prompt that contains
    `kill_on` kills the process (with `kill_times` only that often, counted in the log), one with
    `engine_error_on` raises `BackendError`, one with `error_on` fails alone.
    """

    TRANSPORT_KEYS = BaseModel.TRANSPORT_KEYS | {
        'delay',
        'engine_error_on',
        'error_on',
        'kill_on',
        'kill_times',
        'log_path',
    }

    def __init__(  # noqa: PLR0913 - the keys of a config
        self,
        path: str = 'scripted',
        *,
        answers: Mapping[str, str | Mapping[str, Any]] | None = None,
        patterns: Mapping[str, str] | None = None,
        default: str = '',
        delay: float = 0.0,
        log_path: str | None = None,
        kill_on: str | None = None,
        kill_times: int | None = None,
        engine_error_on: str | None = None,
        error_on: str | None = None,
        batch_size: int | None = None,
        max_seq_len: int | None = None,
    ) -> None:
        self.path = path
        self.answers = {part: _answer(answer) for part, answer in (answers or {}).items()}
        self.patterns = patterns or {}
        self.default = default
        self.delay = delay
        self.log_path = Path(log_path) if log_path else None
        self.kill_on = kill_on
        self.kill_times = kill_times
        self.engine_error_on = engine_error_on
        self.error_on = error_on
        self.batch_size = batch_size
        self.max_seq_len = max_seq_len

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield the scripted answer to each request before the next is taken."""
        for request in requests:
            text = prompt_text(request.prompt)
            self._harm(request.key, text)
            if self.error_on and self.error_on in text:
                yield failed_completion(request, f"bad_request: the prompt has '{self.error_on}'")
                continue
            answer = self._find(text)
            time.sleep(self.delay + answer.get('seconds', 0.0))
            yield _completion(request, text, answer)

    def loglikelihood(self, requests: Iterable[ScoringRequest]) -> Iterator[Scoring]:
        """Give the continuation that ends in the scripted answer -1, any other -10."""
        for request in requests:
            context, continuation = prompt_text(request.context), prompt_text(request.continuation)
            self._harm(request.key, context + continuation)
            time.sleep(self.delay)
            answer = self._find(context or continuation)['text'].strip()
            is_chosen = bool(answer) and continuation.rstrip().endswith(answer)
            yield Scoring(
                key=request.key,
                logprob=-1.0 if is_chosen else -10.0,
                num_tokens=len(continuation.split()),
                is_greedy=is_chosen,
                usage=Usage(prompt_tokens=len((context + continuation).split())),
            )

    def describe(self) -> Mapping[str, Any]:
        """Say that no engine runs."""
        return {'engine': 'scripted'}

    def _find(self, text: str) -> Mapping[str, Any]:
        places = {part: text.rfind(part) for part in self.answers if part in text}
        if places:
            return self.answers[max(places, key=lambda part: (places[part], len(part)))]
        for pattern, template in self.patterns.items():
            if matches := list(re.finditer(pattern, text)):
                return {'text': matches[-1].expand(template)}
        return {'text': self.default}

    def _harm(self, key: str, text: str) -> None:
        num_asked = self._log(key)
        if self.engine_error_on and self.engine_error_on in text:
            raise BackendError(f"the scripted engine died of '{self.engine_error_on}'")
        if not self.kill_on or self.kill_on not in text:
            return
        if self.kill_times is None or num_asked <= self.kill_times:
            os.kill(os.getpid(), signal.SIGKILL)

    def _log(self, key: str) -> int:
        """Return how often `key` was asked, in all processes that share the log."""
        if self.log_path is None:
            return 1
        with self.log_path.open('a') as log:
            log.write(f'{key}\n')
        return self.log_path.read_text().split('\n').count(key) if self.kill_on else 1


class ScriptedChatModel(ScriptedModel):
    """A `ScriptedModel` whose prompts are lists of messages."""

    is_chat = True


def prompt_text(prompt: Prompt) -> str:
    """Return the text of a prompt, its messages joined by newlines."""
    if isinstance(prompt, str):
        return prompt
    return '\n'.join(message['content'] for message in prompt)


def _answer(answer: str | Mapping[str, Any]) -> Mapping[str, Any]:
    return {'text': answer} if isinstance(answer, str) else {'text': '', **answer}


def _completion(request: Request, prompt: str, answer: Mapping[str, Any]) -> Completion:
    if answer.get('error'):
        return failed_completion(request, answer['error'])
    text, _ = trim_stop(answer['text'], request.params.stop)
    return Completion(
        key=request.key,
        text=text,
        finish_reason=answer.get('finish_reason', 'stop'),
        usage=Usage(prompt_tokens=len(prompt.split()), output_tokens=len(text.split())),
    )
