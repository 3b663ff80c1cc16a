#!/usr/bin/env python3
"""From the start of a process to the end of its first training step: PyTorch, and dlcli beside it.

    python scripts/reference/first_step.py convnet|gpt-char [--threads N]        PyTorch takes one step
    python scripts/reference/first_step.py --against .build/release/dlbench [--threads N] [--rounds 5]

The second form runs both in turn, for convnet and gpt-char of configs/bench, and prints a line of JSON for each: the
medians over the rounds of the seconds from start to exit, and their ratio. PyTorch's is a small program: its import, the
model, one random batch, one step.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def convnet(torch):
    nn = torch.nn
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten(), nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.Adam(model.parameters())
    loss = nn.functional.cross_entropy(model(torch.randn(128, 1, 28, 28)), torch.randint(10, (128,)))
    loss.backward()
    optimizer.step()
    return loss


def gpt_char(torch):
    nn, F = torch.nn, torch.nn.functional

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm_1, self.norm_2 = nn.LayerNorm(128, bias=False), nn.LayerNorm(128, bias=False)
            self.qkv, self.output = nn.Linear(128, 384, bias=False), nn.Linear(128, 128, bias=False)
            self.inner, self.outer = nn.Linear(128, 512, bias=False), nn.Linear(512, 128, bias=False)

        def forward(self, x):
            q, k, v = (t.unflatten(-1, (4, 32)).transpose(1, 2) for t in self.qkv(self.norm_1(x)).chunk(3, -1))
            heard = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.output(heard.transpose(1, 2).flatten(2))
            return x + self.outer(F.gelu(self.inner(self.norm_2(x))))

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.words, self.places = nn.Embedding(65, 128), nn.Embedding(64, 128)
            self.blocks, self.norm = nn.Sequential(*(Block() for _ in range(4))), nn.LayerNorm(128, bias=False)

        def forward(self, tokens):
            x = self.blocks(self.words(tokens) + self.places.weight)
            return self.norm(x) @ self.words.weight.T

    model = GPT()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1)
    tokens, after = torch.randint(65, (12, 64)), torch.randint(65, (12, 64))
    loss = F.cross_entropy(model(tokens).flatten(0, 1), after.flatten())
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1)
    optimizer.step()
    return loss


WORKLOADS = {"convnet": convnet, "gpt-char": gpt_char}


def timed(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def compare(options):
    for name in WORKLOADS:
        ours = [options.against, os.path.join(ROOT, "configs", "bench", f"{name}.json"), "--steps", "1"]
        theirs = [sys.executable, os.path.abspath(__file__), name]
        threads = ["--threads", str(options.threads)]
        times = [(timed(ours + threads), timed(theirs + threads)) for _ in range(options.rounds + 1)][1:]
        dlcli, torch = (statistics.median(side) for side in zip(*times))
        print(json.dumps({
            "workload": name, "threads": options.threads, "rounds": options.rounds, "dlcli_s": round(dlcli, 4),
            "torch_s": round(torch, 4), "ratio": round(torch / dlcli, 1),
        }), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workload", nargs="?", choices=WORKLOADS)
    parser.add_argument("--against")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if options.against:
        return compare(options)
    if options.workload is None:
        parser.error("a workload or --against is needed")
    # Before the import, which starts the threads.
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    import torch
    torch.set_num_threads(options.threads)
    print(WORKLOADS[options.workload](torch).item())


if __name__ == "__main__":
    main()
