#!/usr/bin/env python3
"""Outputs and gradients of PyTorch's layers, for those whose meaning another framework defines.

    python scripts/reference/make_layer_references.py

Needs torch. Writes Tests/LayersTests/Fixtures/layers.json: for each case our settings of the layer, inputs, parameters
and states in our layouts (images [N, H, W, C], kernels [KH, KW, C, F], dense kernels [F, U]), the gradient of the
output, and what PyTorch makes of them in double precision. A gradient is null where we compute none.
"""
import json
import os

import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
OUTPUT = os.path.join(HERE, "..", "..", "Tests", "LayersTests", "Fixtures", "layers.json")
torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
cases = []


def draw(*shape):
    # Few digits keep the file small; the values are exact all the same.
    return (torch.randn(shape) * 64).round() / 64


def tensor(value):
    if value is None:
        return None
    value = value.detach()
    return {"shape": list(value.shape), "values": value.reshape(-1).tolist()}


def case(name, layer, function, inputs, parameters=(), states=(), new_states=(), frozen=(), training=True):
    """`function` takes inputs and parameters; `frozen` are the inputs without gradient."""
    leaves = [v.clone().requires_grad_(i not in frozen) for i, v in enumerate(inputs)]
    weights = [v.clone().requires_grad_() for v in parameters]
    output = function(*leaves, *weights)
    gradient = draw(*output.shape)
    output.backward(gradient)
    cases.append({
        "name": name, "layer": layer, "training": training,
        "inputs": [tensor(v) for v in inputs], "parameters": [tensor(v) for v in parameters],
        "states": [tensor(v) for v in states], "new_states": [tensor(v) for v in new_states],
        "output": tensor(output), "output_gradient": tensor(gradient),
        "gradients": [tensor(v.grad) for v in leaves + weights],
    })


def lstm(sequences):
    def function(x, kernel, recurrent, bias):
        units = recurrent.shape[0]
        flat = [kernel.T, recurrent.T, bias, torch.zeros(4 * units)]
        state = (torch.zeros(1, x.shape[0], units), torch.zeros(1, x.shape[0], units))
        # The operation under torch.nn.LSTM, whose module would hold the weights itself.
        output, _, _ = torch.lstm(x, state, flat, True, 1, 0.0, False, False, True)
        return output if sequences else output[:, -1]

    return function


for sequences in (False, True):
    case(f"lstm, return_sequences {sequences}", {"type": "lstm", "units": 3, "return_sequences": sequences},
         lstm(sequences), [draw(2, 5, 4)], [draw(4, 12), draw(3, 12), draw(12)])


def gru(sequences):
    def function(x, kernel, recurrent, bias):
        units = recurrent.shape[0]
        # Ours is in the order z, r, n; PyTorch's is r, z, n.
        def turned(w):
            z, r, n = w.split(units, -1)
            return torch.cat([r, z, n], -1)

        flat = [turned(kernel).T, turned(recurrent).T, turned(bias[0]), turned(bias[1])]
        output, _ = torch.gru(x, torch.zeros(1, x.shape[0], units), flat, True, 1, 0.0, False, False, True)
        return output if sequences else output[:, -1]

    return function


for sequences in (False, True):
    case(f"gru, return_sequences {sequences}", {"type": "gru", "units": 3, "return_sequences": sequences},
         gru(sequences), [draw(2, 5, 4)], [draw(4, 9), draw(3, 9), draw(2, 9)])


def conv(stride, padding, dilation):
    def function(x, kernel, bias=None):
        top, bottom, left, right = padding
        x = F.pad(x.permute(0, 3, 1, 2), (left, right, top, bottom))
        y = F.conv2d(x, kernel.permute(3, 2, 0, 1), bias, stride=stride, dilation=dilation)
        return y.permute(0, 2, 3, 1)

    return function


case("conv2d", {"type": "conv2d", "filters": 3, "kernel_size": 3}, conv(1, (0, 0, 0, 0), 1),
     [draw(2, 5, 6, 2)], [draw(3, 3, 2, 3), draw(3)])
case("conv2d, strides, explicit padding",
     {"type": "conv2d", "filters": 2, "kernel_size": [3, 2], "strides": [2, 1], "padding": [1, 0, 2, 1]},
     conv((2, 1), (1, 0, 2, 1), 1), [draw(2, 5, 4, 3)], [draw(3, 2, 3, 2), draw(2)])
