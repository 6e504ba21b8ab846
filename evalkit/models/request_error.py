"""What becomes of a request that fails alone: an answer with an error, never a score."""

from evalkit.types import Completion, Request, Scoring, ScoringRequest


class RequestError(Exception):
    """One request cannot be asked; its text, `'<kind>: <text>'`, is the sample's error."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f'{kind}: {text}')


def failed_completion(request: Request, error: str) -> Completion:
    """Return the completion of a request that failed."""
    return Completion(request.key, '', finish_reason='error', error=error)


def failed_scoring(request: ScoringRequest, error: str) -> Scoring:
    """Return the scoring of a request that failed."""
    return Scoring(request.key, logprob=float('-inf'), num_tokens=0, error=error)
