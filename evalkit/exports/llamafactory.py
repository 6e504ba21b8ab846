"""LLaMA-Factory's result files, so that scripts which read them find what they expect.

For each model and dataset there is a folder `<model>/<dataset>` with

* `generated_predictions.jsonl`: `{"prompt", "predict", "label"}` a line, the prompt as the model
  reads it, special tokens included;
* `predict_results.json`: its four metrics from 0 to 100 whatever the dataset is scored by here,
  the seconds spent asking, and the samples a second. Models that share an engine share its time.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from evalkit.config import resolve_type
from evalkit.errors import TaskError
from evalkit.evaluators import LlamaFactoryEvaluator
from evalkit.exports.answers import Answers
from evalkit.models import HuggingFaceBaseModel
from evalkit.models.encoding import PromptEncoder
from evalkit.models.engine import EngineModel
from evalkit.models.huggingface_loading import load_tokenizer, quiet
from evalkit.store import write_atomic
from evalkit.store.names import safe_name
from evalkit.types import Prediction, Prompt

FILES = PREDICTIONS, RESULTS = 'generated_predictions.jsonl', 'predict_results.json'


def export_llamafactory(answers: Answers, folder: Path) -> None:
    """Write the two files of one model and dataset."""
    if answers.mode != 'gen':
        raise TaskError('LLaMA-Factory has predictions of written answers only, none of labels')
    place = place_of(folder, answers.model, answers.dataset)
    rendered = renderer(answers.model)
    lines = [as_theirs(record, rendered) for record in answers.records]
    write_atomic(place / PREDICTIONS, ''.join(f'{line}\n' for line in lines))
    results = predict_results(answers.records)
    write_atomic(place / RESULTS, json.dumps(results, indent=4) + '\n')


def place_of(folder: Path, model_cfg: Mapping[str, Any], dataset_cfg: Mapping[str, Any]) -> Path:
    """Return the folder of the files of one model and dataset."""
    return folder / safe_name(model_cfg['abbr']) / safe_name(dataset_cfg['abbr'])


def as_theirs(record: Prediction, rendered: Callable[[Prompt], str]) -> str:
    """Return a record as a line."""
    line = {
        'prompt': rendered(record.prompt),
        'predict': record.output,
        'label': str(record.reference),
    }
    return json.dumps(line, ensure_ascii=False)


def predict_results(records: Sequence[Prediction]) -> dict[str, float]:
    """Return the metrics, the mean of each sample's, and the time."""
    evaluator = LlamaFactoryEvaluator()
    scores = [evaluator.score(record.output, record.reference) for record in records]
    seconds = sum(record.seconds for record in records)
    means = {name: 100 * fmean(score[name] for score in scores) for name in scores[0]}
    return {
        **{f'predict_{name}': round(value, 10) for name, value in means.items()},
        'predict_runtime': round(seconds, 4),
        'predict_samples_per_second': round(len(records) / seconds, 3) if seconds else 0.0,
    }


def renderer(model_cfg: Mapping[str, Any]) -> Callable[[Prompt], str]:
    """Return what shows a prompt as the model reads it; of a service only its words are known."""
    model_type = resolve_type(model_cfg['type'])
    if not model_type.is_chat or not issubclass(model_type, HuggingFaceBaseModel | EngineModel):
        return words
    quiet()
    path = model_cfg.get('tokenizer_path') or model_cfg['path']
    loading = model_cfg.get('model_kwargs') or {}
    encoder = PromptEncoder(
        load_tokenizer(path, model_cfg.get('tokenizer_kwargs') or {}, loading),
        is_chat=True,
        chat_template_kwargs=model_cfg.get('chat_template_kwargs'),
    )
    return encoder.render


def words(prompt: Prompt) -> str:
    """Return the text of a prompt, turns under each other."""
    if isinstance(prompt, str):
        return prompt
    return '\n'.join(message['content'] for message in prompt)
