"""Requests as token ids that the model has and that fit its context, the same for all engines."""

from evalkit.models.context import check_mode, fit_context
from evalkit.models.encoding import PromptEncoder
from evalkit.models.huggingface_decoding import GenerationRow
from evalkit.models.huggingface_scoring import Target
from evalkit.models.request_error import RequestError
from evalkit.types import Request, ScoringRequest


class RequestFitter:
    """Renders requests for one model; `RequestError` for those that it can never answer.

    `max_seq_len` (tokens) is its context length, None if it has no limit; `mode` names what is
    dropped of a prompt that does not fit.
    """

    def __init__(
        self, encoder: PromptEncoder, vocab_size: int, max_seq_len: int | None, mode: str
    ) -> None:
        check_mode(mode)
        self.encoder = encoder
        self.vocab_size = vocab_size
        self.max_seq_len = max_seq_len
        self.mode = mode

    def generation_row(self, request: Request) -> GenerationRow:
        """Return the ids to generate from, with room for the answer."""
        ids = self.encoder.encode(request.prompt)
        if not ids:
            raise RequestError('bad_request', 'the prompt is empty')
        self._check_vocabulary(ids)
        params = request.params
        limits = [limit for limit in (self.max_seq_len, params.max_seq_len) if limit is not None]
        limit = min(limits, default=None)
        fitting = self._fit(ids, params.max_out_len, limit)
        return GenerationRow(request, fitting, len(ids) - len(fitting))

    def target(self, request: ScoringRequest) -> Target:
        """Return the ids of context and continuation, and where the latter begins."""
        ids, start = self.encoder.encode_pair(request.context, request.continuation)
        first = max(start, 1)
        if len(ids) <= first:
            raise RequestError('bad_request', 'the continuation has no token to score')
        self._check_vocabulary(ids)
        rest = ids[first:]
        head = self._fit(ids[:first], len(rest), self.max_seq_len)
        fitting = (*head, *rest)
        return Target(request, fitting, len(head), start == 0, len(ids) - len(fitting))

    def _fit(self, ids: list[int], num_more: int, limit: int | None) -> list[int]:
        bos = self.encoder.tokenizer.bos_token_id
        return fit_context(ids, num_more, limit, self.mode, bos)

    def _check_vocabulary(self, ids: list[int]) -> None:
        if max(ids) >= self.vocab_size:
            raise RequestError(
                'bad_request',
                f"the tokenizer's token {max(ids)} is none of the model's {self.vocab_size}",
            )