# Same padding as TensorFlow's: of 3 rows and 2 columns that are missing the odd one lies below.
case("conv2d, dilation, same padding",
     {"type": "conv2d", "filters": 2, "kernel_size": [4, 2], "padding": "same", "dilation_rate": [1, 2],
      "use_bias": False},
     conv(1, (1, 2, 1, 1), (1, 2)), [draw(1, 5, 4, 2)], [draw(4, 2, 2, 2)])


def transposed(stride, padding):
    def function(x, kernel, bias=None):
        top, bottom, left, right = padding
        y = F.conv_transpose2d(x.permute(0, 3, 1, 2), kernel.permute(3, 2, 0, 1), bias, stride=stride)
        y = y[:, :, top:y.shape[2] - bottom, left:y.shape[3] - right]
        return y.permute(0, 2, 3, 1)

    return function


case("conv2d_transpose", {"type": "conv2d_transpose", "filters": 3, "kernel_size": 3},
     transposed(1, (0, 0, 0, 0)), [draw(2, 4, 3, 2)], [draw(3, 3, 3, 2), draw(3)])
case("conv2d_transpose, strides, same padding",
     {"type": "conv2d_transpose", "filters": 2, "kernel_size": 4, "strides": 2, "padding": "same"},
     transposed(2, (1, 1, 1, 1)), [draw(2, 3, 4, 3)], [draw(4, 4, 2, 3), draw(2)])
case("conv2d_transpose, explicit padding",
     {"type": "conv2d_transpose", "filters": 2, "kernel_size": [3, 2], "strides": [2, 1],
      "padding": [1, 0, 0, 1], "use_bias": False},
     transposed((2, 1), (1, 0, 0, 1)), [draw(1, 4, 3, 2)], [draw(3, 2, 2, 2)])
for interpolation in ("nearest", "bilinear"):
    corners = {"align_corners": False} if interpolation == "bilinear" else {}
    case(f"up_sampling2d, {interpolation}",
         {"type": "up_sampling2d", "size": [2, 3], "interpolation": interpolation},
         lambda x: F.interpolate(x.permute(0, 3, 1, 2), scale_factor=(2, 3), mode=interpolation, **corners)
         .permute(0, 2, 3, 1), [draw(2, 3, 4, 2)])


def pool(function, **settings):
    return lambda x: function(x.permute(0, 3, 1, 2), **settings).permute(0, 2, 3, 1)


case("max_pooling2d", {"type": "max_pooling2d", "pool_size": 3, "strides": 2, "padding": 1},
     pool(F.max_pool2d, kernel_size=3, stride=2, padding=1), [draw(2, 5, 6, 2)])
case("average_pooling2d", {"type": "average_pooling2d", "pool_size": [3, 2], "strides": 2, "padding": 1},
     pool(F.avg_pool2d, kernel_size=(3, 2), stride=2, padding=1, count_include_pad=False), [draw(2, 5, 6, 2)])

x, mean, variance = draw(4, 3, 3), draw(3), draw(3).abs() + 0.5
rows = x.reshape(-1, 3)
moved = [0.9 * mean + 0.1 * rows.mean(0), 0.9 * variance + 0.1 * rows.var(0, unbiased=False)]
settings = {"type": "batch_normalization", "momentum": 0.9, "epsilon": 0.01}
for training in (True, False):
    case(f"batch_normalization, training {training}", settings,
         lambda x, gamma, beta: F.batch_norm(
             x.reshape(-1, 3), mean.clone(), variance.clone(), gamma, beta, training, 0.1, 0.01).reshape(x.shape),
         [x], [draw(3), draw(3)], [mean, variance], moved if training else [mean, variance], training=training)
case("layer_normalization", {"type": "layer_normalization", "epsilon": 0.01},
     lambda x, gamma, beta: F.layer_norm(x, (5,), gamma, beta, 0.01), [draw(2, 3, 5)], [draw(5), draw(5)])
case("gelu", {"type": "gelu"}, F.gelu, [draw(3, 4)])
case("gelu, approximate", {"type": "gelu", "approximate": True},
     lambda x: F.gelu(x, approximate="tanh"), [draw(3, 4)])

