"""What one model will be asked of one dataset; the same for asking, scoring and a dry run."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from evalkit.config import build, resolve_type, reveal_secrets
from evalkit.datasets import read_dataset
from evalkit.inferencers import NOTHING, BaseInferencer, Context, Question
from evalkit.models import PLAN_KEYS, BaseModel, HuggingFaceBaseModel, model_identity
from evalkit.models.engine import EngineModel
from evalkit.prompts import Prompter, prompt_hash
from evalkit.store import content_hash, read_latest
from evalkit.tasks.base import num_gpus
from evalkit.types import Sample


class Plan(Protocol):
    """What one model is asked, under one name."""

    abbr: str
    version: str
    adapter: str | None

    @property
    def samples(self) -> Sequence[Sample]:
        """What the questions are about."""

    @property
    def inferencer(self) -> BaseInferencer:
        """What makes questions of samples, and predictions of answers."""

    def questions(
        self, samples: Iterable[Sample] | None = None, outputs: Mapping[str, str] = NOTHING
    ) -> Iterator[Question]:
        """Yield the questions of all samples, or of these; follow-ups are made of `outputs`."""


class DatasetPlan:
    """A dataset as one model is asked it."""

    def __init__(
        self, dataset_cfg: Mapping[str, Any], model_cfg: Mapping[str, Any], identity: str
    ) -> None:
        infer_cfg = dataset_cfg['infer_cfg']
        self.abbr: str = dataset_cfg['abbr']
        self.adapter: str | None = model_cfg.get('adapter')
        self.splits = read_dataset(reveal_secrets(dataset_cfg, os.environ))
        self.samples: Sequence[Sample] = self.splits.test
        self.version = prompt_hash(infer_cfg)
        prompter = Prompter(
            infer_cfg,
            dataset_cfg.get('reader_cfg') or {},
            model_cfg.get('meta_template'),
            is_chat=resolve_type(model_cfg['type']).is_chat,
        )
        prompter.retriever.prepare(self.splits.train, prompter.input_columns)
        context = Context(
            prompter=prompter,
            retriever=prompter.retriever,
            model_cfg=model_cfg,
            model_identity=identity,
            train=self.splits.train,
            num_repeats=dataset_cfg.get('n') or 1,
        )
        self.inferencer: BaseInferencer = build(infer_cfg['inferencer'], context=context)

    def questions(
        self, samples: Iterable[Sample] | None = None, outputs: Mapping[str, str] = NOTHING
    ) -> Iterator[Question]:
        """Yield the questions of all samples, or of these; each is rendered when it is taken."""
        return self.inferencer.questions(self.samples if samples is None else samples, outputs)


def stored_outputs(plan: Plan, folder: Path) -> dict[str, str]:
    """Return the answers in a folder that follow-ups are made of, by key; others are not read."""
    if not plan.inferencer.asks_follow_ups:
        return {}
    return {record.key: record.output for record in read_latest(folder) if record.is_answer}


def identity_of(model_cfg: Mapping[str, Any]) -> str:
    """Return the hash of what decides a model's answers."""
    return content_hash(model_identity(model_cfg))


def model_arguments(model_cfg: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the class of a model is built with, secrets included.

    An engine has the time that `run_cfg` gives it, and transformers all of its GPUs.
    """
    arguments = {key: value for key, value in model_cfg.items() if key not in PLAN_KEYS}
    model_type, run_cfg = resolve_type(model_cfg['type']), model_cfg.get('run_cfg') or {}
    seconds = run_cfg.get('startup_timeout')
    if seconds is not None and issubclass(model_type, EngineModel):
        arguments['startup_timeout'] = seconds
    if num_gpus(run_cfg) > 1 and issubclass(model_type, HuggingFaceBaseModel):
        arguments['model_kwargs'] = spread(arguments.get('model_kwargs') or {})
    return dict(reveal_secrets(arguments, os.environ))


def spread(model_kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return `model_kwargs` with the weights on all GPUs that are seen, unless they say where."""
    named = model_kwargs.get('device_map')
    return {**model_kwargs, 'device_map': 'auto' if named is None else named}


def build_model(model_cfg: Mapping[str, Any]) -> BaseModel:
    """Load the model of a config."""
    model: BaseModel = build(model_arguments(model_cfg))
    return model
