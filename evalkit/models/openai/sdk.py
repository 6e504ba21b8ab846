"""OpenAISDK and OpenAICompletions: models behind any OpenAI-compatible address."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evalkit.models.base import BaseModel
from evalkit.models.context import check_mode
from evalkit.types import Completion, Request, Scoring, ScoringRequest

if TYPE_CHECKING:
    from evalkit.models.openai.client import Client


@dataclass(kw_only=True, eq=False, repr=False)
class OpenAISDK(BaseModel):
    """A chat model behind an OpenAI-compatible API; all requests are asked at once.

    `openai_api_base` is an address, as 'http://host:port/v1' or with '/chat/completions' behind it,
    or a list of them over which requests are spread; by default OPENAI_BASE_URL. `key` is a key, a
    list, the name of an environment variable, or 'ENV' for OPENAI_API_KEY. Proxies, SSL_CERT_FILE,
    OPENAI_ORG_ID and OPENAI_PROJECT_ID are read from the environment as by the `openai` package.

    The number of requests in flight finds itself; `max_workers` is its ceiling for each address and
    key. `query_per_second`, `requests_per_minute` and `tokens_per_minute` are ceilings, too, by
    default none. A request is tried `retry` + 1 times within `retry_seconds`; `timeout` (seconds)
    is for one try, `connect_timeout` for its connection, `read_timeout` for a pause in a stream.

    `temperature` overrides that of the datasets, and `max_completion_tokens` their `max_out_len`,
    under that name. `extra_body` and `openai_extra_kwargs` are added to each call; of the latter
    `extra_headers`, `extra_query`, `extra_body` and `timeout` mean what they mean to the `openai`
    package. What a model thought (`reasoning_content`) stands before its
    answer, ended by `think_tag`. With `mode` 'front', 'mid' or 'rear' that part of a prompt that
    exceeds `max_seq_len` is dropped, counted by the tokenizer of `tokenizer_path`. `prices` (for a
    million tokens of `prompt`, `cached` and `output`) let `describe` tell the cost. `served_by`
    says what a server has loaded, where its name does not: then it is part of the identity.
    `dialect='llamafactory'` is needed for LLaMA-Factory's server; all others are found out.
    `verbose` is accepted for OpenCompass's configs and has no effect: the log tells what it told.
    """

    is_chat = True

    TRANSPORT_KEYS = BaseModel.TRANSPORT_KEYS | {
        'backoff_seconds',
        'connect_timeout',
        'default_headers',
        'dialect',
        'key',
        'max_workers',
        'openai_api_base',
        'openai_extra_kwargs.extra_headers',
        'openai_extra_kwargs.extra_query',
        'openai_extra_kwargs.timeout',
        'openai_proxy_url',
        'org',
        'prices',
        'query_per_second',
        'read_timeout',
        'requests_per_minute',
        'retry',
        'retry_seconds',
        'rpm_verbose',
        'stream',
        'timeout',
        'tokens_per_minute',
        'verbose',
        'verify',
    }

    path: str = field(kw_only=False)
    key: str | Sequence[str] = 'ENV'
    org: str | None = None
    openai_api_base: str | Sequence[str] | None = None
    openai_proxy_url: str | None = None
    default_headers: Mapping[str, str] | None = None
    verify: bool = True
    query_per_second: float | None = None
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    rpm_verbose: bool = False
    max_workers: int | None = None
    batch_size: int | None = None
    retry: int = 8
    retry_seconds: float = 1800.0
    backoff_seconds: float = 1.0
    timeout: float = 3600.0
    connect_timeout: float = 30.0
    read_timeout: float = 600.0
    max_seq_len: int | None = None
    mode: str = 'none'
    tokenizer_path: str | None = None
    temperature: float | None = None
    max_completion_tokens: int | None = None
    logprobs: bool = False
    top_logprobs: int | None = None
    stream: bool = False
    think_tag: str = '</think>'
    extra_body: Mapping[str, Any] | None = None
    openai_extra_kwargs: Mapping[str, Any] | None = None
    prices: Mapping[str, float] | None = None
    served_by: str | None = None
    dialect: str | None = None
    verbose: bool = False

    def __post_init__(self) -> None:
        """Check what can be checked before anything is asked, and import the HTTP client."""
        check_mode(self.mode)
        from evalkit.models.openai import assemble

        extra = assemble.ExtraKwargs.read(self.openai_extra_kwargs or {}, self.extra_body or {})
        self.fit = assemble.make_truncation(
            self.mode, self.tokenizer_path, self.max_seq_len, is_chat=self.is_chat
        )
        self.addresses = assemble.find_addresses(
            self.openai_api_base,
            self.key,
            organisation=self.org,
            default_headers={**(self.default_headers or {}), **extra.headers},
            default_query=extra.query,
            proxy=self.openai_proxy_url,
        )
        self.writer = assemble.PayloadWriter(
            model=self.path,
            is_chat=self.is_chat,
            is_openai=any(address.is_openai for address in self.addresses),
            stream=self.stream,
            temperature=self.temperature,
            max_completion_tokens=self.max_completion_tokens,
            logprobs=self.logprobs,
            top_logprobs=self.top_logprobs,
            extra=extra.body,
        )
        self.client = self._make_client(extra.timeout)

    def _make_client(self, timeout: float | None) -> 'Client':
        from evalkit.models.openai import assemble

        policy = assemble.RetryPolicy(self.retry, self.retry_seconds, self.backoff_seconds)
        accounting = assemble.Accounting(self.prices)
        outlook = assemble.Outlook(
            endpoints=assemble.make_endpoints(
                self.addresses, policy, self.max_workers, self.dialect
            ),
            model=self.path,
            path='/chat/completions' if self.is_chat else '/completions',
            policy=policy,
            ceilings=assemble.Ceilings(
                self.query_per_second, self.requests_per_minute, self.tokens_per_minute
            ),
            accounting=accounting,
            report=assemble.RateReport(accounting) if self.rpm_verbose else None,
        )
        return assemble.Client(
            outlook,
            assemble.Deadlines(timeout or self.timeout, self.connect_timeout, self.read_timeout),
            stream=self.stream,
            verify=self.verify,
        )

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield the completions as they arrive; requests are pulled as there is room for them.

        `ConfigError` means that the key, the address or the model is wrong: it comes after one
        request. `BackendError` means that no endpoint answers any more.
        """
        from evalkit.models.openai.jobs import GenerationJob

        def job(request: Request) -> GenerationJob:
            return GenerationJob(request, self.writer, self.think_tag, self.fit)

        # Unlike a generator, `map` can be asked again after its end.
        yield from self.client.ask(map(job, requests))

    def usage(self) -> Mapping[str, Any]:
        """Return what was asked and what it cost."""
        return self.client.usage()

    def describe(self) -> Mapping[str, Any]:
        """Say who answers, how much was asked, how fast, and what it cost."""
        return self.client.describe()


class OpenAICompletions(OpenAISDK):
    """A base model behind an OpenAI-compatible API: texts are continued by `/v1/completions`.

    Takes the arguments of `OpenAISDK`. Log-probabilities need a server that echoes a prompt with
    them, as vLLM and SGLang do.
    """

    is_chat = False

    def loglikelihood(self, requests: Iterable[ScoringRequest]) -> Iterator[Scoring]:
        """Yield the log-probability of each continuation; neighbours of one context share a call.

        `ConfigError` means that the server returns no log-probabilities of prompts.
        """
        from evalkit.models.openai.scoring import echo_jobs

        for scorings in self.client.ask(echo_jobs(requests, self.writer)):
            yield from scorings
