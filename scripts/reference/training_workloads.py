"""The workloads of configs/bench in PyTorch: models, losses, optimizers, by the same names of weights and fields."""
import math
from dataclasses import dataclass
from typing import Callable

import torch
from torch.nn import functional as F

from training_layers import (
    attention, batch_norm, channels_first, convolution, decoder_layer, dense, embedding, encoder_layer, feed_forward,
    flat, gru, layer_norm, lstm, sinusoids, transposed_convolution)


@dataclass
class Objective:
    """What is minimized: the sum of the losses that `losses(w, fields)` gives, by weights whose names begin so."""
    losses: Callable
    optimizer: Callable
    prefix: str = ""


@dataclass
class Workload:
    """Rows of a step, and the fields: their shapes without the batch, and what they hold.

    That is numbers below a bound, numbers between 0 and 1 (UNIT) or between -1 and 1 (None).
    """
    rows: int
    fields: dict
    objectives: list
    clip: float | None = None
    # What differs from the file in configs/bench, as for --set.
    overrides: tuple = ()


UNIT = "unit interval"


# Losses


def cross_entropy(model, prediction_axis=-1):
    def losses(w, fields):
        *inputs, target = fields.values()
        logits = model(w, *inputs)
        return [F.cross_entropy(logits.movedim(prediction_axis, -1).flatten(0, -2), target.flatten())]

    return losses


