#!/usr/bin/env python3
"""A variational autoencoder 784-400-20-400-784 on MNIST, in PyTorch.

    python scripts/reference/train_vae.py FOLDER_OF_MNIST [--seed N] [--rows 55000] [--warm-up 3] [--cosine]

Adam at 1e-3, batches of 128, Bernoulli likelihood of grey values. Prints a line of JSON every fifth epoch: on the test
images the mean of -ELBO = -log p(x | z) + KL(q(z | x) | N(0, 1)) in nats, with one z ~ q(z | x) for each image, and its parts.
"""
import argparse
import json
import os
import time

import torch
from torch import nn
from torch.nn import functional as F

import idx


class VariationalAutoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 400), nn.ReLU())
        self.mean, self.log_variance = nn.Linear(400, 20), nn.Linear(400, 20)
        self.decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784))

    def forward(self, x):
        """Reconstruction error and divergence, each a mean over the rows."""
        hidden = self.encoder(x)
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        code = mean + torch.exp(log_variance / 2) * torch.randn_like(mean)
        error = F.binary_cross_entropy_with_logits(self.decoder(code), x, reduction="sum")
        divergence = (mean**2 + log_variance.exp() - 1 - log_variance).sum() / 2
        return error / len(x), divergence / len(x)


def images(folder, part):
    return torch.tensor(idx.read(os.path.join(folder, f"{part}-images-idx3-ubyte.gz"))).flatten(1).float() / 255


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--rows", type=int, default=60000, help="train on the first images only")
    parser.add_argument("--warm-up", type=float, default=0, help="epochs in which the divergence's weight rises to 1")
    parser.add_argument("--cosine", action="store_true", help="let the learning rate fall to 0")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    training, test = images(options.folder, "train")[:options.rows], images(options.folder, "t10k")
    model = VariationalAutoencoder()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    batches = -(-len(training) // 128)
    total = options.epochs * batches
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, total) if options.cosine else None
    start, step = time.perf_counter(), 0
    for epoch in range(1, options.epochs + 1):
        for rows in torch.randperm(len(training)).split(128):
            weight = min(1, step / (options.warm_up * batches)) if options.warm_up else 1
            error, divergence = model(training[rows])
            optimizer.zero_grad()
            (error + weight * divergence).backward()
            optimizer.step()
            if schedule:
                schedule.step()
            step += 1
        if epoch % 5 == 0 or epoch == options.epochs:
            with torch.no_grad():
                error, divergence = (value.item() for value in model(test))
            print(json.dumps({
                "seed": options.seed, "epoch": epoch, "steps": step, "negative_elbo": round(error + divergence, 3),
                "reconstruction": round(error, 3), "divergence": round(divergence, 3),
                "seconds": round(time.perf_counter() - start, 1),
            }), flush=True)


if __name__ == "__main__":
    main()
