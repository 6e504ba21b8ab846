"""What vLLM, SGLang and LMDeploy share: an engine that batches by itself is kept full."""

from evalkit.models.engine.model import EngineModel
from evalkit.models.engine.port import EnginePort, Generated, Job, Output, Scored

__all__ = ['EngineModel', 'EnginePort', 'Generated', 'Job', 'Output', 'Scored']
