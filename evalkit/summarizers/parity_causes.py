"""Why two backends differ on a request: the likely causes, as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from evalkit.tasks.probes import Probe, Probed

What = Literal['prompt', 'text', 'logprob', 'error']

TOLERANCES = {'float32': 1e-3}
"""How far log-probabilities a token may be apart where both run in this dtype."""

HALF_PRECISION = 0.05
"""The same for any other dtype."""

OTHER_WEIGHTS = 0.5
"""A distance a token that no dtype explains."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One request as the reference had it, and as another backend had it."""

    reference: Probe
    other: Probe
    left: Probed
    right: Probed

    @property
    def gap(self) -> float | None:
        """How far the log-probabilities a token are apart; None where there are not two."""
        if self.left.logprob is None or self.right.logprob is None:
            return None
        num_tokens = max(self.left.num_tokens, self.right.num_tokens, 1)
        return abs(self.left.logprob - self.right.logprob) / num_tokens

    @property
    def tolerance(self) -> float:
        """The gap up to which both are the same."""
        is_same = self.reference.dtype == self.other.dtype
        return TOLERANCES.get(self.reference.dtype, HALF_PRECISION) if is_same else HALF_PRECISION

    @property
    def is_prompt_equal(self) -> bool | None:
        """Whether both read the same prompt; by token ids, or by their number from a server."""
        left, right = self.left, self.right
        if left.prompt_ids is not None and right.prompt_ids is not None:
            return list(left.prompt_ids) == list(right.prompt_ids)
        counts = [len(item.prompt_ids or ()) or item.prompt_tokens for item in (left, right)]
        return counts[0] == counts[1] if all(counts) else None

    @property
    def is_text_equal(self) -> bool | None:
        """Whether both gave the same greedy answer; None where nothing is generated."""
        if not self.left.is_generation or self.left.error or self.right.error:
            return None
        return self.left.text == self.right.text

    @property
    def is_gap_small(self) -> bool | None:
        """Whether the log-probabilities are the same within the tolerance."""
        return None if self.gap is None else self.gap <= self.tolerance

    @property
    def num_more_tokens(self) -> int:
        """By how many tokens the other's prompt is longer."""
        left, right = self.left, self.right
        sizes = [len(item.prompt_ids or ()) or item.prompt_tokens for item in (left, right)]
        return sizes[1] - sizes[0]


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause: of which difference, how it is recognised, and what to do."""

    name: str
    of: What
    holds: Callable[[Pair], bool]
    remedy: str


def begins_with_bos(ids: Sequence[int] | None, probe: Probe, times: int) -> bool:
    """Whether a prompt begins with a BOS so many times, or more."""
    bos = probe.bos_token_id
    return bos is not None and list(ids or ())[:times] == [bos] * times


def has_doubled_bos(pair: Pair) -> bool:
    """Whether the other prompt has one BOS more in front, by its ids, or by a server's count."""
    if pair.right.prompt_ids is None:
        return pair.num_more_tokens == 1
    return begins_with_bos(pair.right.prompt_ids, pair.other, 2)


def lacks_bos(pair: Pair) -> bool:
    """Whether the other prompt is the same without its BOS."""
    if not begins_with_bos(pair.left.prompt_ids, pair.reference, 1):
        return False
    if pair.right.prompt_ids is None:
        return pair.num_more_tokens == -1
    return list(pair.right.prompt_ids) == list(pair.left.prompt_ids or ())[1:]


def is_rendered_otherwise(pair: Pair) -> bool:
    """Whether the text of the prompt is another one."""
    return pair.right.prompt_ids is None or pair.left.prompt_text != pair.right.prompt_text


def ends_elsewhere(pair: Pair) -> bool:
    """Whether one answer is the beginning of the other, and each had its own reason to end."""
    left, right = pair.left, pair.right
    is_beginning = left.text.startswith(right.text) or right.text.startswith(left.text)
    return is_beginning and left.finish_reason != right.finish_reason


def is_cut(pair: Pair) -> bool:
    """Whether one answer is the beginning of the other, and both were cut."""
    left, right = pair.left, pair.right
    is_beginning = left.text.startswith(right.text) or right.text.startswith(left.text)
    return is_beginning and left.finish_reason == right.finish_reason == 'length'


def has_other_dtype(pair: Pair) -> bool:
    """Whether the engines say that they run in different dtypes."""
    return bool(pair.other.dtype) and pair.reference.dtype != pair.other.dtype


def is_far(pair: Pair) -> bool:
    """Whether no rounding explains the distance."""
    return pair.gap is not None and pair.gap > OTHER_WEIGHTS


def is_not_greedy(pair: Pair) -> bool:
    """Whether the reference's answer is the likeliest here, too, but another was written."""
    return pair.right.is_greedy and not pair.is_text_equal


def is_near(pair: Pair) -> bool:
    """Whether both find the reference's answer equally likely."""
    return bool(pair.is_gap_small)


CAUSES = (
    Cause('a request failed', 'error', lambda pair: True, 'read its error'),
    Cause('a doubled BOS', 'prompt', has_doubled_bos,
          'the chat template and the tokenizer both write a BOS: let only one of them'),
    Cause('a missing BOS', 'prompt', lacks_bos,
          'the tokenizer adds none here (add_bos_token): the model was trained with it'),
    Cause('another chat template', 'prompt', is_rendered_otherwise,
          "compare tokenizer_path, chat_template_kwargs, and a server's own template or date"),
    Cause('another tokenizer', 'prompt', lambda pair: True,
          'the same text has other tokens: compare tokenizer_path and tokenizer_kwargs'),
    Cause('a stop word or end token', 'text', ends_elsewhere,
          'one goes on where the other ends: compare stop_words and the end tokens of the model'),
    Cause('another length limit', 'text', is_cut,
          'both were cut, at different lengths: compare max_out_len and the context length'),
    Cause('sampling that is not greedy', 'text', is_not_greedy,
          "the reference's answer is the likeliest here, too: look for penalties, a temperature or "
          "a server's generation_config.json"),
    Cause('other weights', 'text', is_far,
          'compare path, revision, adapter and quantisation'),
    Cause('another dtype', 'text', has_other_dtype,
          'name the same dtype for both; near ties then fall the same way'),
    Cause('rounding', 'text', is_near,
          'two tokens were nearly equally likely; kernels add in another order'),
    Cause('other weights', 'logprob', is_far,
          'compare path, revision, adapter and quantisation'),
    Cause('another dtype', 'logprob', has_other_dtype, 'name the same dtype for both'),
    Cause('another precision inside', 'logprob', lambda pair: True,
          'compare the attention kernels, quantisation of the cache and rope settings'),
)  # fmt: skip
"""Of those that hold for a difference the first is the likely one."""

UNKNOWN = Cause('unknown', 'text', lambda pair: True, 'compare the two probes in probes/')


def likely_cause(pair: Pair, what: What) -> Cause:
    """Return the first cause of a difference that fits."""
    return next((cause for cause in CAUSES if cause.of == what and cause.holds(pair)), UNKNOWN)
