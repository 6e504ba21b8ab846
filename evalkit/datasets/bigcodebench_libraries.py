"""The libraries that BigCodeBench's problems need, and which of them the environment lacks."""

import ast
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evalkit.errors import ConfigError
from evalkit.sandbox import Environment, Program, environment_of, judge_all

VARIABLE = 'EVALKIT_PYTHON_BIGCODEBENCH'

PACKAGES = {
    'Crypto': 'pycryptodome',
    'Levenshtein': 'python-Levenshtein',
    'PIL': 'pillow',
    'bs4': 'beautifulsoup4',
    'cv2': 'opencv-python-headless',
    'dateutil': 'python-dateutil',
    'docx': 'python-docx',
    'flask_login': 'flask-login',
    'flask_mail': 'flask-mail',
    'flask_restful': 'flask-restful',
    'flask_wtf': 'flask-wtf',
    'mpl_toolkits': 'matplotlib',
    'pkg_resources': 'setuptools<81',
    'requests_mock': 'requests-mock',
    'skimage': 'scikit-image',
    'sklearn': 'scikit-learn',
    'werkzeug': 'Werkzeug',
    'wtforms': 'WTForms',
    'yaml': 'PyYAML',
}
"""The packages of modules that are called otherwise."""


@dataclass(frozen=True, slots=True)
class Libraries:
    """The Python that runs programs, and why some modules cannot be imported there."""

    python: str | None = None
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> Environment | None:
        """The environment of the Python that is named; None is evalkit's own."""
        if self.python:
            return environment_of(self.python, 'python of BigCodeBenchEvaluator')
        named = os.environ.get(VARIABLE)
        return environment_of(named, VARIABLE) if named else None

    @property
    def place(self) -> str:
        """The environment, for a message."""
        return self.python or os.environ.get(VARIABLE) or sys.executable

    def lack(self, problem: Mapping[str, Any]) -> str:
        """Say what a problem needs and the environment does not have; '' where it has all."""
        names = [name for name in needed_libraries(problem) if name in self.missing]
        if not names:
            return ''
        packages = ' '.join(repr_of_package(name) for name in names)
        return (
            f'library: {problem["task_id"]} needs {", ".join(names)} ({self.missing[names[0]]}): '
            f'install {packages} in the environment of {self.place}, or name another by {VARIABLE}'
        )


def repr_of_package(name: str) -> str:
    """Return what to install for a module."""
    return PACKAGES.get(name, name)


def needed_libraries(problem: Mapping[str, Any]) -> list[str]:
    """Return the modules that a problem names, or imports in its prompt or its tests."""
    named = problem['libs']
    try:
        libs = ast.literal_eval(named) if isinstance(named, str) else list(named)
    except (ValueError, SyntaxError) as error:
        raise ConfigError(f'{problem["task_id"]}: libs is no list of modules: {named}') from error
    texts = (f'{problem["code_prompt"].rstrip()}\n    pass\n', problem['test'])
    imported = (name for text in texts for name in imports_of(text))
    tops = (str(name).partition('.')[0] for name in (*libs, *imported))
    return [name for name in dict.fromkeys(tops) if name not in sys.stdlib_module_names]


def imports_of(text: str) -> list[str]:
    """Return the modules that a text of the benchmark imports."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:
        return []
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    froms = [node.module for node in nodes if isinstance(node, ast.ImportFrom) if not node.level]
    return [*plain, *filter(None, froms)]


def missing_libraries(
    names: Sequence[str], plan: dict[str, Any], num_workers: int | None
) -> dict[str, str]:
    """Return why modules cannot be imported in the sandbox; those that can are not there."""
    programs = [Program((f'import {name}',)) for name in names]
    verdicts = zip(names, judge_all(plan, programs, num_workers), strict=True)
    return {
        name: f'{verdict.kind}: {verdict.reason}'
        for name, verdict in verdicts
        if verdict.kind != 'passed'
    }
