#!/usr/bin/env python3
"""Learning rates of PyTorch's schedulers.

    python scripts/reference/make_schedule_references.py

Needs torch. Writes Tests/TrainingTests/Fixtures/schedules.json: for each schedule the rate of every step, and for the
one that watches a result the rate after each result.
"""
import json
import os

import torch
from torch.optim import lr_scheduler as lr

STEPS, STEPS_PER_EPOCH = 40, 10
HERE = os.path.dirname(os.path.abspath(__file__))
OUTPUT = os.path.join(HERE, "..", "..", "Tests", "TrainingTests", "Fixtures", "schedules.json")


def warmed(length, make):
    """Ours reaches the full rate in the last step of the warm-up, which is LinearLR over one step less."""

    def build(optimizer):
        rise = lr.LinearLR(optimizer, start_factor=1 / length, total_iters=length - 1)
        return lr.SequentialLR(optimizer, [rise, make(optimizer)], milestones=[length])

    return build


# Our schedule, and PyTorch's.
CASES = [
    ({"type": "constant", "initial": 0.5}, lambda o: lr.ConstantLR(o, factor=1)),
    ({"type": "constant", "initial": 0.5, "warmup": 8}, warmed(8, lambda o: lr.ConstantLR(o, factor=1))),
    ({"type": "step", "initial": 0.5, "every": "1 epoch", "factor": 0.3}, lambda o: lr.StepLR(o, 10, 0.3)),
    ({"type": "multi_step", "initial": 0.5, "milestones": ["2.5 epochs", 7, "50%"]},
     lambda o: lr.MultiStepLR(o, [7, 20, 25], 0.1)),
    ({"type": "exponential", "initial": 0.5, "factor": 0.95, "every": 1}, lambda o: lr.ExponentialLR(o, 0.95)),
    ({"type": "polynomial", "initial": 0.5, "length": "3 epochs", "power": 2}, lambda o: lr.PolynomialLR(o, 30, 2)),
    ({"type": "polynomial", "initial": 0.5}, lambda o: lr.PolynomialLR(o, 40)),
    ({"type": "cosine", "initial": 0.5, "final": 0.02}, lambda o: lr.CosineAnnealingLR(o, 40, 0.02)),
    ({"type": "cosine", "initial": 0.5, "warmup": "0.5 epochs"}, warmed(5, lambda o: lr.CosineAnnealingLR(o, 35))),
    ({"type": "cosine", "initial": 0.5, "final": 0.02, "length": 6, "restarts": True, "t_mul": 2},
     lambda o: lr.CosineAnnealingWarmRestarts(o, 6, 2, 0.02)),
    ({"type": "cosine", "initial": 0.5, "length": 7, "restarts": True},
     lambda o: lr.CosineAnnealingWarmRestarts(o, 7)),
    ({"type": "one_cycle", "peak": 0.5}, lambda o: lr.OneCycleLR(o, 0.5, total_steps=40, cycle_momentum=False)),
    ({"type": "one_cycle", "peak": 0.5, "initial": 0.1, "final": 0.01, "rise": 0.45, "curve": "linear"},
     lambda o: lr.OneCycleLR(o, 0.5, total_steps=40, pct_start=0.45, anneal_strategy="linear", div_factor=5,
                             final_div_factor=10, cycle_momentum=False)),
    # Vaswani et al. 2017 with d = 64 and 12 warm-up steps.
    ({"type": "inverse_square_root", "initial": (64 * 12) ** -0.5, "warmup": 12},
     lambda o: lr.LambdaLR(o, lambda t: 64 ** -0.5 * min((t + 1) ** -0.5, (t + 1) * 12 ** -1.5) / (64 * 12) ** -0.5)),
]

RESULTS = [1.0, 0.9, 0.9, 0.89, 0.95, 0.9, 0.91, 0.8, 0.79, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86, 0.87, 0.7]
# We count as Keras does: PyTorch, which bears as many results as its patience says, falls one result later.
PLATEAUS = [
    ({"type": "on_plateau", "initial": 0.5, "metric": "loss", "factor": 0.5, "patience": 2, "min_delta": 0.02,
      "final": 0.1}, {"mode": "min", "factor": 0.5, "patience": 1, "threshold": 0.02, "min_lr": 0.1}),
    ({"type": "on_plateau", "initial": 0.5, "metric": "loss", "mode": "max", "patience": 3},
     {"mode": "max", "factor": 0.1, "patience": 2, "threshold": 0}),
]


def optimizer(settings):
    rate = settings.get("initial", 1.0) if settings["type"] != "one_cycle" else 1.0
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)


def main():
    cases = []
    for settings, make in CASES:
        steps = optimizer(settings)
        scheduler = make(steps)
        values = []
        for step in range(STEPS):
            values.append(float(steps.param_groups[0]["lr"]))
            steps.step()
            if step + 1 < STEPS:
                scheduler.step()
        cases.append({"schedule": settings, "values": values})
    plateaus = []
    for settings, arguments in PLATEAUS:
        steps = optimizer(settings)
        scheduler = lr.ReduceLROnPlateau(steps, threshold_mode="abs", **arguments)
        values = []
        for result in RESULTS:
            scheduler.step(result)
            values.append(float(steps.param_groups[0]["lr"]))
        plateaus.append({"schedule": settings, "values": values})
    with open(OUTPUT, "w") as file:
        json.dump({"steps_per_epoch": STEPS_PER_EPOCH, "steps": STEPS, "cases": cases, "results": RESULTS,
                   "plateaus": plateaus}, file)
        file.write("\n")


main()
