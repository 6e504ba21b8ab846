"""PPLInferencer: the label whose prompt the model finds likeliest is its answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.errors import ConfigError
from evalkit.inferencers.base import Context
from evalkit.inferencers.labels import LabelInferencer, Parts
from evalkit.types import Prompt, Sample, Scoring


class PPLInferencer(LabelInferencer):
    """Score a whole prompt for each label and choose the lowest loss a token (OpenCompass).

    The loss is the negative log-likelihood of all tokens but the first, divided by the number
    of all tokens; of equal ones the first wins. `extra.losses` of a record holds it for each
    label. A sample is asked once, however many repeats its dataset wants, since nothing is drawn.

    All arguments but `labels` are accepted for OpenCompass's configs and have no effect: a prompt
    is scored whole, or is an error where the model's context is too short.
    """

    extra_name = 'losses'

    def __init__(
        self,
        context: Context,
        *,
        labels: Sequence[Any] | None = None,
        max_seq_len: int | None = None,
        max_out_len: int | None = None,
        generation_kwargs: Mapping[str, Any] | None = None,
        batch_size: int | None = None,
        save_every: int | None = None,
    ) -> None:
        super().__init__(context)
        found = labels if labels is not None else context.prompter.labels
        # A task file is JSON, where a label that is a number may have become a text.
        self.labels = {str(label): label for label in found or ()}
        if not self.labels:
            raise ConfigError(
                f'{type(self).__name__} needs a prompt_template (or ice_template) with a template '
                'for each label: template={label: ...}'
            )

    def prompts(self, sample: Sample) -> dict[str, Prompt]:
        """Return the whole prompt of each label."""
        examples = self.examples(sample)
        return {
            name: self.context.prompter.label_prompt(sample.fields, examples, label)
            for name, label in self.labels.items()
        }

    def parts(self, sample: Sample) -> Mapping[str, Parts]:
        """Return each prompt as a continuation of nothing."""
        return {name: ('', prompt) for name, prompt in self.prompts(sample).items()}

    def shown(self, label: str, parts: Parts) -> Prompt:
        """Return the whole prompt."""
        return parts[1]

    def identified(self, parts: Mapping[str, Parts]) -> object:
        """Return the prompt of each label."""
        return [(name, prompt) for name, (_, prompt) in parts.items()]

    def measure(self, scorings: Mapping[str, Scoring]) -> Mapping[str, float]:
        """Return the negative log-likelihood a token (natural log)."""
        return {
            name: -scoring.logprob / max(scoring.num_tokens, 1)
            for name, scoring in scorings.items()
        }

    def choose(self, measured: Mapping[str, float]) -> str:
        """Return the label with the lowest loss."""
        return min(measured, key=measured.__getitem__)
