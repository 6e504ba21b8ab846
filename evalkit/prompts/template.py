"""PromptTemplate: from a row of a dataset to a text or a dialogue."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalkit.errors import ConfigError
from evalkit.prompts.dialogue import Block, Dialogue, Item, Rendered, Turn, parse_items
from evalkit.prompts.fill import fill, tokens_by_text

SECTIONS = frozenset({'begin', 'round', 'end'})


@dataclass(frozen=True, slots=True)
class Meta:
    """A template that says who speaks: what stands before the rounds, the rounds, and the rest."""

    begin: tuple[Item, ...]
    round: tuple[Item, ...]
    end: tuple[Item, ...]

    def texts(self) -> list[str]:
        """Return every text of the template."""
        items = (*self.begin, *self.round, *self.end)
        return [item.prompt if isinstance(item, Turn) else item for item in items]


Shape = str | Meta


class PromptTemplate:
    """A text with `{column}`s, `dict(begin, round, end)` of turns, or either for each label.

    `ice_token` marks where the in-context examples go: inside a text, or as an item of its own.
    `column_token_map={column: token}` lets other tokens than `{column}` stand for a column.
    `sep_token` is accepted for OpenCompass's configs and removed from the prompt.
    """

    def __init__(
        self,
        template: str | Mapping[Any, Any],
        ice_token: str | None = None,
        column_token_map: Mapping[str, str] | None = None,
        sep_token: str | None = None,
    ) -> None:
        if ice_token is not None and not (isinstance(ice_token, str) and ice_token):
            raise ConfigError(f"ice_token must be a text such as '</E>', not {ice_token!r}")
        self.ice_token = ice_token
        self.sep_token = sep_token
        self.tokens = tokens_by_text(column_token_map)
        self.is_labelled = isinstance(template, Mapping) and not template.keys() <= SECTIONS
        self.shapes = self._parse(template)

    def _parse(self, template: Any) -> dict[Any, Shape]:
        if not self.is_labelled:
            return {None: parse_shape(template, 'template', self.ice_token)}
        return {
            label: parse_shape(shape, f'template[{label!r}]', self.ice_token)
            for label, shape in template.items()
        }

    @property
    def labels(self) -> list[Any] | None:
        """The labels that have a template of their own; None where one template is for all."""
        return list(self.shapes) if self.is_labelled else None

    @property
    def has_roles(self) -> bool:
        """Whether the template as a whole says who speaks, so that no separators are needed."""
        return isinstance(self.shapes.get(None), Meta)

    def takes_examples(self, label: Any = None) -> bool:
        """Whether the examples have a place in the template (of a label)."""
        shape = self.shape(label)
        texts = [shape] if isinstance(shape, str) else shape.texts()
        return self.ice_token is not None and any(self.ice_token in text for text in texts)

    def shape(self, label: Any) -> Shape:
        """Return the template of a label; without a label the first, as OpenCompass does."""
        if not self.is_labelled or label is None:
            return next(iter(self.shapes.values()))
        # A task file is JSON, which makes texts of keys that are numbers.
        for spelling in (label, str(label), json.dumps(label, default=str)):
            if spelling in self.shapes:
                return self.shapes[spelling]
        known = ', '.join(map(repr, self.shapes))
        raise ConfigError(f'there is no template for the label {label!r}; the labels are {known}')

    def render(
        self, row: Mapping[str, Any], examples: Rendered = '', label: Any = None
    ) -> str | Dialogue:
        """Return the prompt of a row with the rendered examples at their place."""
        shape = self.shape(label)
        if isinstance(shape, str):
            return self._fill(shape, row, examples)
        begin = self._items(shape.begin, row, examples)
        end = self._items(shape.end, row, examples)
        return (*begin, *self._rounds(shape.round, row, examples), *end)

    def render_example(self, row: Mapping[str, Any], label: Any = None) -> str | Dialogue:
        """Return a row as a worked example: of a template with roles the rounds alone."""
        shape = self.shape(label)
        if isinstance(shape, str):
            return self._fill(shape, row)
        items = [self._item(item, row) for item in shape.round]
        return (Block(tuple(item for item in items if item != '')),)

    def _rounds(
        self, items: tuple[Item, ...], row: Mapping[str, Any], examples: Rendered
    ) -> Dialogue:
        """Return the rounds as blocks, cut where examples stand between them."""
        parts: list[Block | Turn | str] = []
        current: list[Item] = []
        for item in self._items(items, row, examples):
            if not isinstance(item, Block):
                current.append(item)
                continue
            if current:
                parts.append(Block(tuple(current)))
            parts.append(item)
            current = []
        return (*parts, Block(tuple(current), is_open=True))

    def _items(
        self, items: tuple[Item, ...], row: Mapping[str, Any], examples: Rendered
    ) -> Dialogue:
        parts: list[Block | Turn | str] = []
        for item in items:
            if isinstance(item, str) and isinstance(examples, tuple) and self.ice_token:
                parts += self._splice(item.split(self.ice_token), row, examples)
            else:
                parts.append(self._item(item, row, examples))
        return tuple(parts)

    def _splice(self, pieces: list[str], row: Mapping[str, Any], examples: Dialogue) -> Dialogue:
        """Return the pieces of a text with the examples between them."""
        parts: list[Block | Turn | str] = []
        for number, piece in enumerate(pieces):
            if number:
                parts += examples
            if piece:
                parts.append(self._fill(piece, row))
        return tuple(parts)

    def _item(self, item: Item, row: Mapping[str, Any], examples: Rendered = '') -> Item:
        if isinstance(item, str):
            return self._fill(item, row, examples)
        return item.saying(self._fill(item.prompt, row, examples))

    def _fill(self, text: str, row: Mapping[str, Any], examples: Rendered = '') -> str:
        """Fill a text; the examples are put in as they are, and nothing in them is replaced."""
        if self.sep_token:
            text = text.replace(self.sep_token, '')
        pieces = text.split(self.ice_token) if self.ice_token else [text]
        if len(pieces) > 1 and not isinstance(examples, str):
            raise ConfigError(
                f'{self.ice_token} stands inside a text, but the examples are turns of roles: '
                f'make it an item of its own in `begin`, or give ice_template a text'
            )
        joint = examples if isinstance(examples, str) else ''
        return joint.join(fill(piece, row, self.tokens) for piece in pieces)


def parse_shape(template: Any, place: str, ice_token: str | None) -> Shape:
    """Read a text or `dict(begin, round, end)`."""
    if isinstance(template, str):
        if ice_token and ice_token not in template:
            raise ConfigError(f'{place} has no {ice_token}, the ice_token: {template!r:.80}')
        return template
    if not isinstance(template, Mapping) or 'round' not in template or template.keys() - SECTIONS:
        raise ConfigError(
            f'{place} must be a text, or a dict with `round` and perhaps `begin` and `end`, '
            f'not {template!r:.80}'
        )
    sections = {name: parse_items(template.get(name, ()), f'{place}.{name}') for name in SECTIONS}
    return Meta(**sections)
