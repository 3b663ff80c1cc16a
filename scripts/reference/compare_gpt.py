#!/usr/bin/env python3
"""The first losses of configs/language/char-gpt-384.json in PyTorch, from dlcli's own initial weights on its batches.

    dlcli train configs/language/char-gpt-384.json --set training.steps=0 --output runs/gpt-start
    dlcli train configs/language/char-gpt-384.json --set training.steps=50 --set training.log_every_steps=1 --set training.shuffle=false \\
        --set data.train.stride=256 --set training.optimizer.learning_rate=0.0003 --output runs/gpt-50
    scripts/reference/compare_gpt.py data/tinyshakespeare/input.txt runs/gpt-start/checkpoints/last.safetensors runs/gpt-50/metrics.jsonl

Needs torch and safetensors. Prints both losses of the steps that the log has and the largest relative difference.
"""
import json
import sys

import torch
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy, gelu, layer_norm, scaled_dot_product_attention

LENGTH, ROWS, HEADS, BLOCKS = 256, 8, 6, 6


def logits(w, tokens):
    x = w["characters/embeddings"][tokens] + w["position_embedding_1/embeddings"][: tokens.shape[1]]
    width = x.shape[-1]
    for block in range(1, BLOCKS + 1):
        name = f"transformer_encoder_{block}"
        y = layer_norm(x, (width,), w[f"{name}/attention_norm/gamma"], None, 1e-5)
        parts = (y @ w[f"{name}/attention/query_key_value_kernel"]).chunk(3, dim=-1)
        heads = [part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in parts]
        y = scaled_dot_product_attention(*heads, is_causal=True).transpose(1, 2).flatten(2)
        x = x + y @ w[f"{name}/attention/output_kernel"]
        y = layer_norm(x, (width,), w[f"{name}/feed_forward_norm/gamma"], None, 1e-5)
        x = x + gelu(y @ w[f"{name}/feed_forward/intermediate_kernel"]) @ w[f"{name}/feed_forward/output_kernel"]
    x = layer_norm(x, (width,), w["layer_normalization_1/gamma"], None, 1e-5)
    return x @ w["characters/embeddings"].T + w.get("logits/bias", 0)


def main():
    text_file, weights_file, log_file = sys.argv[1:]
    text = open(text_file).read()
    letters = {letter: number for number, letter in enumerate(sorted(set(text)))}
    tokens = torch.tensor([letters[letter] for letter in text])[: int(0.9 * len(text))]
    w = {name: value.requires_grad_() for name, value in load_file(weights_file).items()
         if not name.startswith(("optimizer/", "average/", "carried/"))}
    gammas = [value for name, value in w.items() if name.endswith("gamma")]
    others = [value for name, value in w.items() if not name.endswith("gamma")]
    optimizer = torch.optim.AdamW(
        [{"params": others, "weight_decay": 0.1}, {"params": gammas, "weight_decay": 0}],
        lr=0.0003, betas=(0.9, 0.99))
    wanted = {}
    for line in open(log_file):
        entry = json.loads(line)
        if entry.get("split") in ("batch", "train") and "loss" in entry and "step" in entry:
            wanted.setdefault(entry["step"], entry["loss"])
    worst = 0.0
    for step in range(1, max(wanted) + 1):
        first = (step - 1) * ROWS * LENGTH
        rows = torch.arange(ROWS)[:, None] * LENGTH + torch.arange(LENGTH) + first
        loss = cross_entropy(logits(w, tokens[rows]).flatten(0, 1), tokens[rows + 1].flatten())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(w.values()), 1)
        optimizer.step()
        if step in wanted:
            apart = abs(wanted[step] - loss.item()) / loss.item()
            worst = max(worst, apart)
            print(f"step {step}: {wanted[step]:.6f}, PyTorch {loss.item():.6f}", flush=True)
    print(f"largest relative difference {worst:.1e}")


if __name__ == "__main__":
    main()
