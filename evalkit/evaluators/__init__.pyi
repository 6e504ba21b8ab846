from .accuracy import (
    AccEvaluator as AccEvaluator,
)
from .accuracy import (
    AccwithDetailsEvaluator as AccwithDetailsEvaluator,
)
from .accuracy import (
    EMEvaluator as EMEvaluator,
)
from .base import (
    BaseEvaluator as BaseEvaluator,
)
from .base import (
    Metric as Metric,
)
from .base import (
    Scores as Scores,
)
from .base import (
    Unscored as Unscored,
)
from .base import (
    mean_metric as mean_metric,
)
from .bootstrap import bootstrap_stderr as bootstrap_stderr
from .borrowed import BorrowedEvaluator as BorrowedEvaluator
from .cascade import CascadeEvaluator as CascadeEvaluator
from .cascade import build_evaluator as build_evaluator
from .circular import CircularEvaluator as CircularEvaluator
from .code import CodeEvaluator as CodeEvaluator
from .ifeval import IFEvaluator as IFEvaluator
from .judged import (
    GenericLLMEvaluator as GenericLLMEvaluator,
)
from .judged import (
    JudgedEvaluator as JudgedEvaluator,
)
from .judged import (
    LMEvaluator as LMEvaluator,
)
from .llama_factory import LlamaFactoryEvaluator as LlamaFactoryEvaluator
from .math import MATHVerifyEvaluator as MATHVerifyEvaluator
from .nearest import EDAccEvaluator as EDAccEvaluator
from .noted import (
    ExplainedScores as ExplainedScores,
)
from .noted import (
    NotedScores as NotedScores,
)
from .noted import (
    explanation as explanation,
)
from .overlap import SquadEvaluator as SquadEvaluator
from .passes import pass_metrics as pass_metrics
from .ratio import ratio_metric as ratio_metric
from .text import (
    BleuEvaluator as BleuEvaluator,
)
from .text import (
    JiebaRougeEvaluator as JiebaRougeEvaluator,
)
from .text import (
    RougeEvaluator as RougeEvaluator,
)
from .verdicts import (
    VerdictError as VerdictError,
)
from .verdicts import (
    Verdicts as Verdicts,
)
from .verdicts import (
    generic_llmjudge_academic_postprocess as generic_llmjudge_academic_postprocess,
)
from .verdicts import (
    generic_llmjudge_postprocess as generic_llmjudge_postprocess,
)
from .workers import KillableEvaluator as KillableEvaluator
