"""LLInferencer: the label after which (or as which) a continuation is likeliest is the answer."""

from collections.abc import Mapping

from evalkit.errors import ConfigError
from evalkit.inferencers.labels import LabelInferencer, Parts
from evalkit.inferencers.ppl import PPLInferencer
from evalkit.types import Message, Prompt, Sample, Scoring


class LLInferencer(PPLInferencer):
    """Score only the end of each label's prompt, and choose the highest sum of log-probabilities.

    The end is the text in the column `cont` of the row, as in OpenCompass; a row without one has
    the label itself as the end. `extra.logprobs` of a record holds the sum for each label. Of a
    chat model's prompt the end must be the whole last turn, the assistant's.
    """

    extra_name = 'logprobs'

    def parts(self, sample: Sample) -> Mapping[str, Parts]:
        """Return the prompt of each label, cut before its end."""
        given = sample.fields.get('cont')
        return {
            name: cut(prompt, name if given is None else str(given))
            for name, prompt in self.prompts(sample).items()
        }

    def shown(self, label: str, parts: Parts) -> Prompt:
        """Return the prompt as a whole."""
        context, end = parts
        if isinstance(context, str):
            return f'{context}{end}'
        return [*context, {'role': 'assistant', 'content': str(end)}]

    def identified(self, parts: Mapping[str, Parts]) -> object:
        """Return where each prompt is cut, too."""
        return LabelInferencer.identified(self, parts)

    def measure(self, scorings: Mapping[str, Scoring]) -> Mapping[str, float]:
        """Return the log-probability of the end (natural log)."""
        return {name: scoring.logprob for name, scoring in scorings.items()}

    def choose(self, measured: Mapping[str, float]) -> str:
        """Return the label with the highest log-probability."""
        return max(measured, key=measured.__getitem__)


def cut(prompt: Prompt, end: str) -> Parts:
    """Return what stands before the end of a prompt, and the end."""
    if not end:
        raise ConfigError('LLInferencer: the end to be scored (the column cont) is empty')
    if isinstance(prompt, str) and prompt.endswith(end):
        return prompt[: -len(end)], end
    if isinstance(prompt, list) and prompt and says(prompt[-1], end):
        return prompt[:-1], end
    raise ConfigError(
        f'LLInferencer: the prompt {str(prompt)[-60:]!r} does not end with {end!r:.60}, the column '
        'cont or the label: let the template end with it'
    )


def says(message: Message, text: str) -> bool:
    """Whether a message is this text of the assistant."""
    return message == {'role': 'assistant', 'content': text}
