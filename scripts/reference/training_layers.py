"""Layers of PyTorch that take their weights by dlcli's names, in dlcli's shapes, from `w(name, *shape)`.

Images are [N, C, H, W], sequences [N, T, F].
"""
import math

import torch
from torch.nn import functional as F


def dense(w, name, x, units, bias=True):
    y = x @ w(f"{name}/kernel", x.shape[-1], units)
    return y + w(f"{name}/bias", units) if bias else y


def convolution(w, name, x, filters, size, stride=1, padding=0, bias=True):
    kernel = w(f"{name}/kernel", size, size, x.shape[1], filters)
    return F.conv2d(x, kernel.permute(3, 2, 0, 1), w(f"{name}/bias", filters) if bias else None, stride, padding)


def transposed_convolution(w, name, x, filters, size, padding=0, bias=True):
    """With strides of 2."""
    kernel = w(f"{name}/kernel", size, size, filters, x.shape[1]).permute(3, 2, 0, 1)
    return F.conv_transpose2d(x, kernel, w(f"{name}/bias", filters) if bias else None, 2, padding)


def channels_first(x):
    return x.permute(0, 3, 1, 2)


def flat(x):
    """In dlcli's order: rows, columns, channels."""
    return x.permute(0, 2, 3, 1).flatten(1)


def batch_norm(w, name, x):
    """With the statistics of the batch; the moving ones play no part in training."""
    gamma, beta = (w(f"{name}/{part}", x.shape[1]) for part in ("gamma", "beta"))
    return F.batch_norm(x, None, None, gamma, beta, training=True, eps=1e-5)


def layer_norm(w, name, x, center=True):
    width = x.shape[-1]
    return F.layer_norm(x, (width,), w(f"{name}/gamma", width), w(f"{name}/beta", width) if center else None, 1e-5)


def embedding(w, name, tokens, count, width):
    return F.embedding(tokens, w(f"{name}/embeddings", count, width))


def state(x, units):
    return torch.zeros(1, len(x), units, dtype=x.dtype)


def lstm(w, name, x, units):
    kernel = w(f"{name}/kernel", x.shape[-1], 4 * units)
    recurrent, bias = w(f"{name}/recurrent_kernel", units, 4 * units), w(f"{name}/bias", 4 * units)
    weights = [kernel.T.contiguous(), recurrent.T.contiguous(), bias, torch.zeros_like(bias)]
    # What is under torch.nn.LSTM, whose module would hold the weights itself.
    return torch.lstm(x, (state(x, units), state(x, units)), weights, True, 1, 0.0, True, False, True)[0]


def gru(w, name, x, units):
    def turned(values):
        """Gates in PyTorch's order."""
        z, r, n = values.chunk(3, -1)
        return torch.cat([r, z, n], -1)

    kernel = turned(w(f"{name}/kernel", x.shape[-1], 3 * units))
    recurrent = turned(w(f"{name}/recurrent_kernel", units, 3 * units))
    bias = turned(w(f"{name}/bias", 2, 3 * units))
    weights = [kernel.T.contiguous(), recurrent.T.contiguous(), bias[0], bias[1]]
    return torch.gru(x, state(x, units), weights, True, 1, 0.0, True, False, True)[0]


def sinusoids(length, width, dtype):
    angle = torch.arange(length, dtype=torch.float64)[:, None] * torch.exp(
        torch.arange(0, width, 2, dtype=torch.float64) * (-math.log(1e4) / width))
    return torch.stack([angle.sin(), angle.cos()], -1).flatten(1).to(dtype)


def attention(w, name, x, z, heads, causal=False, bias=True):
    """Of x to z, which for self attention is x."""
    width = x.shape[-1]

    def project(part, values, units):
        y = values @ w(f"{name}/{part}_kernel", values.shape[-1], units)
        return y + w(f"{name}/{part}_bias", units) if bias else y

    if z is x:
        q, k, v = project("query_key_value", x, 3 * width).chunk(3, -1)
    else:
        q, (k, v) = project("query", x, width), project("key_value", z, 2 * width).chunk(2, -1)
    q, k, v = (t.unflatten(-1, (heads, -1)).transpose(1, 2) for t in (q, k, v))
    heard = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return project("output", heard.transpose(1, 2).flatten(2), width)


def feed_forward(w, name, x, inner, activation, bias=True):
    width = x.shape[-1]
    y = x @ w(f"{name}/intermediate_kernel", width, inner)
    y = activation(y + w(f"{name}/intermediate_bias", inner) if bias else y) @ w(f"{name}/output_kernel", inner, width)
    return y + w(f"{name}/output_bias", width) if bias else y


def encoder_layer(w, name, x, inner, activation, heads=4, causal=False, bias=True):
    """Pre-norm."""
    y = layer_norm(w, f"{name}/attention_norm", x, bias)
    x = x + attention(w, f"{name}/attention", y, y, heads, causal, bias)
    y = layer_norm(w, f"{name}/feed_forward_norm", x, bias)
    return x + feed_forward(w, f"{name}/feed_forward", y, inner, activation, bias)


def decoder_layer(w, name, x, encoded, inner, activation, heads=4):
    """Pre-norm."""
    y = layer_norm(w, f"{name}/self_attention_norm", x)
    x = x + attention(w, f"{name}/self_attention", y, y, heads, causal=True)
    y = layer_norm(w, f"{name}/cross_attention_norm", x)
    x = x + attention(w, f"{name}/cross_attention", y, encoded, heads)
    return x + feed_forward(w, f"{name}/feed_forward", layer_norm(w, f"{name}/feed_forward_norm", x), inner, activation)
