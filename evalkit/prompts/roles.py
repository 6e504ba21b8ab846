"""The roles that a meta template declares, and the rounds that they take part in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.prompts.dialogue import Block, Turn

Round = dict[str, Turn]
"""What each role says in a round, by the name of the role."""


@dataclass(frozen=True, slots=True)
class Role:
    """How a model marks the turns of a role; `generate` is the one that the model speaks as."""

    role: str
    begin: str = ''
    end: str = ''
    prompt: str = ''
    api_role: str | None = None
    generate: bool = False


@dataclass(frozen=True, slots=True)
class Utterance:
    """A turn with the marks of its role; an open one is for the model to finish."""

    role: Role
    begin: str
    prompt: str
    end: str
    is_open: bool = False

    @property
    def text(self) -> str:
        """The turn as text; of an open one only what stands before the model's words."""
        return self.begin if self.is_open else self.begin + self.prompt + self.end


class Roles:
    """The `round` and `reserved_roles` of a meta template."""

    def __init__(self, in_round: Sequence[Any], reserved: Sequence[Any] = ()) -> None:
        self.round = tuple(parse_role(item, f'round[{i}]') for i, item in enumerate(in_round))
        others = [parse_role(item, f'reserved_roles[{i}]') for i, item in enumerate(reserved)]
        declared = [role for role in (*self.round, *others) if isinstance(role, Role)]
        self.by_name = {role.role: role for role in declared}
        if len(self.by_name) < len(declared):
            names = ', '.join(role.role for role in declared)
            raise ConfigError(f'meta_template declares a role twice: {names}')
        self.positions = {
            role.role: position
            for position, role in enumerate(self.round)
            if isinstance(role, Role)
        }

    def role_of(self, turn: Turn) -> Role:
        """Return the role that speaks a turn, or its fallback."""
        for name in (turn.role, turn.fallback_role):
            if name in self.by_name:
                return self.by_name[name]
        hint = did_you_mean(turn.role, self.by_name)
        raise ConfigError(
            f"the model's meta_template has no role {turn.role!r} (it has "
            f'{", ".join(self.by_name)}) and the template names no fallback_role for it{hint}'
        )

    def speak(self, turn: Turn) -> Utterance:
        """Return a turn outside of the rounds."""
        return utterance(self.role_of(turn), turn)

    def rounds(self, block: Block) -> Iterator[Round | Turn]:
        """Cut a block into rounds: one ends where a role speaks that does not come later in it.

        A reserved role, which has no place in a round, comes as a turn between two rounds.
        """
        current: Round = {}
        last = -1
        for turn in block.items:
            if isinstance(turn, str):
                continue
            name = self.role_of(turn).role
            position = self.positions.get(name, -1)
            if position <= last and current:
                yield current
                current = {}
            last = position
            if position < 0:
                yield turn
            else:
                current[name] = turn
        if current or block.is_open:
            yield current

    def speak_round(self, turns: Round, is_open: bool) -> Iterator[str | Utterance]:
        """Yield a round in the order of the meta template, with what it puts between the roles.

        A role that says nothing speaks all the same, as in OpenCompass. An open round ends with
        the open turn of the generating role.
        """
        for role in self.round:
            if isinstance(role, str):
                yield role
                continue
            stops = is_open and role.generate
            yield utterance(role, turns.get(role.role), is_open=stops)
            if stops:
                return


def utterance(role: Role, turn: Turn | None, is_open: bool = False) -> Utterance:
    """Join a role's marks with a turn, whose own marks go first."""
    if turn is None:
        return Utterance(role, role.begin, role.prompt, role.end, is_open)
    begin = role.begin if turn.begin is None else turn.begin
    end = role.end if turn.end is None else turn.end
    return Utterance(role, begin, turn.prompt, end, is_open)


ROLE_KEYS = [field.name for field in fields(Role)]


def parse_role(item: Any, place: str) -> Role | str:
    """Read `dict(role, begin, end, api_role, generate)`, or a text between two roles."""
    if isinstance(item, str):
        return item
    if not isinstance(item, Mapping) or not isinstance(item.get('role'), str):
        raise ConfigError(f'meta_template.{place} must be dict(role, begin, end), not {item!r:.80}')
    for key, value in item.items():
        if key not in ROLE_KEYS:
            hint = did_you_mean(key, ROLE_KEYS, otherwise=f'; it has {", ".join(ROLE_KEYS)}')
            raise ConfigError(f'meta_template.{place} has no key {key!r}{hint}')
        if key != 'generate' and value is not None and not isinstance(value, str):
            raise ConfigError(f'meta_template.{place}.{key} must be a text, not {value!r:.80}')
    return Role(**{key: value for key, value in item.items() if value is not None})
