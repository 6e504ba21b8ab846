"""The keys of a Hugging Face model config that mean nothing to an engine, with the reasons."""

from collections.abc import Mapping

DROPPED: Mapping[str, str] = {
    'batch_size': 'engines take all requests at once',
    'max_batch_tokens': 'engines take all requests at once',
    'batch_padding': 'engines do not pad',
    'pad_token_id': 'engines do not pad',
    'extract_pred_after_decode': 'it changes nothing',
    'tokenizer_only': 'it is False',
    'use_fastchat_template': 'it is False',
    'tokenizer_kwargs.padding_side': 'engines do not pad',
    'tokenizer_kwargs.truncation_side': 'prompts are cut by `mode` alone',
    'tokenizer_kwargs.truncation': 'prompts are cut by `mode` alone',
    'tokenizer_kwargs.padding': 'engines do not pad',
    'model_kwargs.device_map': 'engines place the weights themselves',
    'model_kwargs.max_memory': 'engines place the weights themselves',
    'model_kwargs.offload_folder': 'engines place the weights themselves',
    'model_kwargs.offload_state_dict': 'engines place the weights themselves',
    'model_kwargs.offload_buffers': 'engines place the weights themselves',
    'model_kwargs.tp_plan': 'run_cfg.num_gpus says over how many GPUs the weights go',
    'model_kwargs.low_cpu_mem_usage': 'engines load the weights in their own way',
    'model_kwargs.use_safetensors': 'engines load the weights in their own way',
    'model_kwargs.weights_only': 'engines load the weights in their own way',
    'model_kwargs.attn_implementation': 'engines have attention of their own',
    'model_kwargs.use_flash_attention_2': 'engines have attention of their own',
    'model_kwargs.experts_implementation': 'engines have kernels of their own',
    'model_kwargs.use_kernels': 'engines have kernels of their own',
    'model_kwargs.use_cache': 'engines always cache',
    'model_kwargs.pad_token_id': 'engines do not pad',
    'model_kwargs.torchscript': 'it changes no answer',
    'model_kwargs.return_dict': 'it changes no answer',
    'model_kwargs.local_files_only': 'for an engine set HF_HUB_OFFLINE=1',
    'model_kwargs.force_download': 'weights are downloaded once',
    'model_kwargs.resume_download': 'it changes nothing any more',
    'model_kwargs.proxies': 'engines read HTTPS_PROXY',
    'peft_kwargs.is_trainable': 'nothing is trained',
    'peft_kwargs.low_cpu_mem_usage': 'engines load the weights in their own way',
    'peft_kwargs.torch_device': 'engines place the weights themselves',
    'peft_kwargs.autocast_adapter_dtype': "the adapter has the model's dtype",
    'peft_kwargs.ephemeral_gpu_offload': 'engines place the weights themselves',
    'peft_kwargs.adapter_name': 'there is one adapter',
}
"""Full names of the keys that are left out; none of them can change an answer."""

OWN_CONFIG = (
    'max_position_embeddings',
    'max_seq_len',
    'rope_parameters',
    'rope_scaling',
    'rope_theta',
    'sliding_window',
)
"""Among `model_kwargs`: what overrides the `config.json` of the model."""

TOKENIZER_TOO = ('trust_remote_code', 'revision', 'cache_dir', 'token', 'local_files_only')
"""Among `model_kwargs`: what also says how the tokenizer is loaded."""

QUANTISATION = ('quantization_config', 'load_in_', 'bnb_4bit_', 'llm_int8_')
"""How the keys among `model_kwargs` begin that quantise the weights."""
