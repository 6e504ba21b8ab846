"""Our sampling parameters as SGLang's, every field explicit."""

from typing import Any

from evalkit.models.huggingface_sampling import row_seed
from evalkit.models.huggingface_scoring import ScoringRow
from evalkit.models.request_error import RequestError
from evalkit.types import GenerationParams

MAX_STOPS = 32  # SGLang's limit; later ones are cut on our side


def sampling_params(params: GenerationParams, key: str, end_ids: list[int]) -> dict[str, Any]:
    """Return the parameters of one generation."""
    is_seeded = params.temperature > 0 and params.seed is not None
    return {
        'max_new_tokens': params.max_out_len,
        'min_new_tokens': params.min_out_len,
        'temperature': params.temperature,
        'top_p': params.top_p,
        'top_k': params.top_k or -1,
        'min_p': params.min_p,
        'repetition_penalty': params.repetition_penalty,
        'frequency_penalty': params.frequency_penalty,
        'presence_penalty': params.presence_penalty,
        'sampling_seed': row_seed(params.seed, key) if is_seeded else None,
        'stop': list(params.stop[:MAX_STOPS]) or None,
        'stop_token_ids': end_ids or None,
        'skip_special_tokens': True,
        'no_stop_trim': True,
    }


def refuse(params: GenerationParams, *, is_overlapped: bool) -> None:
    """Refuse what SGLang understands otherwise than the other backends (seen in 0.5.23)."""
    if params.repetition_penalty != 1:
        raise RequestError(
            'bad_request',
            'SGLang penalises repetitions of the answer only, and other backends those of the '
            'prompt, too: leave repetition_penalty out, or use vLLM or Hugging Face',
        )
    if is_overlapped and (params.frequency_penalty or params.presence_penalty):
        raise RequestError(
            'bad_request',
            'while SGLang overlaps its schedule, its penalties leave the latest token out: set '
            'disable_overlap_schedule=True in model_kwargs',
        )


def scoring_arguments(row: ScoringRow) -> dict[str, Any]:
    """Return the arguments that score `row`: its prompt and the targets' last tokens.

    The last tokens are read off the step that would generate. The earlier ones are scored from
    the prompt, of which SGLang reads from its cache what stands in front of them.
    """
    start = row.targets[0].start
    needs_prompt = start < len(row.ids)
    return {
        'sampling_params': {'max_new_tokens': 1, 'temperature': 0.0, 'no_stop_trim': True},
        'return_logprob': True,
        'logprob_start_len': start - 1 if needs_prompt else -1,
        'top_logprobs_num': 1 if needs_prompt else 0,
        'token_ids_logprob': list(dict.fromkeys(target.ids[-1] for target in row.targets)),
    }
