"""LMDeploy's operators in plain torch: paged attention and LoRA; the rest are its own defaults."""

from typing import Any

import torch
from lmdeploy.pytorch.backends.attention import (
    AttentionImpl,
    AttentionMetadata,
    PagedAttentionBuildSpec,
)
from lmdeploy.pytorch.backends.default import DefaultOpsBackend
from lmdeploy.pytorch.backends.lora import LoRABuildSpec, LoRAImpl


class CpuAttention(AttentionImpl):
    """Attention over a paged cache, one sequence after the other."""

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        k_cache: Any,
        v_cache: Any,
        attn_metadata: Any,
        **_: Any,
    ) -> Any:
        """Write the new keys and values to the cache, and return what the queries attend to."""
        output = query.new_empty(*query.shape[:-1], self.v_head_size)
        begin = 0
        lengths = zip(
            attn_metadata.q_seqlens.tolist(), attn_metadata.kv_seqlens.tolist(), strict=True
        )
        for number, (num_new, num_all) in enumerate(lengths):
            new = slice(begin, begin + num_new)
            blocks, offsets = places(attn_metadata.block_offsets[number], num_all, k_cache.shape[1])
            k_cache[blocks[-num_new:], offsets[-num_new:]] = key[new]
            v_cache[blocks[-num_new:], offsets[-num_new:]] = value[new]
            output[new] = self._attend(
                query[new], k_cache[blocks, offsets], v_cache[blocks, offsets]
            )
            begin += num_new
        return output

    def _attend(self, query: Any, keys: Any, values: Any) -> Any:
        """Return tokens x heads x size; the queries are the last of the keys' tokens."""
        num_new, num_all = len(query), len(keys)
        shared_by = self.num_heads // self.num_kv_heads
        positions = torch.arange(num_all - num_new, num_all)
        attended = torch.nn.functional.scaled_dot_product_attention(
            query.transpose(0, 1)[None],
            keys.transpose(0, 1).repeat_interleave(shared_by, 0)[None],
            values.transpose(0, 1).repeat_interleave(shared_by, 0)[None],
            attn_mask=torch.arange(num_all)[None] <= positions[:, None],
            scale=self.scale,
        )
        return attended[0].transpose(0, 1)


def places(block_numbers: Any, length: int, block_size: int) -> tuple[Any, Any]:
    """Return the block of each token of a sequence and its place there."""
    positions = torch.arange(length)
    return block_numbers.long()[positions // block_size], positions % block_size


class CpuLoRA(LoRAImpl):
    """Adds each sequence's own adapter to the output of a linear layer."""

    def forward(  # noqa: PLR0913 - LMDeploy's signature
        self,
        x: Any,
        lora_A: Any,  # noqa: N803
        lora_B: Any,  # noqa: N803
        base_output: Any,
        adapter_info: Any,
        ctx_mgr: Any,
        colwise: bool,
        is_tp: bool = True,
    ) -> Any:
        """Return `base_output + scaling * x A B`, each sequence with the ranks of its adapter."""
        context = ctx_mgr.current_context()
        inputs = x.reshape(-1, x.shape[-1])
        outputs = base_output.reshape(-1, base_output.shape[-1])
        adapters = context.local_adapter_ids.tolist()
        begin = 0
        for adapter, length in zip(adapters, context.q_seqlens.tolist(), strict=True):
            tokens = slice(begin, begin + length)
            first = int(adapter_info.rank_offsets[adapter])
            ranks = slice(first, first + int(adapter_info.ranks[adapter]))
            delta = inputs[tokens] @ lora_A[ranks].t() @ lora_B[ranks]
            scaling = float(adapter_info.scalings[adapter])
            outputs[tokens, adapter_info.base_slice] += delta * scaling
            begin += length
        return base_output


class CpuOperators(DefaultOpsBackend):
    """LMDeploy's default operators with the two that it has on devices only."""

    @staticmethod
    def get_name() -> str:
        """Return the device's name."""
        return 'cpu'

    @classmethod
    def build_op(cls, spec: Any, *, enable_deterministic: bool = False) -> Any:
        """Return the operator that `spec` describes."""
        if isinstance(spec, PagedAttentionBuildSpec):
            return CpuAttention(
                spec.num_heads,
                spec.head_dim,
                spec.scale,
                spec.num_kv_heads,
                spec.v_head_dim,
                spec.alibi,
                spec.sliding_window,
                spec.logit_softcapping,
                spec.causal,
            )
        if isinstance(spec, LoRABuildSpec):
            return CpuLoRA()
        return super().build_op(spec, enable_deterministic=enable_deterministic)

    @staticmethod
    def get_attention_metadata_cls() -> Any:
        """Return the class of what attention has to know of a batch."""
        return AttentionMetadata

    @classmethod
    def update_step_context(cls, step_context: Any) -> Any:
        """Write down what attention has to know of this batch."""
        step_context.attn_metadata = AttentionMetadata(
            step_context.is_decoding,
            step_context.block_offsets,
            q_start_loc=step_context.q_start_loc,
            q_seqlens=step_context.q_seqlens,
            kv_seqlens=step_context.kv_seqlens,
        )
        return step_context

    @staticmethod
    def ccl_backend() -> str:
        """Return torch's communication on a CPU."""
        return 'gloo'
