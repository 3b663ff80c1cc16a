#!/usr/bin/env python3
"""Losses of PyTorch from dlcli's own initial weights, on the same batches.

    python scripts/reference/make_training_references.py .build/release/dlcli

Needs torch, numpy and safetensors. Writes Tests/TrainingTests/Fixtures/parity.json: for every configuration in
Tests/TrainingTests/Parity the losses of its first 20 steps. The images follow from a formula that the test has too.

Adam divides each gradient by its own size, rounding included: at rate 1e-3 PyTorch's convnet in float32 is up to 8e-4
from its own in float64 within these 20 steps, at 5e-4 it is 1e-5. The convnet trains at the latter.
"""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn import functional as F

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Tests", "TrainingTests")
ROWS = 2560


def images():
    """Stripes that tell the class under noise of a 32-bit hash, so that no two pixels of a pooling window tie by rule."""
    row = np.arange(ROWS, dtype=np.uint64)[:, None, None]
    label = np.arange(ROWS) % 10
    y, x = np.mgrid[0:28, 0:28].astype(np.uint64)
    noise = ((row * 784 + y * 28 + x) * 2654435761) % 2**32
    noise ^= noise >> 15
    noise = noise * 2246822519 % 2**32
    noise ^= noise >> 13
    stripes = (y * (label[:, None, None].astype(np.uint64) + 1) + x * 3) // 4 % 32
    return (noise % 128 + stripes * 4).astype(np.uint8), label.astype(np.uint8)


def write_data(folder):
    pixels, labels = images()
    with open(os.path.join(folder, "images.idx"), "wb") as file:
        file.write(struct.pack(">IIII", 2051, ROWS, 28, 28) + pixels.tobytes())
    with open(os.path.join(folder, "labels.idx"), "wb") as file:
        file.write(struct.pack(">II", 2049, ROWS) + labels.tobytes())


def initial_weights(dlcli, name, folder):
    config = shutil.copy(os.path.join(TESTS, "Parity", f"{name}.json"), folder)
    run = os.path.join(folder, f"run-{name}")
    subprocess.run([dlcli, "train", config, "--set", "training.steps=0", "--output", run, "--quiet"], check=True)
    weights = load_file(os.path.join(run, "checkpoints", "last.safetensors"))
    return {k: v.clone().requires_grad_() for k, v in weights.items() if not k.startswith("optimizer/")}


def convolution(x, w, name):
    return F.relu(F.conv2d(x, w[f"{name}/kernel"].permute(3, 2, 0, 1), w[f"{name}/bias"]))


def dense(x, w, name):
    return x @ w[f"{name}/kernel"] + w[f"{name}/bias"]


def convnet(x, w):
    x = F.max_pool2d(convolution(x.permute(0, 3, 1, 2), w, "conv2d_1"), 2)
    x = F.max_pool2d(convolution(x, w, "conv2d_2"), 2)
    x = convolution(x, w, "conv2d_3").permute(0, 2, 3, 1).flatten(1)
    return dense(F.relu(dense(x, w, "dense_1")), w, "logits")


def mlp(x, w):
    x = F.relu(dense(x.flatten(1), w, "dense_1"))
    return dense(torch.tanh(dense(x, w, "dense_2")), w, "logits")


def lstm(x, w):
    x = x.reshape(-1, 28, 28)
    kernel, recurrent, bias = (w[f"lstm_1/{n}"] for n in ("kernel", "recurrent_kernel", "bias"))
    states = torch.zeros(2, 1, len(x), recurrent.shape[0])
    weights = [kernel.T.contiguous(), recurrent.T.contiguous(), bias, torch.zeros_like(bias)]
    outputs, _, _ = torch._VF.lstm(x, tuple(states), weights, True, 1, 0.0, True, False, True)
    return dense(outputs[:, -1], w, "logits")


def losses(model, weights, rate):
    pixels, labels = images()
    x = torch.tensor(pixels).unsqueeze(-1).float() / 255
    y = torch.tensor(labels).long()
    optimizer = torch.optim.Adam(weights.values(), lr=rate)
    result = []
    for step in range(20):
        rows = slice(step * 128, step * 128 + 128)
        loss = F.cross_entropy(model(x[rows], weights), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        result.append(loss.item())
    return result


def main():
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        write_data(folder)
        result = {
            name: losses(model, initial_weights(sys.argv[1], name, folder), rate)
            for name, model, rate in [("convnet", convnet, 5e-4), ("mlp", mlp, 1e-3), ("lstm", lstm, 1e-3)]
        }
    path = os.path.join(TESTS, "Fixtures", "parity.json")
    with open(path, "w") as file:
        json.dump({"made_by": f"PyTorch {torch.__version__}", **result}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
