"""OpenCompass's prediction files, so that its tools can score the answers again.

The folder is what OpenCompass calls a work directory's timestamp: it holds
`predictions/<model>/<dataset>.json` with `{"0": {"origin_prompt", "prediction", "gold"}, ...}`,
numbered by the place of a sample in what was asked. Repeats follow after all samples, as there. A
likelihood record has `"label: A": {"testing input", "prompt", "PPL"}` for each label, too. Where
each turn of a conversation was asked, its record has lists of them.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from evalkit.exports.answers import Answers
from evalkit.store import Workspace, write_atomic
from evalkit.types import Prediction

ROLES = {'system': 'SYSTEM', 'user': 'HUMAN', 'assistant': 'BOT'}


def export_opencompass(answers: Answers, folder: Path) -> None:
    """Write the prediction file of one model and dataset."""
    in_rounds = sorted(answers.records, key=lambda record: record.repeat)
    grouped = groupby(in_rounds, key=lambda record: (record.repeat, record.index))
    records = {str(number): as_one(list(turns)) for number, (_, turns) in enumerate(grouped)}
    place = Workspace(folder).predictions(answers.model['abbr'], answers.dataset['abbr'])
    text = json.dumps(records, ensure_ascii=False, indent=4, default=str)
    write_atomic(place.with_name(f'{place.name}.json'), text)


def as_one(turns: Sequence[Prediction]) -> dict[str, Any]:
    """Return the record of a sample; the turns of a conversation share one, in lists."""
    if 'turn' not in turns[0].extra:
        [record] = turns
        return as_theirs(record)
    said = [as_theirs(turn) for turn in turns]
    return {
        'gold': [each['gold'] for each in said],
        'prediction': [each['prediction'] for each in said],
        'origin_prompt': [last_said(each['origin_prompt']) for each in said],
    }


def last_said(prompt: Any) -> Any:
    """Return the last message of a prompt, which is all that theirs has of a turn."""
    return prompt if isinstance(prompt, str) else prompt[-1]['prompt']


def as_theirs(record: Prediction) -> dict[str, Any]:
    """Return a record with OpenCompass's keys."""
    is_scoring = isinstance(record.prompt, Mapping)
    prompts = record.prompt if is_scoring else {}
    shown = next(iter(prompts.values()), '') if is_scoring else record.prompt
    return {
        'origin_prompt': their_prompt(shown),
        **{f'label: {label}': scoring(record, label) for label in prompts},
        'prediction': record.output,
        'gold': record.reference,
    }


def scoring(record: Prediction, label: str) -> dict[str, Any]:
    """Return what is known of a label: its prompt, and its loss where it was measured."""
    prompt = their_prompt(record.prompt[label])
    losses = record.extra.get('losses', {})
    known = {'PPL': losses[label]} if label in losses else {}
    return {'testing input': prompt, 'prompt': prompt, **known}


def their_prompt(prompt: Any) -> Any:
    """Return messages with OpenCompass's roles; a text is a text there, too."""
    if isinstance(prompt, str):
        return prompt
    return [{'role': ROLES[each['role']], 'prompt': each['content']} for each in prompt]
