"""Conversations as one answer each, for evaluators that want all turns together."""

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.tasks.grades import Answer, Expected
from evalkit.types import Usage

Turns = list[Expected]


def conversations(
    expected: Sequence[Expected], answers: Mapping[str, Answer], references: Mapping[int, Any]
) -> tuple[list[Expected], dict[str, Answer]]:
    """Return one question for each conversation, and the answers to all of them by key.

    The answer is the list of those of its turns, and the reference that of its row: `references`
    by index, as OpenCompass gives both. A conversation that lacks a turn is left out.
    """
    groups: dict[tuple[int, int], Turns] = {}
    for item in expected:
        groups.setdefault((item.index, item.repeat), []).append(item)
    whole = [turns for turns in groups.values() if all(turn.key in answers for turn in turns)]
    packed = [pack(turns, references[turns[0].index]) for turns in whole]
    return packed, {item.key: answer_of(item, answers) for item in packed}


def pack(turns: Turns, reference: Any) -> Expected:
    """Return a conversation as one question."""
    first = turns[0]
    if first.turn is None:
        return first
    key = ' '.join(turn.key for turn in turns)
    return Expected(key, first.index, first.repeat, reference, first.fields, turns=tuple(turns))


def answer_of(item: Expected, answers: Mapping[str, Answer]) -> Answer:
    """Return the answers to all turns as one, which has the first status that is not `ok`."""
    if not item.turns:
        return answers[item.key]
    given = [answers[key] for key in item.keys]
    return Answer(
        value=[answer.value for answer in given],
        status=next((answer.status for answer in given if answer.status != 'ok'), 'ok'),
        usage=sum((answer.usage for answer in given), Usage()),
        seconds=sum(answer.seconds for answer in given),
        error=next((answer.error for answer in given if answer.error is not None), None),
    )


def columns_of(item: Expected, values: Sequence[Any]) -> dict[str, Any]:
    """Return what a judge's template may name of a conversation (OpenCompass's columns).

    `prediction` is a text of all rounds, and `prediction_r1`, ... are the answers alone.
    """
    rounds = [
        {'round': number, 'user': each.turn.user if each.turn else '', 'assistant': value}
        for number, (each, value) in enumerate(zip(item.turns, values, strict=True), start=1)
    ]
    alone = {f'prediction_r{each["round"]}': each['assistant'] for each in rounds}
    return {'prediction': str(rounds), **alone}
