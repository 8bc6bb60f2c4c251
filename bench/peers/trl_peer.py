"""Runs a trainer of TRL over the measured rows, in their order: model, adapter, arguments, clock, memory."""
import os
import sys
import tempfile

import torch
import transformers
import trl
from datasets import Dataset, disable_progress_bars
from peft import LoraConfig
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

from torch_step import gemm_gflops, peak_resident, resident
from tuning_problem import BATCH, RANK, SETTINGS, Clock, report

__all__ = ["DPOConfig", "DPOTrainer", "Dataset", "SFTConfig", "SFTTrainer", "arguments", "run"]
idle = resident()
transformers.utils.logging.set_verbosity_error()
disable_progress_bars()


def arguments(steps):
    return {
        "output_dir": tempfile.mkdtemp(), "max_steps": steps, "per_device_train_batch_size": BATCH, "use_cpu": True, "bf16": False,
        "gradient_checkpointing": False, "learning_rate": SETTINGS["lr"], "adam_beta2": SETTINGS["betas"][1], "weight_decay": 0.0,
        "lr_scheduler_type": "constant", "max_grad_norm": 1.0, "train_sampling_strategy": "sequential", "save_strategy": "no",
        "report_to": [], "disable_tqdm": True, "logging_steps": 1, "dataloader_pin_memory": False, "seed": 0,
    }


class Timed(transformers.TrainerCallback):
    def __init__(self):
        self.clock, self.losses = Clock(), []

    def on_train_begin(self, *_, **__):
        self.clock.start()

    def on_step_end(self, *_, **__):
        self.clock.lap()

    def on_log(self, args, state, control, logs=None, **_):
        if logs and "loss" in logs:
            self.losses.append(float(logs["loss"]))


def run(name, method, folder, what, threads, made, trainer_of, extra=lambda trainer: 0.0):
    torch.set_num_threads(threads)
    model_folder = os.path.join(folder, "model")
    model = transformers.AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32, attn_pdrop=0.0, embd_pdrop=0.0, resid_pdrop=0.0)
    tokenizer = transformers.AutoTokenizer.from_pretrained(model_folder)
    tokenizer.pad_token = tokenizer.eos_token
    adapter = LoraConfig(r=RANK, lora_alpha=RANK, lora_dropout=0.0, target_modules=["c_attn", "c_proj", "c_fc"], fan_in_fan_out=True, task_type="CAUSAL_LM") if what == "lora" else None
    before, timed = gemm_gflops(), Timed()
    out, sys.stdout = sys.stdout, sys.stderr  # TRL prints its logs
    trainer = trainer_of(model=model, processing_class=tokenizer, peft_config=adapter, callbacks=[timed])
    trainer.train()
    sys.stdout = out
    peak = peak_resident()
    report(f"TRL {trl.__version__} {name}, torch {torch.__version__}", made, method, timed.clock.seconds, timed.losses, before, gemm_gflops(), idle, peak, extra(trainer))
