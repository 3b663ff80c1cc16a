#!/usr/bin/env python3
"""The models of configs/language/char-lstm-stateful.json and char-gru-stateful.json in PyTorch, on the same batches.

    scripts/reference/train_char_rnn.py data/tinyshakespeare/input.txt --layer lstm --seed 1

Prints the loss over the validation tenth, states carried through it as in training. PyTorch draws its own weights.
"""
import argparse
import math

import torch


def lanes(tokens, rows, length):
    """Windows [batches, rows, length] of stretches that lie behind one another, and the tokens that follow each."""
    count = (len(tokens) - 1) // length // rows
    windows = torch.arange(rows * count).reshape(rows, count).T[:, :, None] * length + torch.arange(length)
    return tokens[windows], tokens[windows + 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text")
    parser.add_argument("--layer", choices=["lstm", "gru"], default="lstm")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    text = open(options.text).read()
    letters = {letter: number for number, letter in enumerate(sorted(set(text)))}
    tokens = torch.tensor([letters[letter] for letter in text])
    split = int(0.9 * len(tokens))
    inputs, targets = lanes(tokens[:split], 32, 64)
    embedding = torch.nn.Embedding(len(letters), 128)
    recurrent = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[options.layer](128, 256, num_layers=2, batch_first=True)
    head = torch.nn.Linear(256, len(letters))
    parameters = [*embedding.parameters(), *recurrent.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=0.003)

    def detached(state):
        return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()

    def loss_of(x, y, state):
        output, state = recurrent(embedding(x), state)
        return torch.nn.functional.cross_entropy(head(output).flatten(0, 1), y.flatten()), detached(state)

    state = None
    for step in range(options.steps):
        warm, total = 100, options.steps
        share = (step - warm) / (total - warm)
        rate = 0.003 * step / warm if step < warm else 0.0003 + 0.0027 * (1 + math.cos(math.pi * share)) / 2
        for group in optimizer.param_groups:
            group["lr"] = rate
        batch = step % len(inputs)
        if batch == 0:
            state = None
        loss, state = loss_of(inputs[batch], targets[batch], state)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1)
        optimizer.step()
        if (step + 1) % 500 == 0:
            print(f"step {step + 1}: loss {loss.item():.4f}", flush=True)
    with torch.no_grad():
        x, y = lanes(tokens[split:], 32, 64)
        state, total = None, 0.0
        for batch in range(len(x)):
            loss, state = loss_of(x[batch], y[batch], state)
            total += loss.item()
    print(f"validation loss {total / len(x):.4f}")


if __name__ == "__main__":
    main()
