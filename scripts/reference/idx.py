"""IDX files of bytes, as MNIST has them: http://yann.lecun.com/exdb/mnist"""
import gzip
import struct

import numpy as np


def read(path):
    with gzip.open(path) as file:
        content = file.read()
    rank = content[3]
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(struct.unpack(f">{rank}I", content[4:4 + 4 * rank]))


def write(path, values):
    with open(path, "wb") as file:
        file.write(struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape) + values.tobytes())