weights = [0.5, 2.0, 1.0, 0.25]
labels = torch.tensor([0.0, 3.0, 1.0, 1.0, 2.0])
dense = torch.softmax(draw(5, 4), 1)
for smoothing, class_weights in ((0.0, None), (0.2, None), (0.1, weights)):
    for target in (labels, dense):
        settings = {"type": "softmax_cross_entropy", "label_smoothing": smoothing}
        if class_weights:
            settings["class_weights"] = class_weights
        case(f"softmax_cross_entropy, smoothing {smoothing}, weights {class_weights}, {list(target.shape)}",
             settings,
             lambda z, t: F.cross_entropy(
                 z, t if t.dim() == 2 else t.long(), reduction="none", label_smoothing=smoothing,
                 weight=torch.tensor(class_weights) if class_weights else None).mean(),
             [draw(5, 4), target], frozen=(1,))
case("binary_cross_entropy", {"type": "binary_cross_entropy"},
     F.binary_cross_entropy_with_logits, [draw(3, 4) * 9, torch.rand(3, 4)], frozen=(1,))
case("binary_cross_entropy, batch_mean", {"type": "binary_cross_entropy", "reduction": "batch_mean"},
     lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction="sum") / 3,
     [draw(3, 4), torch.rand(3, 4)], frozen=(1,))
case("gaussian_kl", {"type": "gaussian_kl"},
     lambda m, v: torch.distributions.kl_divergence(
         torch.distributions.Normal(m, (v / 2).exp()), torch.distributions.Normal(0, 1)).sum() / 3,
     [draw(3, 4), draw(3, 4)])
case("huber", {"type": "huber", "delta": 0.7},
     lambda p, t: F.huber_loss(p, t, delta=0.7), [draw(3, 4), draw(3, 4)])



def attention(heads, causal, use_bias):
    """torch.nn.functional.multi_head_attention_forward, its kernels transposed and stacked from ours."""
    def function(x, *rest):
        z, weights = (x, rest) if len(rest) == (4 if use_bias else 2) else (rest[0], rest[1:])
        kernels, biases = (weights[::2], weights[1::2]) if use_bias else (weights, ())
        width, depth = kernels[-1].shape
        split = torch.cat(kernels[:-1], 1).split(width, 1) if z is x else (kernels[0], *kernels[1].split(width, 1))
        mask = torch.triu(torch.ones(x.shape[1], z.shape[1], dtype=torch.bool), 1) if causal else None
        y, _ = F.multi_head_attention_forward(
            x.transpose(0, 1), z.transpose(0, 1), z.transpose(0, 1), depth, heads, None,
            torch.cat(biases[:-1]) if use_bias else None, None, None, False, 0.0, kernels[-1].T,
            biases[-1] if use_bias else None, need_weights=False, attn_mask=mask, use_separate_proj_weight=True,
            q_proj_weight=split[0].T, k_proj_weight=split[1].T, v_proj_weight=split[2].T)
        return y.transpose(0, 1)

    return function


for causal, use_bias in ((False, True), (True, False)):
    settings = {"type": "multi_head_attention", "num_heads": 2, "use_causal_mask": causal, "use_bias": use_bias}
    weights = [draw(6, 18), draw(18), draw(6, 6), draw(6)]
    case(f"multi_head_attention, causal {causal}", settings, attention(2, causal, use_bias),
         [draw(2, 5, 6)], weights if use_bias else weights[::2])
case("multi_head_attention, cross", {"type": "multi_head_attention", "num_heads": 3},
     attention(3, False, True), [draw(2, 3, 6), draw(2, 5, 4)],
     [draw(6, 6), draw(6), draw(4, 12), draw(12), draw(6, 6), draw(6)])

angles = torch.arange(5)[:, None] * torch.exp(torch.arange(0, 6, 2) * (-torch.log(torch.tensor(1e4)) / 6))
waves = torch.stack([angles.sin(), angles.cos()], -1).flatten(1)
case("sinusoidal_position_encoding", {"type": "sinusoidal_position_encoding", "scale_input": True},
     lambda x: x * 6 ** 0.5 + waves, [draw(2, 5, 6)])


def conv1d(stride, padding, dilation):
    def function(x, kernel, bias=None):
        x = F.pad(x.transpose(1, 2), padding)
        return F.conv1d(x, kernel.permute(2, 1, 0), bias, stride=stride, dilation=dilation).transpose(1, 2)

    return function


case("conv1d", {"type": "conv1d", "filters": 3, "kernel_size": 3}, conv1d(1, (0, 0), 1),
     [draw(2, 7, 2)], [draw(3, 2, 3), draw(3)])
