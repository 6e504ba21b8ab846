"""Writes the models of the tests; a process of its own, since it needs torch and transformers."""

import json
import sys
from pathlib import Path

from tests.tiny_model import save_tiny_llama


def save_hostile_sampling(model: Path) -> None:
    """Let the model's own file ask for all that evalkit does not ask for."""
    path = model / 'generation_config.json'
    content = json.loads(path.read_text()) if path.exists() else {}
    wild = {'do_sample': True, 'temperature': 5.0, 'top_k': 7, 'repetition_penalty': 3.0}
    path.write_text(json.dumps({**content, **wild, 'max_new_tokens': 2}))


def save_adapter(model: Path, adapter: Path, merged: Path) -> None:
    """Write a LoRA adapter of `model` with random weights, and the model with it merged."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.manual_seed(1)
    modules = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']
    config = LoraConfig(r=8, lora_alpha=16, target_modules=modules, task_type='CAUSAL_LM')
    tuned = get_peft_model(AutoModelForCausalLM.from_pretrained(model), config)
    for name, weight in tuned.named_parameters():
        if 'lora_B' in name:
            torch.nn.init.normal_(weight, std=0.2)
    tuned.save_pretrained(adapter)
    tuned.merge_and_unload().save_pretrained(merged)
    AutoTokenizer.from_pretrained(model).save_pretrained(merged)


def main() -> None:
    """Write all models into the folder given."""
    folder = Path(sys.argv[1])
    model = save_tiny_llama(folder / 'model')
    save_hostile_sampling(model)
    save_adapter(model, folder / 'adapter', folder / 'merged')


if __name__ == '__main__':
    main()
