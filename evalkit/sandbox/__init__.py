"""Runs code that a model wrote where it can do no harm (docs/code.md)."""

from evalkit.sandbox.choice import MODES, SAFE_MODES, choose_mode, why_not
from evalkit.sandbox.crew import judge_all
from evalkit.sandbox.environment import Environment, environment_of
from evalkit.sandbox.plans import plan_of
from evalkit.sandbox.program import Case, Limits, Program, Verdict

__all__ = [
    'MODES',
    'SAFE_MODES',
    'Case',
    'Environment',
    'Limits',
    'Program',
    'Verdict',
    'choose_mode',
    'environment_of',
    'judge_all',
    'plan_of',
    'why_not',
]
