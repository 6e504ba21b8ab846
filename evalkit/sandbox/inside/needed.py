"""Which statements of a program a name needs: its definition, what that needs, and all imports.

Examples of use, prints and the like that a model writes below its function are left out, as
BigCodeBench does it (https://arxiv.org/abs/2406.15877).
"""

from __future__ import annotations

import ast

IMPORTS = (ast.Import, ast.ImportFrom)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign)


def needed_by(name: str, text: str) -> ast.Module:
    """Return what a name needs of a program, in its order and with its lines."""
    tree = ast.parse(text, '<solution>')
    uses: dict[str, set[str]] = {}
    for statement in tree.body:
        for defined in defined_by(statement):
            uses.setdefault(defined, set()).update(names_in(statement))
    reached = reachable(name, uses)
    body = [each for each in tree.body if is_needed(each, reached)]
    return ast.Module(body=body, type_ignores=[])


def defined_by(statement: ast.stmt) -> set[str]:
    """Return the names that a statement at the top of a program gives a meaning."""
    if isinstance(statement, DEFINITIONS):
        return {statement.name}
    if not isinstance(statement, ASSIGNMENTS):
        return set()
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    stored = (node for target in targets for node in ast.walk(target))
    return {
        node.id for node in stored if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def names_in(statement: ast.stmt) -> set[str]:
    """Return all names that a statement mentions."""
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def reachable(name: str, uses: dict[str, set[str]]) -> set[str]:
    """Return a name with those that it uses, and that these use, and so on."""
    reached: set[str] = set()
    todo = {name}
    while todo:
        reached |= todo
        todo = {used for each in todo for used in uses.get(each, ())} - reached
    return reached


def is_needed(statement: ast.stmt, reached: set[str]) -> bool:
    """Whether a statement is kept."""
    return isinstance(statement, IMPORTS) or bool(defined_by(statement) & reached)
