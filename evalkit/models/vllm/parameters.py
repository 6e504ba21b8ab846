"""Our sampling parameters as vLLM's, every field explicit."""

from typing import Any

from evalkit.models.huggingface_sampling import row_seed
from evalkit.models.huggingface_scoring import ScoringRow
from evalkit.models.request_error import RequestError
from evalkit.types import GenerationParams

MAX_HELD_BACK = 128  # end tokens that vLLM's runner for GPUs can hold back


def sampling_params(params: GenerationParams, key: str, end_ids: list[int]) -> Any:
    """Return the parameters of one generation; its stream of random numbers is its own."""
    from vllm import SamplingParams
    from vllm.sampling_params import RequestOutputKind

    seed = row_seed(params.seed, key) if params.temperature > 0 else None
    return SamplingParams(
        max_tokens=params.max_out_len,
        min_tokens=params.min_out_len,
        temperature=params.temperature,
        top_p=params.top_p,
        top_k=params.top_k,
        min_p=params.min_p,
        repetition_penalty=params.repetition_penalty,
        frequency_penalty=params.frequency_penalty,
        presence_penalty=params.presence_penalty,
        seed=seed,
        stop=list(params.stop),
        stop_token_ids=end_ids,
        # The text is decoded on our side; vLLM needs it only to find stop words.
        detokenize=bool(params.stop),
        skip_special_tokens=True,
        output_kind=RequestOutputKind.FINAL_ONLY,
    )


def refuse(params: GenerationParams, end_ids: list[int]) -> None:
    """Refuse what would end vLLM's engine for all requests (seen in 0.32)."""
    if params.min_out_len > 0 and len(end_ids) > MAX_HELD_BACK:
        raise RequestError(
            'bad_request',
            f'vLLM holds back at most {MAX_HELD_BACK} tokens that end an answer, and there are '
            f'{len(end_ids)}: leave min_out_len out, or name fewer stop_token_ids',
        )


def scoring_params(row: ScoringRow, *, uses_cache: bool = True) -> Any:
    """Return the parameters that score `row`: its prompt and the targets' last tokens.

    The last tokens are read off the step that would generate; the log-probabilities of earlier
    ones are those of the prompt. vLLM leaves out (or undefined) those in front of what it read
    from its prefix cache, which `reads_too_much` checks.
    """
    from vllm import SamplingParams
    from vllm.sampling_params import RequestOutputKind

    lasts = list(dict.fromkeys(target.ids[-1] for target in row.targets))
    needs_prompt = row.targets[0].start < len(row.ids)
    return SamplingParams(
        max_tokens=1,
        temperature=0.0,
        logprob_token_ids=lasts,
        prompt_logprobs=0 if needs_prompt else None,
        skip_reading_prefix_cache=needs_prompt and not uses_cache,
        detokenize=False,
        output_kind=RequestOutputKind.FINAL_ONLY,
    )
