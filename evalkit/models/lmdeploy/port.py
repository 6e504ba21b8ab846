"""LMDeploy's engine, asked by its asyncio interface on the loop that the pipeline owns."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from typing import Any

from evalkit.errors import BackendError
from evalkit.models.engine.frontend import Frontend
from evalkit.models.engine.loop_port import LoopPort
from evalkit.models.engine.port import Generated, Job, Output, Scored
from evalkit.models.huggingface_decoding import TAIL_MARGIN, GenerationRow
from evalkit.models.huggingface_scoring import ScoringRow
from evalkit.models.lmdeploy.budget import Budget, free_share
from evalkit.models.lmdeploy.loading import Started
from evalkit.models.lmdeploy.parameters import (
    generation_config,
    logits_config,
    options_config,
    scoring_config,
)
from evalkit.models.lmdeploy.scores import from_likeliest, from_prompt, told
from evalkit.models.lmdeploy.turbomind import TurboMindScorer
from evalkit.models.request_error import RequestError

KINDS = {
    'context_length_exceeded': 'context_length',
    'invalid_request': 'bad_request',
    'unsupported_feature': 'bad_request',
}
"""LMDeploy's error codes in our words; the rest are faults of the engine."""


class LMDeployPort(LoopPort):
    """An `lmdeploy` pipeline with requests in it.

    `max_seq_len` is how many tokens a prompt and its answer may have.
    """

    def __init__(self, started: Started, frontend: Frontend) -> None:
        pipeline = started.pipeline
        super().__init__(pipeline.internal_thread.loop)
        self.started = started
        self.frontend = frontend
        self.engine = pipeline.async_engine
        self.max_seq_len = self._max_seq_len()
        self.room = asyncio.Semaphore(pipeline.backend_config.max_batch_size)
        self.scorer = TurboMindScorer(self, frontend.vocab_size, Budget(free_share()))

    async def answer(self, job: Job) -> Output:
        """Ask LMDeploy; runs on its loop."""
        async with self.room:
            if isinstance(job, GenerationRow):
                return await self._generate(job)
            if self.started.backend == 'turbomind':
                return await self.scorer.score(job)
            return await self._score(job)

    async def total(self, ids: Sequence[int]) -> float:
        """Return the summed log-probability of a text from its second token on."""
        with self._translated():
            try:
                loss: float = await self.engine.async_get_ppl(list(ids))
            except ValueError as error:
                raise RequestError('engine', f'LMDeploy refuses: {error}') from error
        return -loss * (len(ids) - 1)

    async def logits(self, ids: Sequence[int], which: str) -> Any:
        """Return the logits of 'all' places, or of the last one, from which it would generate."""
        async with aclosing(self._stream(ids, logits_config(which))) as parts:
            return told([part async for part in parts], 'logits')

    async def drop_all(self) -> None:
        """Make the engine drop what it runs."""
        await self.engine.stop_all_session()

    def check_alive(self) -> None:
        """Raise where the engine's loop has ended."""
        if not self.started.pipeline.internal_thread.thread.is_alive():
            raise self._death()

    def describe(self) -> Mapping[str, Any]:
        """Say which of LMDeploy's engines runs, where and with which dtype."""
        import lmdeploy
        import torch

        return {
            'engine': f'lmdeploy-{self.started.backend}',
            'version': lmdeploy.__version__,
            'device': 'cuda' if torch.version.cuda else 'cpu',
            'dtype': self._dtype(),
        }

    def close(self) -> None:
        """End the engine."""
        self.started.pipeline.close()
        self.started.log.close()

    async def _generate(self, row: GenerationRow) -> Generated:
        """Return the tokens of an answer, up to the one with which a stop word is there."""
        params = row.request.params
        ends = self.frontend.end_ids(params)
        config = generation_config(params, row.request.key, ends, self.started.backend)
        ids: list[int] = []
        last: Any = None
        adapter, is_watched = self.started.adapters.of(row), bool(params.stop)
        stream = self._stream(row.ids, config, adapter=adapter, is_watched=is_watched)
        async with aclosing(stream) as parts:
            async for last in parts:
                ids += last.token_ids or []
                if self._has_stop(ids, params.stop):
                    return Generated(ids, 'stop', len(ids), last.cached_tokens)
        if last is None or last.finish_reason not in ('stop', 'length'):
            reason = last.finish_reason if last else 'no answer'
            raise RequestError('engine', f'LMDeploy ended the request with {reason}')
        return Generated(ids, last.finish_reason, len(ids), last.cached_tokens)

    def _has_stop(self, ids: list[int], stop: tuple[str, ...]) -> bool:
        if not stop:
            return False
        num_tail = max(len(word.encode()) for word in stop) + TAIL_MARGIN
        # The tail may read otherwise than the whole: a hit has to be one there, too.
        return self.frontend.has_stop(ids[-num_tail:], stop) and self.frontend.has_stop(ids, stop)

    async def _score(self, row: ScoringRow) -> Scored:
        """Return the scores of a row's targets.

        Options of one token are read off one request, but for those that are too unlikely to be
        told; whatever is left is asked one by one.
        """
        found: dict[int, tuple[float, bool]] = {}
        cached_tokens = 0
        if len(row.targets) > 1 and row.targets[0].start == len(row.ids):
            config = options_config(self.frontend.vocab_size)
            logprobs, cached_tokens = await self._logprobs(row, row.ids, config)
            found = from_likeliest(row, logprobs)
        for place, target in enumerate(row.targets):
            if place not in found:
                config = scoring_config(target.start)
                logprobs, cached_tokens = await self._logprobs(row, target.ids, config)
                found[place] = from_prompt(target, logprobs)
        return Scored([found[place] for place in sorted(found)], cached_tokens)

    async def _logprobs(self, row: ScoringRow, ids: Sequence[int], config: Any) -> tuple[Any, int]:
        """Return the log-probabilities told, and how many tokens were in the cache."""
        adapter = self.started.adapters.of(row)
        async with aclosing(self._stream(ids, config, adapter=adapter)) as parts:
            answer = [part async for part in parts]
        return told(answer, 'logprobs'), answer[-1].cached_tokens

    async def _stream(
        self,
        ids: Sequence[int],
        config: Any,
        *,
        adapter: str | None = None,
        is_watched: bool = False,
    ) -> Any:
        """Yield LMDeploy's partial answers; its errors become ours.

        They come as they are written only where a stop word has to be looked for.
        """
        with self._translated():
            request = await self.engine.preprocess(
                None,
                self.engine.session_mgr.get(),
                gen_config=config,
                adapter_name=adapter,
                input_ids=list(ids),
            )
            async with aclosing(self.engine.generate(request, stream_response=is_watched)) as parts:
                async for part in parts:
                    yield part

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn LMDeploy's errors into ours."""
        from lmdeploy.serve.core.exceptions import RequestError as LMDeployError

        try:
            yield
        except LMDeployError as error:
            if error.code.value == 'engine_unavailable':
                raise self._death() from error
            kind = KINDS.get(error.code.value, 'engine')
            raise RequestError(kind, f'LMDeploy refuses: {error.message}') from error

    def _max_seq_len(self) -> int:
        """Return the limit that makes LMDeploy neither refuse a prompt nor cut its answer short.

        A prompt has to be shorter than `session_len`; the PyTorch engine's cache may hold less.
        """
        limit: int = self.engine.session_len - 1
        if self.started.backend == 'pytorch':
            limit = min(limit, self.engine.engine.max_session_len)
        return limit

    def _death(self) -> BackendError:
        cause = self.started.log.cause('its loop ended without a word')
        return BackendError(f'the engine of LMDeploy died: {cause}')

    def _dtype(self) -> str:
        if self.started.backend == 'turbomind':
            return str(self.engine.backend_config.dtype)
        return str(self.engine.engine.model_config.dtype).removeprefix('torch.')
