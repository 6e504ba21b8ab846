"""Judges programs as whoever runs this: JSON comes in, the verdicts go out."""

import json
import sys
from dataclasses import asdict

from evalkit.sandbox import Case, Limits, Program, judge_all, plan_of

if __name__ == '__main__':
    request = json.load(sys.stdin)
    plan = plan_of(request['mode'], Limits(seconds=request['seconds'], memory_mb=512))
    programs = [
        Program(**{**each, 'cases': tuple(Case(**case) for case in each['cases'])})
        for each in request['programs']
    ]
    json.dump([asdict(verdict) for verdict in judge_all(plan, programs, 4)], sys.stdout)
