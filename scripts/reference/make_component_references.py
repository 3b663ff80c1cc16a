"""Principal components of the digits by NumPy: the numbers in Tests/CommandTests/ComponentsTests.swift.

    python scripts/reference/make_component_references.py
"""

import gzip
import pathlib

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRAINED, COMPONENTS = 1200, 8


def images(name):
    data = gzip.decompress((ROOT / "data" / "digits" / name).read_bytes())
    return numpy.frombuffer(data, numpy.uint8, offset=16).reshape(-1, 64) / 16


train = images("digits-train-images-idx3-ubyte.gz")[:TRAINED]
test = images("digits-test-images-idx3-ubyte.gz")
mean = train.mean(0)
_, scales, directions = numpy.linalg.svd(train - mean, full_matrices=False)
variances = scales**2 / (len(train) - 1)
print("ratios", (variances / variances.sum())[:COMPONENTS].tolist())
print("variances", variances[:COMPONENTS].tolist())
for name, rows in (("train", train), ("test", test)):
    codes = (rows - mean) @ directions[:COMPONENTS].T
    errors = ((rows - mean - codes @ directions[:COMPONENTS]) ** 2).sum(1)
    print(name, errors.mean())
