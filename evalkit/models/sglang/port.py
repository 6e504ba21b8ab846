"""SGLang's engine, asked by its asyncio interface."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from evalkit.errors import BackendError
from evalkit.models.engine.frontend import Frontend
from evalkit.models.engine.loop_port import LoopPort
from evalkit.models.engine.port import Generated, Job, Output
from evalkit.models.huggingface_decoding import GenerationRow
from evalkit.models.huggingface_scoring import ScoringRow
from evalkit.models.request_error import RequestError
from evalkit.models.sglang.limits import Limits
from evalkit.models.sglang.loading import Started
from evalkit.models.sglang.parameters import refuse, sampling_params, scoring_arguments
from evalkit.models.sglang.scores import scored


class SGLangPort(LoopPort):
    """A `sglang.Engine` with requests in it."""

    def __init__(self, started: Started, frontend: Frontend) -> None:
        super().__init__(started.thread.loop)
        self.started = started
        self.frontend = frontend
        self.manager = started.engine.tokenizer_manager
        resolved = started.engine.server_args.resolved_dict()
        self.is_overlapped = not resolved['disable_overlap_schedule']
        self.max_seq_len = self._length(resolved['page_size'])
        self.processes = [*self.manager._subprocess_watchdog._processes]

    async def answer(self, job: Job) -> Output:
        """Ask SGLang; runs on its loop."""
        if isinstance(job, ScoringRow):
            answer = await self._ask(job, job.ids, scoring_arguments(job))
            return scored(job, answer['meta_info'])
        refuse(job.request.params, is_overlapped=self.is_overlapped)
        generated = await self._generate(job)
        while not self._is_final(job, generated):
            generated = await self._generate(job, generated)
        return generated

    async def drop_all(self) -> None:
        """Make the scheduler drop what it runs."""
        self.manager.abort_request(abort_all=True)

    def check_alive(self) -> None:
        """Raise where a process of SGLang is dead."""
        dead = [process for process in self.processes if not process.is_alive()]
        if dead:
            cause = self.started.log.cause(f'exit code {dead[0].exitcode}')
            raise BackendError(f'the engine process of SGLang died: {cause}')

    def describe(self) -> Mapping[str, Any]:
        """Say which version runs, where and with which dtype."""
        import sglang

        return {
            'engine': 'sglang',
            'version': sglang.__version__,
            'device': self.started.engine.server_args.device,
            'dtype': str(self.manager.model_config.dtype).removeprefix('torch.'),
        }

    def close(self) -> None:
        """End the engine and its processes."""
        self.started.engine.shutdown()
        self.started.thread.close()
        self.started.log.close()

    def _length(self, page_size: int) -> int:
        """Return how many tokens a prompt and its answer may have, so that SGLang cuts neither."""
        infos = self.started.engine._scheduler_init_result.scheduler_infos
        limits = Limits(
            context=self.manager.context_len,
            longest_input=self.manager.max_req_input_len,
            num_reserved=self.manager.num_reserved_tokens,
            pool=min(info['max_total_num_tokens'] for info in infos),
            page_size=page_size,
        )
        return min(limits.length, self.frontend.max_seq_len or limits.length)

    async def _generate(self, row: GenerationRow, before: Generated | None = None) -> Generated:
        """Return the answer, or `before` with what follows it."""
        ids = list(before.ids) if before else []
        params = row.request.params
        rest = replace(
            params,
            max_out_len=params.max_out_len - len(ids),
            min_out_len=max(0, params.min_out_len - len(ids)),
        )
        ends = self.frontend.end_ids(params)
        asked = {'sampling_params': sampling_params(rest, row.request.key, ends)}
        output = await self._ask(row, [*row.ids, *ids], asked)
        meta = output['meta_info']
        reason, num_tokens = meta['finish_reason']['type'], len(ids) + meta['completion_tokens']
        if reason == 'length' and num_tokens < params.max_out_len:
            raise RequestError(
                'context_length',
                f'SGLang ended the answer after {num_tokens} of {params.max_out_len} tokens: '
                'lower max_seq_len of the model',
            )
        return Generated(
            ids=[*ids, *output['output_ids']],
            finish_reason=reason,
            num_tokens=num_tokens,
            cached_tokens=before.cached_tokens if before else meta.get('cached_tokens') or 0,
        )

    def _is_final(self, row: GenerationRow, answer: Generated) -> bool:
        """Whether the answer ended for a reason of ours.

        SGLang also finds stop words in the names of special tokens, which no text shows.
        """
        params = row.request.params
        return (
            answer.finish_reason != 'stop'
            or answer.num_tokens >= params.max_out_len
            or not answer.ids
            or answer.ids[-1] in self.frontend.end_ids(params)
            or self.frontend.has_stop(answer.ids, params.stop)
        )

    async def _ask(self, job: Job, ids: Any, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        from fastapi import HTTPException  # SGLang's way to say that it failed

        try:
            output: Mapping[str, Any] = await self.started.engine.async_generate(
                input_ids=list(ids), lora_path=self.started.adapters.of(job), **asked
            )
        except ValueError as error:
            line = str(error).split('\n')[0]
            raise RequestError('bad_request', f'SGLang refuses: {line}') from error
        except HTTPException as error:
            raise RequestError('engine', f'SGLang failed: {error.detail}') from error
        reason = output['meta_info']['finish_reason'] or {}
        if reason.get('type') not in ('stop', 'length'):
            text = reason.get('message') or f'it ended with {reason}'
            raise RequestError('engine', f'SGLang failed: {text}')
        return output
