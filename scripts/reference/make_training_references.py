#!/usr/bin/env python3
"""Losses of PyTorch for the workloads of configs/bench, from weights and on batches that follow from formulas.

    python scripts/reference/make_training_references.py [WORKLOAD ...]

Needs torch and numpy. Writes Tests/TrainingTests/Fixtures/parity.json: for each workload the losses of its first steps
in double precision, and how far from them those in single precision may be. ParityRun.swift has the same formulas.
Where workloads are named only theirs are made anew.

What tells a mistake from rounding is how far PyTorch in float32 stays from itself in float64. That is measured on four
runs, three of which begin with weights wrong in their last bit; ten times the largest distance up to a step, and no
less than 2e-6, is the step's tolerance. Rounding grows: Adam divides each gradient by its own size, rounding included,
and residual nets with batch normalization at a rate of 0.1 magnify what comes in. Steps end before it reaches 1e-3.
"""
import json
import os
import sys

import numpy as np
import torch

from training_workloads import UNIT, WORKLOADS

PATH = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "Tests", "TrainingTests", "Fixtures", "parity.json")
STEPS = 12
WORST = 1e-3


def bits(name, count):
    """24 bits of a hash of name and index."""
    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 % 2**32
    value = (np.arange(count, dtype=np.uint64) * 2654435761 + seed) % 2**32
    value = (value ^ value >> 16) * 0x85EBCA6B % 2**32
    value = (value ^ value >> 13) * 0xC2B2AE35 % 2**32
    return (value ^ value >> 16) >> 8


def noise(name, shape):
    """Uniform in -1..<1."""
    return (bits(name, int(np.prod(shape))).astype(np.float32) / np.float32(2**23) - 1).reshape(shape)


def batch(workload, number, dtype):
    """One of two batches."""
    fields = {}
    for name, (shape, kind) in workload.fields.items():
        shape, seed = (workload.rows, *shape), f"{name} {number}"
        if isinstance(kind, int):
            fields[name] = torch.tensor((bits(seed, int(np.prod(shape))) % kind).astype(np.int64)).reshape(shape)
        else:
            values = noise(seed, shape)
            fields[name] = torch.tensor((values + 1) / 2 if kind == UNIT else values).to(dtype)
    return fields


class Weights(dict):
    """Parameters by name, each made when it is first asked for."""

    def __init__(self, dtype, wrong):
        super().__init__()
        self.dtype = dtype
        self.wrong = wrong

    def __call__(self, name, *shape):
        if name not in self:
            values = noise(name, shape)
            if name.endswith("gamma"):
                values = 1 + np.float32(0.1) * values
            elif name.endswith(("bias", "beta")):
                values = np.float32(0.1) * values
            else:
                values = np.float32(np.sqrt(3 * shape[-1] / np.prod(shape))) * values
            if self.wrong is not None:
                values = values * (1 + self.wrong.choice([-1, 1], shape) * 2.0**-24)
            self[name] = torch.tensor(values.astype(np.float32)).to(self.dtype).requires_grad_()
        return self[name]


def losses(workload, dtype, wrong=None):
    """The losses of every step, objective after objective."""
    weights = Weights(dtype, wrong)
    batches = [batch(workload, number, dtype) for number in range(2)]
    turns = []
    for objective in workload.objectives:
        objective.losses(weights, batches[0])
    for objective in workload.objectives:
        own = {name: value for name, value in weights.items() if name.startswith(objective.prefix)}
        turns.append((objective, list(own.values()), objective.optimizer(own)))
    result = []
    for step in range(STEPS):
        values = []
        for objective, parameters, optimizer in turns:
            parts = objective.losses(weights, batches[step % 2])
            gradients = torch.autograd.grad(sum(parts), parameters)
            for parameter, gradient in zip(parameters, gradients):
                parameter.grad = gradient
            if workload.clip is not None:
                torch.nn.utils.clip_grad_norm_(parameters, workload.clip)
            optimizer.step()
            values += [part.item() for part in parts]
        result.append(values)
    return np.array(result)


def entry(name):
    workload = WORKLOADS[name]
    exact = losses(workload, torch.float64)
    runs = [losses(workload, torch.float32)]
    runs += [losses(workload, torch.float32, np.random.default_rng(seed)) for seed in range(3)]
    apart = np.max([np.abs(run - exact) / np.abs(exact) for run in runs], axis=(0, 2))
    tolerance = np.maximum(2e-6, 10 * np.maximum.accumulate(apart))
    steps = int((tolerance <= WORST).sum())
    print(f"{name:15} {steps:2} steps, {exact[0]} to {exact[steps - 1]}")
    print("   float32 from float64:", " ".join(f"{value:.0e}" for value in apart), flush=True)
    return {
        "rows": workload.rows,
        "overrides": list(workload.overrides),
        "steps": [
            {"losses": [float(value) for value in exact[step]], "tolerance": float(f"{tolerance[step]:.1e}")}
            for step in range(steps)
        ],
    }


def main():
    torch.set_num_threads(1)
    result = {}
    if sys.argv[1:]:
        with open(PATH) as file:
            result = json.load(file)
    result["made_by"] = f"PyTorch {torch.__version__}"
    for name in sys.argv[1:] or WORKLOADS:
        result[name] = entry(name)
    with open(PATH, "w") as file:
        # A workload a line.
        lines = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in sorted(result.items()))
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
