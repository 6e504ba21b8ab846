"""Postprocessors turn the text of an output into an answer; these serve several benchmarks."""

from collections.abc import Callable
from typing import Any

from evalkit.postprocessors.final_number import final_number
from evalkit.postprocessors.json_answers import json_field
from evalkit.postprocessors.numbers import first_number_postprocess, number
from evalkit.postprocessors.options import (
    first_capital_postprocess,
    first_capital_postprocess_multi,
    first_option_postprocess,
    last_capital_postprocess,
    last_option_postprocess,
    multiple_select_postprocess,
)
from evalkit.postprocessors.quantities import quantity
from evalkit.postprocessors.text import (
    extract_non_reasoning_content,
    general_cn_postprocess,
    general_postprocess,
    match_answer_pattern,
    think_pred_postprocess,
    xml_tag_postprocessor,
)

think_pred = think_pred_postprocess

POSTPROCESSORS: dict[str, Callable[..., Any]] = {
    'general': general_postprocess,
    'general_cn': general_cn_postprocess,
    'first-capital': first_capital_postprocess,
    'first-capital-multi': first_capital_postprocess_multi,
    'last-capital': last_capital_postprocess,
    'first-option': first_option_postprocess,
    'last-option': last_option_postprocess,
    'multiple-select': multiple_select_postprocess,
    'first-number': first_number_postprocess,
    'think_pred': think_pred_postprocess,
    'extract-non-reasoning-content': extract_non_reasoning_content,
    'specific-xml-tag': xml_tag_postprocessor,
    'match_answer_pattern': match_answer_pattern,
    'json-field': json_field,
    'number': number,
    'final-number': final_number,
}
"""The names by which configs may call them."""

__all__ = [
    'POSTPROCESSORS',
    'extract_non_reasoning_content',
    'final_number',
    'first_capital_postprocess',
    'first_capital_postprocess_multi',
    'first_number_postprocess',
    'first_option_postprocess',
    'general_cn_postprocess',
    'general_postprocess',
    'json_field',
    'last_capital_postprocess',
    'last_option_postprocess',
    'match_answer_pattern',
    'multiple_select_postprocess',
    'number',
    'quantity',
    'think_pred',
    'think_pred_postprocess',
    'xml_tag_postprocessor',
]
