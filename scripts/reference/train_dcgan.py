#!/usr/bin/env python3
"""A DCGAN on MNIST in PyTorch, with the networks of configs/bench/dcgan28.json.

    python scripts/reference/train_dcgan.py FOLDER_OF_MNIST --steps 3000 [--seed N] [--tanh] [--normal]
        [--images OUT.idx] [--judge mnist-convnet/checkpoints/best.safetensors]

Batches of 64, Adam at 2e-4 with betas 0.5 and 0.999. Prints a line of JSON: with --judge, a checkpoint of
configs/mnist-convnet.json, the Frechet distance of its features (dense_1) between 10,000 generated and the 10,000 test
images, |m - n|^2 + tr(S + T - 2 (S T)^(1/2)), and which share of the generated it takes for each digit. The generator
evaluates with moving statistics.
"""
import argparse
import json
import os
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import idx
from training_layers import convolution, dense, flat


def generator(tanh):
    return nn.Sequential(
        nn.Linear(100, 6272, bias=False), nn.Unflatten(1, (128, 7, 7)), nn.BatchNorm2d(128), nn.ReLU(),
        nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh() if tanh else nn.Sigmoid())


def discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 64, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(64, 128, 4, 2, 1), nn.LeakyReLU(0.2), nn.Flatten(),
        nn.Linear(6272, 1))


def begin_normal(module):
    """As the paper has it."""
    if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, 0.02)


def train(generate, discriminate, images, steps):
    optimizers = [
        torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999)) for network in (discriminate, generate)
    ]
    rows = iter(())
    for _ in range(steps):
        batch = next(rows, None)
        if batch is None or len(batch) < 64:
            rows = iter(torch.randperm(len(images)).split(64))
            batch = next(rows)
        fake = generate(torch.randn(64, 100))
        real_score, fake_score = discriminate(images[batch]), discriminate(fake.detach())
        real = F.binary_cross_entropy_with_logits(real_score, torch.ones_like(real_score))
        forged = F.binary_cross_entropy_with_logits(fake_score, torch.zeros_like(fake_score))
        optimizers[0].zero_grad()
        (real + forged).backward()
        optimizers[0].step()
        score = discriminate(fake)
        fool = F.binary_cross_entropy_with_logits(score, torch.ones_like(score))
        optimizers[1].zero_grad()
        fool.backward(inputs=list(generate.parameters()))
        optimizers[1].step()
    return {"real": real.item(), "forged": forged.item(), "fool": fool.item()}


def judgement(path, images):
    """The features and the digits of images [N, 1, 28, 28] from 0 to 1."""
    from safetensors.torch import load_file
    weights = load_file(path)

    def w(name, *shape):
        return weights[name]

    features, digits = [], []
    for x in images.split(1000):
        x = F.max_pool2d(F.relu(convolution(w, "conv2d_1", x, 32, 3)), 2)
        x = F.max_pool2d(F.relu(convolution(w, "conv2d_2", x, 64, 3)), 2)
        x = F.relu(dense(w, "dense_1", flat(F.relu(convolution(w, "conv2d_3", x, 64, 3))), 64))
        features.append(x)
        digits.append(dense(w, "logits", x, 10).argmax(1))
    return torch.cat(features).double().numpy(), torch.cat(digits)


def frechet(one, other):
    s, t = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    # S T has the eigenvalues of a positive matrix.
    root = np.sqrt(np.maximum(np.linalg.eigvals(s @ t).real, 0)).sum()
    return float(((one.mean(0) - other.mean(0)) ** 2).sum() + np.trace(s) + np.trace(t) - 2 * root)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=55000, help="train on the first images only")
    parser.add_argument("--tanh", action="store_true", help="pixels from -1 to 1, as configs/bench, not from 0 to 1")
    parser.add_argument("--normal", action="store_true", help="begin with N(0, 0.02), not as PyTorch does")
    parser.add_argument("--images", help="where to write 10,000 generated images")
    parser.add_argument("--judge", help="the checkpoint of a convnet")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)

    def load(part):
        values = torch.tensor(idx.read(os.path.join(options.folder, f"{part}-images-idx3-ubyte.gz")))
        return values.unsqueeze(1).float() / 255

    images = load("train")[:options.rows]
    generate, discriminate = generator(options.tanh), discriminator()
    if options.normal:
        generate.apply(begin_normal)
        discriminate.apply(begin_normal)
    start = time.perf_counter()
    losses = train(generate, discriminate, images * 2 - 1 if options.tanh else images, options.steps)
    line = {"seed": options.seed, "steps": options.steps, "seconds": round(time.perf_counter() - start, 1), **losses}
    generate.eval()
    with torch.no_grad():
        fake = torch.cat([generate(torch.randn(1000, 100)) for _ in range(10)])
        if options.tanh:
            fake = (fake + 1) / 2
        if options.images:
            idx.write(options.images, (fake[:, 0] * 255).round().byte().numpy())
        if options.judge:
            features, digits = judgement(options.judge, fake)
            line["frechet"] = frechet(features, judgement(options.judge, load("t10k"))[0])
            line["shares"] = (torch.bincount(digits, minlength=10) / len(digits)).tolist()
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
