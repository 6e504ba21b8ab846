"""CLPInferencer: the choice that the model would write next is its answer."""

import math
from collections.abc import Mapping, Sequence

from evalkit.errors import ConfigError
from evalkit.inferencers.base import Context
from evalkit.inferencers.labels import LabelInferencer, Parts
from evalkit.types import Prompt, Sample, Scoring


class CLPInferencer(LabelInferencer):
    """Conditional log-probability: score each choice after the prompt of a generation.

    The choices are in the column `choices` of the row, and with `single_token` each must be one
    token (in OpenCompass the choices of the first row are those of all). `extra.probabilities` of
    a record holds their probabilities, which add up to 1, and the output is the likeliest.
    Otherwise the log-probabilities of a choice's tokens are added up.
    `max_seq_len` and `batch_size` are accepted for OpenCompass's configs and have no effect.
    """

    extra_name = 'probabilities'

    def __init__(
        self,
        context: Context,
        *,
        single_token: bool = True,
        fix_id_list: Sequence[int] | None = None,
        max_seq_len: int | None = None,
        batch_size: int | None = None,
    ) -> None:
        super().__init__(context)
        if fix_id_list:
            raise ConfigError('CLPInferencer: give fix_id_list to the retriever FixKRetriever')
        self.single_token = single_token

    def parts(self, sample: Sample) -> Mapping[str, Parts]:
        """Return the prompt with each choice as its continuation."""
        choices = sample.fields.get('choices')
        if isinstance(choices, str) or not isinstance(choices, Sequence) or not choices:
            raise ConfigError(
                f'CLPInferencer needs a list of choices in the column `choices` of each row, '
                f'not {choices!r:.60}'
            )
        prompt = self.context.prompter.gen_prompt(sample.fields, self.examples(sample))
        return {str(choice): (prompt, str(choice)) for choice in choices}

    def shown(self, label: str, parts: Parts) -> Prompt:
        """Return the prompt, which is the same for all choices."""
        return parts[0]

    def fault(self, scoring: Scoring) -> str | None:
        """Return why a scoring cannot be used; a choice of several tokens is a fault, too."""
        if scoring.error is None and self.single_token and scoring.num_tokens > 1:
            return (
                f'bad_request: a choice has {scoring.num_tokens} tokens, and single_token wants '
                'one: shorten the choices, or give single_token=False'
            )
        return super().fault(scoring)

    def measure(self, scorings: Mapping[str, Scoring]) -> Mapping[str, float]:
        """Return the probability of each choice among the choices."""
        highest = max(scoring.logprob for scoring in scorings.values())
        weights = {name: math.exp(each.logprob - highest) for name, each in scorings.items()}
        total = math.fsum(weights.values())
        return {name: weight / total for name, weight in weights.items()}

    def choose(self, measured: Mapping[str, float]) -> str:
        """Return the likeliest choice."""
        return max(measured, key=measured.__getitem__)
