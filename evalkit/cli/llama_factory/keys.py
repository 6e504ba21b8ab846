"""The keys of LLaMA-Factory's YAML files: what each means here, or why it means nothing."""

from collections.abc import Mapping

NEEDED = ('model_name_or_path', 'eval_dataset')

MAPPED = (
    *NEEDED,
    'stage',
    'do_predict',
    'do_train',
    'adapter_name_or_path',
    'template',
    'default_system',
    'enable_thinking',
    'dataset_dir',
    'cutoff_len',
    'max_samples',
    'max_new_tokens',
    'do_sample',
    'temperature',
    'top_p',
    'top_k',
    'repetition_penalty',
    'num_beams',
    'seed',
    'per_device_eval_batch_size',
    'output_dir',
    'trust_remote_code',
    'model_revision',
    'cache_dir',
    'hf_hub_token',
    'infer_dtype',
    'bf16',
    'fp16',
    'flash_attn',
)
"""What has a counterpart here."""

TRAINING = 'it says how to train'
LOADING = 'evalkit loads and asks in its own way'
REPORTS = 'evalkit reports in its own way'

MEANINGLESS: Mapping[str, tuple[str, ...]] = {
    TRAINING: (
        'dataset', 'val_size', 'finetuning_type', 'lora_rank', 'lora_alpha', 'lora_dropout',
        'lora_target', 'loraplus_lr_ratio', 'use_rslora', 'use_dora', 'pissa_init',
        'create_new_adapter', 'additional_target', 'freeze_trainable_layers',
        'freeze_trainable_modules', 'per_device_train_batch_size', 'gradient_accumulation_steps',
        'learning_rate', 'num_train_epochs', 'max_steps', 'lr_scheduler_type',
        'lr_scheduler_kwargs', 'warmup_ratio',
        'warmup_steps', 'weight_decay', 'max_grad_norm', 'optim', 'adam_beta1', 'adam_beta2',
        'gradient_checkpointing', 'disable_gradient_checkpointing', 'packing', 'neat_packing',
        'train_on_prompt', 'mask_history', 'neftune_noise_alpha', 'use_galore', 'use_badam',
        'save_steps', 'save_strategy', 'save_total_limit', 'save_only_model', 'eval_steps',
        'eval_strategy', 'do_eval', 'resume_from_checkpoint', 'deepspeed', 'fsdp', 'fsdp_config',
        'ddp_timeout', 'ddp_find_unused_parameters', 'group_by_length', 'shift_attn',
        'enable_liger_kernel', 'use_unsloth', 'upcast_layernorm', 'upcast_lmhead_output',
        'buffer_size', 'mix_strategy', 'interleave_probs', 'ignore_pad_token_for_loss',
        'compute_accuracy', 'eval_on_each_dataset', 'length_penalty', 'resize_vocab',
    ),
    LOADING: (
        'predict_with_generate', 'preprocessing_num_workers', 'preprocessing_batch_size',
        'dataloader_num_workers', 'dataloader_pin_memory', 'overwrite_cache', 'streaming',
        'data_shared_file_system', 'use_fast_tokenizer', 'low_cpu_mem_usage', 'device_map',
        'use_cache', 'offload_folder', 'use_cpu', 'no_cuda', 'eval_accumulation_steps',
        'infer_backend', 'vllm_maxlen', 'vllm_gpu_util', 'vllm_enforce_eager', 'vllm_max_lora_rank',
        'vllm_config', 'sglang_maxlen', 'sglang_mem_fraction', 'sglang_tp_size', 'sglang_config',
        'skip_special_tokens', 'split_special_tokens', 'max_length', 'print_param_status',
        'local_rank', 'remove_unused_columns', 'full_determinism', 'data_seed', 'tf32',
        'jit_mode_eval',
    ),
    REPORTS: (
        'overwrite_output_dir', 'report_to', 'run_name', 'logging_steps', 'logging_dir',
        'logging_strategy', 'logging_first_step', 'log_level', 'plot_loss', 'disable_tqdm',
        'include_num_input_tokens_seen', 'push_to_hub', 'export_dir', 'export_size',
        'export_device', 'export_legacy_format',
    ),
}  # fmt: skip
"""What changes no answer, by the reason why."""

REFUSED: Mapping[str, str] = {
    'quantization_bit': 'write a config with model_kwargs=dict(load_in_4bit=True) or load_in_8bit',
    'quantization_method': 'write a config with the quantisation among its model_kwargs',
    'rope_scaling': 'write it into the config.json of the model',
    'tokenized_path': 'evalkit renders and tokenises the prompts itself: name the dataset',
    'media_dir': 'evalkit asks with texts only',
    'image_max_pixels': 'evalkit asks with texts only',
    'tool_format': "tools are written as the tokenizer's chat template does: leave it out",
    'new_special_tokens': 'save the tokenizer with its new tokens beside the model',
    'add_tokens': 'save the tokenizer with its new tokens beside the model',
    'use_adapter_as_model': 'name the adapter with adapter_name_or_path',
    'ref_model': 'it is for preference training',
    'reward_model': 'it is for preference training',
    'mixture_of_depths': 'the classes that LLaMA-Factory makes of the model are not here',
}
"""What would change the answers and has no counterpart, with what to do."""

KNOWN = (*MAPPED, *(key for keys in MEANINGLESS.values() for key in keys), *REFUSED)

DEFAULTS: Mapping[str, object] = {
    'do_sample': True,
    'temperature': 0.95,
    'top_p': 0.7,
    'top_k': 50,
    'max_new_tokens': 1024,
    'repetition_penalty': 1.0,
    'seed': 42,
}
"""How LLaMA-Factory generates where the file does not say it."""
