"""Reads the files that a config consists of, before anything in them is executed.

A config that cannot work (a syntax error, a missing or cyclic base, an absurd range) is told by
file and line here; mmengine would answer with an empty error, or not at all.
"""

import ast
import importlib.util
import warnings
from collections.abc import Iterator
from pathlib import Path

from evalkit.config.secrets import blot
from evalkit.config.suggest import no_such_file
from evalkit.errors import ConfigError

REPOSITORY = Path(__file__).parents[2]
"""The folder of the `evalkit` package, which has the shipped `configs/` beside it."""

MAX_RANGE = 1_000_000
"""A config that counts further than this is a mistake: it would fill the memory."""


def check_sources(path: Path, chain: tuple[Path, ...] = ()) -> set[Path]:
    """Return the resolved paths of a config and of all its bases, or raise `ConfigError`."""
    resolved = path.resolve()
    chain = (*chain, resolved)
    tree = parse(path)
    check_ranges(tree, path)
    check_imports(tree, path)
    files = {resolved}
    for line, base in base_files(tree, path):
        if not base.is_file():
            raise ConfigError(f'{path}:{line}: read_base: {no_such_file(base)}')
        if base.resolve() in chain:
            circle = [*chain[chain.index(base.resolve()) :], base]
            names = ' -> '.join(file.name for file in circle)
            raise ConfigError(f'{path}:{line}: the bases go round in a circle: {names}')
        files |= check_sources(base, chain)
    return files


def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a config file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')  # '\d' in a prompt is the config's own business
            return ast.parse(path.read_text(encoding='utf-8'), str(path))
    except SyntaxError as error:
        if error.lineno is None:
            raise ConfigError(f'{path}: this is not a Python file: {error.msg}') from error
        text = blot((error.text or '').strip())
        raise ConfigError(f'{path}:{error.lineno}: {error.msg}: {text}') from error
    except ValueError as error:  # not UTF-8, or a null byte
        raise ConfigError(f'{path}: this is not a Python file: {error}') from error
    except OSError as error:
        raise ConfigError(f'{path}: cannot be read: {error.strerror}') from error


def base_files(tree: ast.Module, path: Path) -> Iterator[tuple[int, Path]]:
    """Yield the line and the file of each import inside `with read_base():`."""
    for block in tree.body:
        if not isinstance(block, ast.With):
            continue
        if 'read_base' not in ast.unparse(block.items[0]):
            raise ConfigError(f'{path}:{block.lineno}: the only `with` of a config is read_base()')
        for node in block.body:
            if not isinstance(node, ast.ImportFrom) or not node.module:
                raise ConfigError(
                    f'{path}:{node.lineno}: only `from .x import y` can stand inside read_base()'
                )
            yield node.lineno, base_file(node.module, node.level, path)


def base_file(module: str, level: int, path: Path) -> Path:
    """Return the file that a base import means, whether it exists or not."""
    parts = module.split('.')
    if level:
        folder = path.parent.joinpath(*['..'] * (level - 1))
    else:
        folder = installed_path(parts.pop(0))
    return folder.joinpath(*parts).with_suffix('.py')


def installed_path(package: str) -> Path:
    """Return the folder that an absolute base import of `package` is looked up in.

    `configs` is the folder of that name in the current folder, else the shipped one; where
    OpenCompass is not installed, `opencompass.configs` is the shipped one too.
    """
    if package == 'configs':
        here = Path.cwd() / 'configs'
        return here if here.is_dir() else REPOSITORY / 'configs'
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    if package == 'opencompass':
        return REPOSITORY
    return Path.cwd() / package


def check_imports(tree: ast.Module, path: Path) -> None:
    """Refuse the two kinds of import that a lazy config cannot have."""
    plain = [node for node in tree.body if not isinstance(node, ast.With)]
    for node in ast.walk(ast.Module(plain, [])):
        if isinstance(node, ast.Import) and len(node.names) > 1:
            lines = '; '.join(f'import {alias.name}' for alias in node.names)
            raise ConfigError(f'{path}:{node.lineno}: one module an import: {lines}')
        if isinstance(node, ast.ImportFrom) and node.names[0].name == '*':
            raise ConfigError(
                f'{path}:{node.lineno}: {ast.unparse(node)} can only stand '
                'inside `with read_base():`, for another config'
            )


def check_ranges(tree: ast.Module, path: Path) -> None:
    """Refuse a `range` of constants that no evaluation can mean."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id == 'range' and any(constant(arg) > MAX_RANGE for arg in node.args):
            raise ConfigError(
                f'{path}:{node.lineno}: {ast.unparse(node)}: a range in a config '
                f'must not exceed {MAX_RANGE}'
            )


def constant(node: ast.expr) -> float:
    """Return the value of a number, of a product or of a power of numbers; else 0."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(min(node.value, 10 * MAX_RANGE))
    if not isinstance(node, ast.BinOp):
        return 0
    left, right = constant(node.left), constant(node.right)
    if isinstance(node.op, ast.Mult):
        return left * right
    if isinstance(node.op, ast.Pow) and left > 1:
        return float(left ** min(right, 30))
    return 0