# Same padding as TensorFlow's: of three steps that are missing the odd one lies behind.
case("conv1d, strides, same padding",
     {"type": "conv1d", "filters": 2, "kernel_size": 4, "strides": 2, "padding": "same"}, conv1d(2, (1, 2), 1),
     [draw(2, 7, 3)], [draw(4, 3, 2), draw(2)])
case("conv1d, dilation, causal padding",
     {"type": "conv1d", "filters": 2, "kernel_size": 3, "dilation_rate": 2, "padding": "causal", "use_bias": False},
     conv1d(1, (4, 0), 2), [draw(2, 6, 2)], [draw(3, 2, 2)])


def pool1d(function, **settings):
    return lambda x: function(x.transpose(1, 2), **settings).transpose(1, 2)


case("max_pooling1d", {"type": "max_pooling1d", "pool_size": 3, "strides": 2},
     pool1d(F.max_pool1d, kernel_size=3, stride=2), [draw(2, 8, 2)])
case("average_pooling1d", {"type": "average_pooling1d", "pool_size": 3, "strides": 1, "padding": "same"},
     pool1d(F.avg_pool1d, kernel_size=3, stride=1, padding=1, count_include_pad=False), [draw(2, 7, 2)])
# DLinear's moving average.
case("average_pooling1d, replicate", {"type": "average_pooling1d", "pool_size": 5, "strides": 1, "padding": "replicate"},
     lambda x: F.avg_pool1d(F.pad(x.transpose(1, 2), (2, 2), mode="replicate"), 5, 1).transpose(1, 2),
     [draw(2, 7, 2)])


def simple_rnn(operation):
    def function(x, kernel, recurrent, bias):
        flat = [kernel.T, recurrent.T, bias, torch.zeros_like(bias)]
        output, _ = operation(x, torch.zeros(1, x.shape[0], len(bias)), flat, True, 1, 0.0, False, False, True)
        return output

    return function


for activation, operation in (("tanh", torch.rnn_tanh), ("relu", torch.rnn_relu)):
    case(f"simple_rnn, {activation}",
         {"type": "simple_rnn", "units": 3, "activation": activation, "return_sequences": True},
         simple_rnn(operation), [draw(2, 5, 4)], [draw(4, 3), draw(3, 3), draw(3)])


def dot_attention(scaled, causal, trained=False):
    """torch.nn.functional.scaled_dot_product_attention; a trained scale multiplies the query."""
    def function(query, value, *rest):
        key = rest[0] if rest and rest[0].dim() == 3 else value
        if trained:
            query = query * rest[-1]
        return F.scaled_dot_product_attention(query, key, value, is_causal=causal, scale=None if scaled else 1.0)

    return function


case("attention", {"type": "attention"}, dot_attention(False, False), [draw(2, 3, 4), draw(2, 5, 4)])
case("attention, scaled, with keys", {"type": "attention", "scale": "sqrt_dim"}, dot_attention(True, False),
     [draw(2, 3, 4), draw(2, 5, 3), draw(2, 5, 4)])
case("attention, trained scale, causal", {"type": "attention", "scale": "trained", "use_causal_mask": True},
     dot_attention(False, True, trained=True), [draw(2, 4, 3), draw(2, 4, 3)], [draw(1)])


def additive_attention(causal):
    def function(query, value, *rest):
        """As Keras defines it: PyTorch has no such layer, but what it is made of."""
        key = rest[0] if rest and rest[0].dim() == 3 else value
        scale = rest[-1] if rest and rest[-1].dim() == 1 else 1
        scores = (scale * (query[:, :, None] + key[:, None]).tanh()).sum(-1)
        if causal:
            scores = scores.masked_fill(torch.ones_like(scores[0], dtype=torch.bool).triu(1), float("-inf"))
        return scores.softmax(-1) @ value

    return function


case("additive_attention", {"type": "additive_attention"}, additive_attention(False),
     [draw(2, 3, 4), draw(2, 5, 4)], [draw(4)])
case("additive_attention, no scale, with keys", {"type": "additive_attention", "use_scale": False},
     additive_attention(False), [draw(2, 3, 4), draw(2, 5, 3), draw(2, 5, 4)])
case("additive_attention, causal", {"type": "additive_attention", "use_causal_mask": True},
     additive_attention(True), [draw(2, 4, 3), draw(2, 4, 3)], [draw(3)])

with open(OUTPUT, "w") as file:
    json.dump(cases, file)
    file.write("\n")
