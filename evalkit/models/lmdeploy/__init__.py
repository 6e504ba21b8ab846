"""The LMDeploy backend (https://lmdeploy.readthedocs.io), with TurboMind or its PyTorch engine."""

from evalkit.models.lmdeploy.model import TurboMindModel, TurboMindModelwithChatTemplate

__all__ = ['TurboMindModel', 'TurboMindModelwithChatTemplate']
