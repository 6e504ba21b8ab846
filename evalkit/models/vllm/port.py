"""vLLM's engine, driven request by request: the loop inside `LLM.generate`, without its wait."""

from collections.abc import Iterator, Mapping
from itertools import count
from threading import Thread
from typing import Any

from evalkit.errors import BackendError
from evalkit.models.engine.adapter import Adapters
from evalkit.models.engine.frontend import Frontend
from evalkit.models.engine.port import EnginePort, Generated, Job, Output, unexpected
from evalkit.models.engine.startup import EngineLog
from evalkit.models.huggingface_scoring import ScoringRow
from evalkit.models.request_error import RequestError
from evalkit.models.vllm.parameters import refuse, sampling_params, scoring_params
from evalkit.models.vllm.scores import reads_too_much, scored
from evalkit.workers import describe_failure

CLOSE_SECONDS = 1.0  # after which vLLM kills its processes; nothing is left for them to do


class VLLMPort(EnginePort):
    """A `vllm.LLMEngine` with requests in it."""

    def __init__(
        self,
        engine: Any,
        log: EngineLog,
        frontend: Frontend,
        adapters: Adapters,
    ) -> None:
        from vllm.lora.request import LoRARequest

        self.engine = engine
        self.log = log
        self.frontend = frontend
        self.adapters = adapters
        self.loras = {
            name: LoRARequest(name, number, path)
            for number, (name, path) in enumerate(adapters.paths.items(), 1)
        }
        self.max_seq_len: int = engine.model_config.max_model_len
        self.open: dict[str, Job] = {}
        self.names = map(str, count())
        wake_when_dead(engine.engine_core)

    @property
    def num_open(self) -> int:
        """How many requests vLLM has not answered."""
        return len(self.open)

    def submit(self, job: Job) -> None:
        """Put a request into the engine."""
        self._add(job)

    def finished(self) -> Iterator[tuple[Job, Output]]:
        """Let the engine make one step, and yield the requests that it finished."""
        from vllm.v1.engine.exceptions import EngineDeadError

        try:
            outputs = self.engine.step()
        except EngineDeadError as error:
            raise self._death() from error
        except Exception as error:  # no request can be blamed for it
            self.open.clear()
            raise BackendError(f'vLLM failed: {describe_failure(error)}') from error
        for output in outputs:
            job = self.open.pop(output.request_id, None) if output.finished else None
            if job is None:
                continue
            if isinstance(job, ScoringRow) and reads_too_much(job, output):
                yield from self._again(job)
                continue
            yield job, _answer(job, output)

    def abort(self) -> None:
        """Drop all requests that are not answered."""
        if self.open:
            self.engine.abort_request(list(self.open))
            self.open.clear()

    def describe(self) -> Mapping[str, Any]:
        """Say which version runs, where and with which dtype."""
        import vllm
        from vllm.platforms import current_platform

        return {
            'engine': 'vllm',
            'version': vllm.__version__,
            'device': current_platform.device_name,
            'dtype': str(self.engine.model_config.dtype).removeprefix('torch.'),
        }

    def close(self) -> None:
        """End the engine and its processes."""
        self.engine.engine_core.shutdown(timeout=CLOSE_SECONDS)
        self.log.close()

    def _again(self, row: ScoringRow) -> Iterator[tuple[Job, Output]]:
        """Ask once more, without the cache; an answer is there only where vLLM refuses."""
        try:
            self._add(row, uses_cache=False)
        except RequestError as error:
            yield row, error

    def _add(self, job: Job, *, uses_cache: bool = True) -> None:
        from vllm.exceptions import VLLMClientError
        from vllm.v1.engine.exceptions import EngineDeadError

        name, adapter = next(self.names), self.adapters.of(job)
        lora = self.loras[adapter] if adapter else None
        prompt = {'type': 'token', 'prompt_token_ids': list(job.ids)}
        try:
            params = self._params(job, uses_cache=uses_cache)
            self.engine.add_request(name, prompt, params, lora_request=lora)
        except RequestError:
            raise
        except EngineDeadError as error:
            raise self._death() from error
        except (ValueError, VLLMClientError) as error:
            reason = str(error).split('\n')[0]
            raise RequestError('bad_request', f'vLLM refuses: {reason}') from error
        except Exception as error:
            raise unexpected(error) from error
        self.open[name] = job

    def _params(self, job: Job, *, uses_cache: bool) -> Any:
        if isinstance(job, ScoringRow):
            return scoring_params(job, uses_cache=uses_cache)
        params = job.request.params
        ends = self.frontend.end_ids(params)
        refuse(params, ends)
        return sampling_params(params, job.request.key, ends)

    def _death(self) -> BackendError:
        self.open.clear()
        cause = self.log.cause('its process ended without a word')
        return BackendError(f'the engine process of vLLM died: {cause}')


def wake_when_dead(client: Any) -> None:
    """Let `step` raise when the engine's process was killed; vLLM would wait for it for ever."""
    from vllm.v1.engine.exceptions import EngineDeadError

    reader = getattr(client, 'output_queue_thread', None)
    if reader is None:  # the engine runs in this process
        return

    def watch() -> None:
        reader.join()
        client.outputs_queue.put(EngineDeadError())

    Thread(target=watch, name='vllm-watch', daemon=True).start()


def _answer(job: Job, output: Any) -> Output:
    answer = output.outputs[0]
    if answer.finish_reason not in ('stop', 'length'):
        return RequestError('engine', f'vLLM ended the request with {answer.finish_reason}')
    if isinstance(job, ScoringRow):
        return scored(job, output)
    return Generated(
        ids=answer.token_ids,
        finish_reason=answer.finish_reason,
        num_tokens=len(answer.token_ids),
        cached_tokens=output.num_cached_tokens or 0,
    )
