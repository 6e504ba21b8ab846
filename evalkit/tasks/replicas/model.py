"""Several replicas seen as one model."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from evalkit.models import BaseModel
from evalkit.tasks.replicas.base import Replicas
from evalkit.tasks.replicas.deal import deal
from evalkit.types import Completion, Request, Scoring, ScoringRequest


class ReplicatedModel(BaseModel):
    """A model whose requests are answered by whichever replica has time."""

    def __init__(self, replicas: Replicas) -> None:
        self.replicas = replicas

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield each completion as some replica tells of it."""
        return cast(Iterator[Completion], deal(requests, self.replicas))

    def loglikelihood(self, requests: Iterable[ScoringRequest]) -> Iterator[Scoring]:
        """Yield the log-probability of each continuation, in any order."""
        return cast(Iterator[Scoring], deal(requests, self.replicas))

    def describe(self) -> Mapping[str, Any]:
        """Say which engine runs in the replicas, and where they are."""
        return self.replicas.describe()

    def usage(self) -> Mapping[str, Any]:
        """Return what all replicas have asked of a service."""
        return self.replicas.usage()

    def close(self) -> None:
        """End all replicas."""
        self.replicas.close()
