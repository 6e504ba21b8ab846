"""A Hugging Face config with every key, and what each backend makes of it."""

from typing import Any

META_TEMPLATE = {'round': [{'role': 'HUMAN', 'begin': 'Q: '}, {'role': 'BOT', 'generate': True}]}

PLAN: dict[str, Any] = {
    'max_out_len': 1024,
    'min_out_len': 1,
    'generation_kwargs': {'do_sample': False, 'temperature': 0.7, 'num_beams': 1},
    'stop_words': ['<|im_end|>'],
    'run_cfg': {'num_gpus': 2, 'num_procs': 1},
    'meta_template': META_TEMPLATE,
    'pred_postprocessor': {'type': 'think_pred'},
    'summarizer_abbr': 'Llama 3 8B',
}

CHAT: dict[str, Any] = {
    'type': 'evalkit.models.HuggingFacewithChatTemplate',
    'abbr': 'llama-3-8b-instruct-hf',
    'path': 'meta-llama/Meta-Llama-3-8B-Instruct',
    'model_kwargs': {
        'device_map': 'auto',
        'torch_dtype': 'torch.bfloat16',
        'attn_implementation': 'eager',
        'low_cpu_mem_usage': True,
        'max_memory': {0: '75GB', 1: '75GB'},
        'trust_remote_code': True,
        'revision': 'v2',
        'cache_dir': '/cache',
    },
    'tokenizer_path': 'other/tokenizer',
    'tokenizer_kwargs': {
        'padding_side': 'left',
        'truncation_side': 'left',
        'use_fast': False,
    },
    'peft_path': 'adapters/lora',
    'peft_kwargs': {'is_trainable': False},
    'max_seq_len': 4096,
    'pad_token_id': -1,
    'mode': 'mid',
    'batch_size': 8,
    'max_batch_tokens': 16384,
    'chat_template_kwargs': {'enable_thinking': False},
    **PLAN,
}

SHARED: dict[str, Any] = {
    'path': 'meta-llama/Meta-Llama-3-8B-Instruct',
    'tokenizer_path': 'other/tokenizer',
    'tokenizer_kwargs': {
        'trust_remote_code': True,
        'revision': 'v2',
        'cache_dir': '/cache',
        'use_fast': False,
    },
    'lora_path': 'adapters/lora',
    'max_seq_len': 4096,
    'mode': 'mid',
    'chat_template_kwargs': {'enable_thinking': False},
    **PLAN,
}

GOLDEN: dict[str, dict[str, Any]] = {
    'vllm': {
        'type': 'evalkit.models.VLLMwithChatTemplate',
        'abbr': 'llama-3-8b-instruct-vllm',
        'model_kwargs': {
            'dtype': 'bfloat16',
            'trust_remote_code': True,
            'revision': 'v2',
            'download_dir': '/cache',
            'tensor_parallel_size': 2,
        },
        **SHARED,
    },
    'sglang': {
        'type': 'evalkit.models.SGLangwithChatTemplate',
        'abbr': 'llama-3-8b-instruct-sglang',
        'model_kwargs': {
            'dtype': 'bfloat16',
            'trust_remote_code': True,
            'revision': 'v2',
            'download_dir': '/cache',
            'tp_size': 2,
        },
        **SHARED,
    },
    'lmdeploy': {
        'type': 'evalkit.models.TurboMindModelwithChatTemplate',
        'abbr': 'llama-3-8b-instruct-lmdeploy',
        'backend': 'pytorch',
        'engine_config': {
            'dtype': 'bfloat16',
            'revision': 'v2',
            'download_dir': '/cache',
            'tp': 2,
        },
        **SHARED,
    },
    'openai': {
        'type': 'evalkit.models.OpenAISDK',
        'abbr': 'llama-3-8b-instruct-openai',
        **PLAN,
        'run_cfg': {'num_procs': 1},
        'path': 'llama-with-lora',
        'openai_api_base': 'http://127.0.0.1:8000/v1',
        'max_seq_len': 4096,
        'mode': 'mid',
        'tokenizer_path': 'other/tokenizer',
        'extra_body': {'chat_template_kwargs': {'enable_thinking': False}},
    },
}


def base(**keys: Any) -> dict[str, Any]:
    """Return the smallest config of a base model, with more keys."""
    return {
        'type': 'evalkit.models.HuggingFaceBaseModel',
        'abbr': 'opt-hf',
        'path': 'facebook/opt-125m',
        **keys,
    }