def logistic(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


# Optimizers


def adam(rate=1e-3, **settings):
    return lambda w: torch.optim.Adam(w.values(), lr=rate, **settings)


def sgd(rate, **settings):
    return lambda w: torch.optim.SGD(w.values(), lr=rate, momentum=0.9, **settings)


def adamw(w):
    return torch.optim.AdamW(w.values(), lr=1e-3, weight_decay=0.01)


def adamw_of_matrices(w):
    groups = [
        {"params": [v for v in w.values() if v.ndim > 1], "weight_decay": 0.1},
        {"params": [v for v in w.values() if v.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.99))


# Models


def convnet(w, image):
    x = F.max_pool2d(F.relu(convolution(w, "conv2d_1", channels_first(image), 32, 3)), 2)
    x = F.max_pool2d(F.relu(convolution(w, "conv2d_2", x, 64, 3)), 2)
    x = flat(F.relu(convolution(w, "conv2d_3", x, 64, 3)))
    return dense(w, "logits", F.relu(dense(w, "dense_1", x, 64)), 10)


def mlp(w, image):
    x = F.relu(dense(w, "dense_1", image, 512))
    return dense(w, "logits", F.relu(dense(w, "dense_2", x, 256)), 10)


def lenet5(w, image):
    x = F.avg_pool2d(torch.tanh(convolution(w, "conv2d_1", channels_first(image), 6, 5, padding=2)), 2)
    x = flat(F.avg_pool2d(torch.tanh(convolution(w, "conv2d_2", x, 16, 5)), 2))
    x = torch.tanh(dense(w, "dense_2", torch.tanh(dense(w, "dense_1", x, 120)), 84))
    return dense(w, "logits", x, 10)


def resnet20(w, image):
    def normal(name, x, filters, stride=1, size=3):
        x = convolution(w, f"{name}/conv2d_1", x, filters, size, stride, size // 2, bias=False)
        return batch_norm(w, f"{name}/batch_normalization_1", x)

    def block(name, x, filters, stride=1):
        residual = F.relu(normal(f"{name}/convolution_1", x, filters, stride))
        residual = normal(f"{name}/residual", residual, filters)
        return F.relu(residual + (normal(f"{name}/shortcut", x, filters, 2, 1) if stride > 1 else x))

    x = F.relu(normal("convolution_1", channels_first(image), 16))
    for index in range(1, 4):
        x = block(f"basic_block_{index}", x, 16)
    x = block("downsampling_block_1", x, 32, 2)
    for index in range(4, 6):
        x = block(f"basic_block_{index}", x, 32)
    x = block("downsampling_block_2", x, 64, 2)
    for index in range(6, 8):
        x = block(f"basic_block_{index}", x, 64)
    return dense(w, "logits", x.mean((2, 3)), 10)


def vit(w, image):
    x = convolution(w, "patches", channels_first(image), 64, 7, 7).flatten(2).transpose(1, 2)
    x = torch.cat([w("class_token_1/token", 64).expand(len(x), 1, 64), x], 1)
    x = x + w("position_embedding_1/embeddings", 17, 64)
    for index in range(1, 7):
        x = encoder_layer(w, f"transformer_encoder_{index}", x, 256, F.gelu)
    return dense(w, "logits", layer_norm(w, "layer_normalization_1", x[:, 0]), 10)


def unet(w, image):
    def double(name, x, filters):
        for index in (1, 2):
            x = F.relu(convolution(w, f"{name}/conv2d_{index}", x, filters, 3, padding=1))
        return x

    def upwards(name, below, beside, filters):
        larger = transposed_convolution(w, f"{name}/larger", below, filters, 2)
        return double(f"{name}/double_convolution_1", torch.cat([larger, beside], 1), filters)

    first = double("level_1", channels_first(image), 16)
    second = double("level_2", F.max_pool2d(first, 2), 32)
    third = double("level_3", F.max_pool2d(second, 2), 64)
    x = upwards("up_1", upwards("up_2", third, second, 32), first, 16)
    return convolution(w, "logits", x, 4, 1)


def yolo(w, image):
    x = channels_first(image)
    for level in range(1, 6):
        x = convolution(w, f"level_{level}/conv2d_1", x, 8 << level, 3, padding=1, bias=False)
        x = F.max_pool2d(F.leaky_relu(batch_norm(w, f"level_{level}/batch_normalization_1", x), 0.1), 2)
    return torch.sigmoid(convolution(w, "boxes", x, 24, 1)).permute(0, 2, 3, 1)


def generator(w, noise):
    x = dense(w, "generator/dense_1", noise, 6272, bias=False).unflatten(1, (7, 7, 128))
    x = F.relu(batch_norm(w, "generator/batch_normalization_1", channels_first(x)))
    x = transposed_convolution(w, "generator/conv2d_transpose_1", x, 64, 4, padding=1, bias=False)
    x = F.relu(batch_norm(w, "generator/batch_normalization_2", x))
    return torch.tanh(transposed_convolution(w, "generator/conv2d_transpose_2", x, 1, 4, padding=1))


def discriminator(w, x):
    x = F.leaky_relu(convolution(w, "discriminator/conv2d_1", x, 64, 4, 2, 1), 0.2)
    x = F.leaky_relu(convolution(w, "discriminator/conv2d_2", x, 128, 4, 2, 1), 0.2)
    return dense(w, "discriminator/dense_1", flat(x), 1)


def discriminating(w, fields):
    forged = logistic(discriminator(w, generator(w, fields["noise"])), 0.0)
    return [forged, logistic(discriminator(w, channels_first(fields["image"])), 1.0)]


def fooling(w, fields):
    return [logistic(discriminator(w, generator(w, fields["noise"])), 1.0)]


def characters(layer, name):
    def model(w, tokens):
        x = embedding(w, "embedding_1", tokens, 65, 128)
        for index in (1, 2):
            x = layer(w, f"{name}_{index}", x, 256)
        return dense(w, "logits", x, 65)

    return model


def sentiment(w, fields):
    x = lstm(w, "lstm_1", embedding(w, "embedding_1", fields["tokens"], 20000, 128), 128)
    logits = dense(w, "logits", x[:, -1], 1)[:, 0]
    return [F.binary_cross_entropy_with_logits(logits, fields["sentiment"])]


def gpt(w, tokens):
    x = embedding(w, "words", tokens, 65, 128) + w("position_embedding_1/embeddings", 64, 128)
    for index in range(1, 5):
        x = encoder_layer(w, f"transformer_encoder_{index}", x, 512, F.gelu, causal=True, bias=False)
    return layer_norm(w, "layer_normalization_1", x, center=False) @ w("words/embeddings", 65, 128).T


def translator(w, source, target):
    def placed(name, tokens):
        x = embedding(w, name, tokens, 8000, 256)
        return x * math.sqrt(256) + sinusoids(32, 256, x.dtype)

    encoded, x = placed("source_words", source), placed("target_words", target)
    for index in range(1, 4):
        encoded = encoder_layer(w, f"transformer_encoder_{index}", encoded, 1024, F.relu)
    encoded = layer_norm(w, "encoded", encoded)
    for index in range(1, 4):
        x = decoder_layer(w, f"decoder_{index}", x, encoded, 1024, F.relu)
    return dense(w, "logits", layer_norm(w, "layer_normalization_1", x), 8000)


def bert(w, fields):
    """Post-norm; the losses in the order of their names."""
    tokens, segments, positions, words, follows = fields.values()
    x = embedding(w, "vocabulary", tokens, 30522, 256) + w("placed/embeddings", 512, 256)[:128]
    x = layer_norm(w, "layer_normalization_1", x + embedding(w, "segment", segments, 2, 256))
    for index in range(1, 5):
        name = f"encoder_{index}"
        x = layer_norm(w, f"{name}/attention_norm", x + attention(w, f"{name}/attention", x, x, 4))
        y = feed_forward(w, f"{name}/feed_forward", x, 1024, F.gelu)
        x = layer_norm(w, f"{name}/feed_forward_norm", x + y)
    picked = torch.gather(x, 1, positions[..., None].expand(-1, -1, 256))
    picked = layer_norm(w, "layer_normalization_2", F.gelu(dense(w, "dense_1", picked, 256)))
    word = picked @ w("vocabulary/embeddings", 30522, 256).T + w("vocabulary/bias", 30522)
    after = dense(w, "next", torch.tanh(dense(w, "dense_2", x[:, 0], 256)), 2)
    return [F.cross_entropy(after, follows), F.cross_entropy(word.flatten(0, 1), words.flatten())]


def bert_adamw(w):
    return torch.optim.AdamW(w.values(), lr=1e-4, weight_decay=0.01)


GREY = {"image": ((28, 28, 1), None), "label": ((), 10)}
TEXT = {"tokens": ((128,), 65), "next": ((128,), 65)}

WORKLOADS = {
    "bert-mini": Workload(
        2, {
            "tokens": ((128,), 30522), "segments": ((128,), 2), "positions": ((19,), 128), "words": ((19,), 30522),
            "follows": ((), 2),
        }, [Objective(bert, bert_adamw)]),
    "convnet": Workload(8, GREY, [Objective(cross_entropy(convnet), adam())]),
    "dcgan28": Workload(
        8, {"noise": ((100,), None), "image": ((28, 28, 1), None)}, [
            Objective(discriminating, adam(2e-4, betas=(0.5, 0.999)), "discriminator/"),
            Objective(fooling, adam(2e-4, betas=(0.5, 0.999)), "generator/"),
        ]),
    "gpt-char": Workload(
        4, {"tokens": ((64,), 65), "next": ((64,), 65)}, [Objective(cross_entropy(gpt), adamw_of_matrices)], clip=1),
    "gru-char": Workload(4, TEXT, [Objective(cross_entropy(characters(gru, "gru")), adam())], clip=1),
    "lenet5": Workload(8, GREY, [Objective(cross_entropy(lenet5), sgd(0.01))]),
    "lstm-char": Workload(4, TEXT, [Objective(cross_entropy(characters(lstm, "lstm")), adam())], clip=1),
    "lstm-cls": Workload(4, {"tokens": ((80,), 20000), "sentiment": ((), UNIT)}, [Objective(sentiment, adam())]),
    "mlp": Workload(8, {"image": ((784,), None), "label": ((), 10)}, [Objective(cross_entropy(mlp), adam())]),
    "resnet20": Workload(
        8, {"image": ((32, 32, 3), None), "label": ((), 10)},
        [Objective(cross_entropy(resnet20), sgd(0.001, weight_decay=1e-4))],
        overrides=("training.optimizer.learning_rate=0.001",)),
    "transformer-mt": Workload(
        2, {name: ((32,), 8000) for name in ("source", "target", "next")},
        [Objective(cross_entropy(translator), adam(1e-4))]),
    "unet-small": Workload(
        2, {"image": ((64, 64, 3), None), "classes": ((64, 64), 4)}, [Objective(cross_entropy(unet, 1), adam())]),
    "vit-tiny-mnist": Workload(8, GREY, [Objective(cross_entropy(vit), adamw)]),
    "yolo-tiny": Workload(
        2, {"image": ((160, 160, 3), None), "truth": ((5, 5, 24), None)},
        [Objective(lambda w, fields: [F.mse_loss(yolo(w, fields["image"]), fields["truth"])], sgd(1e-3))]),
}
