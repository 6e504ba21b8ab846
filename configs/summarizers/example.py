"""Every dataset, and every group of which there is a part."""

from mmengine.config import read_base

with read_base():
    from .groups.agieval import agieval_summary_groups
    from .groups.bbh import bbh_summary_groups
    from .groups.ceval import ceval_summary_groups
    from .groups.cmmlu import cmmlu_summary_groups
    from .groups.GaokaoBench import GaokaoBench_summary_groups
    from .groups.mmlu import mmlu_summary_groups
    from .groups.mmlu_pro import mmlu_pro_summary_groups
    from .groups.musr import musr_summary_groups

summarizer = dict(
    summary_groups=[
        *agieval_summary_groups,
        *bbh_summary_groups,
        *ceval_summary_groups,
        *cmmlu_summary_groups,
        *GaokaoBench_summary_groups,
        *mmlu_summary_groups,
        *mmlu_pro_summary_groups,
        *musr_summary_groups,
    ],
)
