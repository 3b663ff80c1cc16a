#!/usr/bin/env python3
"""Makes the IDX files in this folder from the digits that come with scikit-learn (needs numpy and scikit-learn).

Within each class, in the order of the source, every fifth image goes to the test set: the same share of each class and
of each stretch of the source. The same versions of Python and scikit-learn give the same bytes.
"""

import gzip
import hashlib
import pathlib
import struct

import numpy
from sklearn.datasets import load_digits

FOLDER = pathlib.Path(__file__).parent


def write(name, values):
    """Writes unsigned bytes as gzipped IDX without name and time, and prints the row for SOURCE.md."""
    header = struct.pack(f">4B{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    contents = header + values.astype(numpy.uint8).tobytes()
    packed = gzip.compress(contents, compresslevel=9, mtime=0)
    (FOLDER / name).write_bytes(packed)
    digest = hashlib.sha256(contents).hexdigest()
    print(f"| {name} | {len(packed):,} | {len(contents):,} | {digest} |")


def main():
    digits = load_digits()
    images, labels = digits.images, digits.target
    assert images.shape == (1797, 8, 8) and images.min() == 0 and images.max() == 16
    is_test = numpy.zeros(len(labels), dtype=bool)
    for digit in range(10):
        is_test[numpy.flatnonzero(labels == digit)[4::5]] = True
    for split, rows in (("train", ~is_test), ("test", is_test)):
        write(f"digits-{split}-images-idx3-ubyte.gz", images[rows])
        write(f"digits-{split}-labels-idx1-ubyte.gz", labels[rows])
        print(split, rows.sum(), numpy.bincount(labels[rows]))


if __name__ == "__main__":
    main()
