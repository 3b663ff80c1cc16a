#!/usr/bin/env python3
"""Steps of PyTorch's optimizers, in float64.

    python scripts/reference/make_optimizer_references.py

Needs torch. Writes Tests/TrainingTests/Fixtures/optimizers.json: the first values, the gradients of each step, and for
each optimizer the values after every step. The gradients do not depend on the values, so a small error stays small.
"""
import json
import os

import torch

STEPS, COUNT = 6, 7
HERE = os.path.dirname(os.path.abspath(__file__))
OUTPUT = os.path.join(HERE, "..", "..", "Tests", "TrainingTests", "Fixtures", "optimizers.json")

# Our settings, and how PyTorch says the same.
CASES = [
    ({"type": "sgd", "learning_rate": 0.1}, torch.optim.SGD, {"lr": 0.1}),
    ({"type": "sgd", "learning_rate": 0.1, "weight_decay": 0.2}, torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.2}),
    ({"type": "sgd", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.01}, torch.optim.SGD,
     {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01}),
    ({"type": "sgd", "learning_rate": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01}, torch.optim.SGD,
     {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01}),
    ({"type": "adam", "learning_rate": 0.01}, torch.optim.Adam, {"lr": 0.01}),
    ({"type": "adam", "learning_rate": 0.01, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 0.001, "weight_decay": 0.1},
     torch.optim.Adam, {"lr": 0.01, "betas": (0.5, 0.9), "eps": 0.001, "weight_decay": 0.1}),
    ({"type": "adamw", "learning_rate": 0.01}, torch.optim.AdamW, {"lr": 0.01}),
    ({"type": "adamw", "learning_rate": 0.05, "weight_decay": 0.3}, torch.optim.AdamW,
     {"lr": 0.05, "weight_decay": 0.3}),
    ({"type": "rmsprop", "learning_rate": 0.01}, torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.9}),
    ({"type": "rmsprop", "learning_rate": 0.01, "rho": 0.99, "momentum": 0.7, "epsilon": 0.001, "weight_decay": 0.1},
     torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.99, "momentum": 0.7, "eps": 0.001, "weight_decay": 0.1}),
    ({"type": "adagrad", "learning_rate": 0.1, "weight_decay": 0.1}, torch.optim.Adagrad,
     {"lr": 0.1, "weight_decay": 0.1}),
    ({"type": "adagrad", "learning_rate": 0.1, "initial_accumulator_value": 0.5, "epsilon": 0.01},
     torch.optim.Adagrad, {"lr": 0.1, "initial_accumulator_value": 0.5, "eps": 0.01}),
    ({"type": "adadelta"}, torch.optim.Adadelta, {}),
    ({"type": "adadelta", "learning_rate": 0.5, "rho": 0.8, "epsilon": 0.001, "weight_decay": 0.1},
     torch.optim.Adadelta, {"lr": 0.5, "rho": 0.8, "eps": 0.001, "weight_decay": 0.1}),
]


def main():
    torch.manual_seed(7)
    values = torch.randn(COUNT, dtype=torch.float64)
    gradients = torch.randn(STEPS, COUNT, dtype=torch.float64)
    # A gradient of 0 and tiny ones show where epsilon stands.
    gradients[:, 0] = 0
    gradients[:, 1] *= 1e-6
    cases = []
    for settings, optimizer, arguments in CASES:
        parameter = torch.nn.Parameter(values.clone())
        steps = optimizer([parameter], **arguments)
        after = []
        for gradient in gradients:
            parameter.grad = gradient.clone()
            steps.step()
            after.append(parameter.detach().tolist())
        cases.append({"optimizer": settings, "values": after})
    with open(OUTPUT, "w") as file:
        json.dump({"values": values.tolist(), "gradients": gradients.tolist(), "cases": cases}, file)
        file.write("\n")


main()
