"""Prompter: what an inferencer asks for the prompt of a sample."""

from collections.abc import Mapping, Sequence
from operator import is_not
from typing import Any

from evalkit.config import build
from evalkit.errors import ConfigError
from evalkit.prompts.dialogue import Rendered
from evalkit.prompts.examples import join_examples
from evalkit.prompts.meta_template import MetaTemplate
from evalkit.prompts.raw_template import RawPromptTemplate
from evalkit.prompts.retrievers import BaseRetriever, ZeroRetriever
from evalkit.prompts.template import PromptTemplate
from evalkit.types import Prompt

Row = Mapping[str, Any]
Template = PromptTemplate | RawPromptTemplate


class Prompter:
    """Makes the prompts of a dataset for a model, examples included, as OpenCompass does."""

    def __init__(
        self,
        infer_cfg: Mapping[str, Any],
        reader_cfg: Mapping[str, Any],
        meta_template: Mapping[str, Any] | None,
        is_chat: bool,
    ) -> None:
        self.ice_template = build_template(infer_cfg, 'ice_template')
        template = build_template(infer_cfg, 'prompt_template') or self.ice_template
        if template is None:
            raise ConfigError('infer_cfg needs a prompt_template, an ice_template, or both')
        self.template: Template = template
        self.output_column: str | None = reader_cfg.get('output_column')
        columns = reader_cfg.get('input_columns') or []
        self.input_columns: list[str] = [columns] if isinstance(columns, str) else list(columns)
        self.meta_template = MetaTemplate(meta_template, is_chat)
        retriever_cfg = infer_cfg.get('retriever') or {'type': ZeroRetriever}
        self.retriever: BaseRetriever = build(retriever_cfg)
        self.rendered: dict[int, tuple[Row, Rendered]] = {}
        self.joined: tuple[Sequence[Row], Any, Rendered] = ((), None, '')

    @property
    def labels(self) -> list[Any] | None:
        """The labels that the template has a text for; None where it has one text for all."""
        if self.template.labels is not None or self.ice_template is None:
            return self.template.labels
        return self.ice_template.labels

    def gen_prompt(self, fields: Row, examples: Sequence[Row] = ()) -> Prompt:
        """Return the prompt that the model shall continue; the output column is blank in it."""
        rendered = self.template.render(self._with_output(fields, ''), self._join(examples))
        return self.meta_template.prompt(rendered, 'gen')

    def label_prompt(self, fields: Row, examples: Sequence[Row], label: Any) -> Prompt:
        """Return the prompt that ends with `label` as its answer, to be scored whole."""
        if self.template.labels is None:
            fields = self._with_output(fields, label)
        rendered = self.template.render(fields, self._join(examples, label), label)
        return self.meta_template.prompt(rendered, 'ppl')

    def _with_output(self, fields: Row, value: Any) -> Row:
        return fields if self.output_column is None else {**fields, self.output_column: value}

    def _join(self, examples: Sequence[Row], label: Any = None) -> Rendered:
        """Return the examples as what stands at their place; many samples have the same ones.

        Separators stand only between examples of a template without roles of its own.
        """
        if not examples:
            has_roles = self.ice_template is not None and self.ice_template.has_roles
            return '' if has_roles else self.retriever.ice_eos_token
        known, of, joined = self.joined
        if of != label or len(known) != len(examples) or any(map(is_not, known, examples)):
            joined = self._join_anew(examples, label)
            self.joined = tuple(examples), label, joined
        return joined

    def _join_anew(self, examples: Sequence[Row], label: Any) -> Rendered:
        template = self._example_template(label)
        rendered = [self._rendered(template, row) for row in examples]
        if template.has_roles:
            return join_examples(rendered, '', '')
        return join_examples(rendered, self.retriever.ice_separator, self.retriever.ice_eos_token)

    def _rendered(self, template: Template, row: Row) -> Rendered:
        """Return a row as an example; the same few rows stand before many samples."""
        known = self.rendered.get(id(row))
        if known is None or known[0] is not row:
            known = row, template.render_example(row, self._label_of(row))
            self.rendered[id(row)] = known
        return known[1]

    def _example_template(self, label: Any) -> Template:
        if self.ice_template is None:
            raise ConfigError(
                f'{type(self.retriever).__name__} finds examples, but infer_cfg has no '
                'ice_template to show them with; give one, or use ZeroRetriever'
            )
        if not self.template.takes_examples(label):
            raise ConfigError(
                'the examples have no place in the prompt: put the ice_token into the template '
                f"and name it, as in ice_token='</E>' (it is {self.template.ice_token!r})"
            )
        return self.ice_template

    def _label_of(self, row: Row) -> Any:
        return None if self.output_column is None else row.get(self.output_column)


def build_template(infer_cfg: Mapping[str, Any], key: str) -> Template | None:
    """Build the template under a key of `infer_cfg`, if there is one."""
    template: Template | None = build(infer_cfg[key]) if infer_cfg.get(key) else None
    return template
