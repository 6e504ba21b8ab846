"""What a dataset and a model config do to an output before it is scored."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from evalkit.postprocessors.chain import Postprocessor, postprocessors


def on_output(
    eval_cfg: Mapping[str, Any], model_cfg: Mapping[str, Any]
) -> tuple[Postprocessor, ...]:
    """Return what makes an answer of an output: the role's turn, then the model's and the
    dataset's postprocessors (the evaluator comes after them).
    """
    return (
        *role_cutter(eval_cfg.get('pred_role'), model_cfg.get('meta_template')),
        *postprocessors(model_cfg.get('pred_postprocessor')),
        *postprocessors(eval_cfg.get('pred_postprocessor')),
    )


def role_cutter(
    role: str | None, meta_template: Mapping[str, Any] | None
) -> tuple[Postprocessor, ...]:
    """Return the function that keeps the turn of `role` of a base model's output."""
    rounds = (meta_template or {}).get('round', ()) if role else ()
    for item in rounds:
        if isinstance(item, Mapping) and item.get('role') == role:
            begin, end = str(item.get('begin') or ''), str(item.get('end') or '')
            cut = cut_own_turn if item.get('generate') else cut_turn
            return (partial(cut, begin=begin, end=end),)
    return ()


def cut_own_turn(text: str, begin: str, end: str) -> str:
    """Return the turn that an output begins with: the prompt has opened it already."""
    return cut_turn(before(text, end), begin, '')


def cut_turn(text: str, begin: str, end: str) -> str:
    """Return what stands between the marks of a turn; a mark that is absent cuts nothing."""
    return before(text.split(begin, 1)[-1] if begin else text, end)


def before(text: str, end: str) -> str:
    """Return what stands before a mark; white space alone is none, since answers have lines."""
    return text.split(end, 1)[0] if end.strip() else text
