#!/usr/bin/env python3
"""Metrics of scikit-learn, and of images and features by NumPy and SciPy.

    python scripts/reference/make_metric_references.py

Needs numpy, scipy and scikit-learn. Writes Tests/TrainingTests/Fixtures/metrics.json: predictions, targets and every
result. Logits have one decimal, so that scores are tied; class 3 never occurs in the targets, class 5 nowhere.
"""
import json
import os

import numpy as np
from scipy.linalg import sqrtm
from scipy.ndimage import gaussian_filter
from scipy.special import softmax
from sklearn import metrics

ROWS, CLASSES = 60, 6
HERE = os.path.dirname(os.path.abspath(__file__))
OUTPUT = os.path.join(HERE, "..", "..", "Tests", "TrainingTests", "Fixtures", "metrics.json")


def nothing(value):
    return None if value is None or np.isnan(value) else float(value)


def multiclass(random):
    targets = random.choice([0, 1, 2, 4], ROWS, p=[0.4, 0.3, 0.2, 0.1])
    logits = random.normal(0, 1, (ROWS, CLASSES))
    logits[np.arange(ROWS), targets] += 1.2
    logits[:, 5] -= 20
    # As floats, which is what is measured.
    logits = np.round(logits, 1).astype(np.float32).astype(np.float64)
    decided = logits.argmax(1)
    assert 3 in decided and 5 not in decided
    results = {"accuracy": metrics.accuracy_score(targets, decided)}
    for k in (1, 2, 3):
        # Not scikit-learn's, which prefers the last of equal scores.
        order = np.argsort(-logits, axis=1, kind="stable")[:, :k]
        results[f"top_{k}_accuracy"] = np.mean([t in row for t, row in zip(targets, order)])
    each = metrics.precision_recall_fscore_support(targets, decided, labels=range(CLASSES), zero_division=0)
    mean = metrics.precision_recall_fscore_support(targets, decided, average="macro", zero_division=0)
    for name, values, macro in zip(("precision", "recall", "f1"), each, mean):
        results[f"{name}_macro"] = macro
        for label in range(CLASSES):
            seen = label in targets or label in decided
            results[f"{name}/{label}"] = values[label] if seen else None
    probabilities = softmax(logits, axis=1)
    areas = [metrics.roc_auc_score(targets == label, probabilities[:, label]) if label in targets else None
             for label in range(CLASSES)]
    results["roc_auc_macro"] = np.mean([area for area in areas if area is not None])
    for label, area in enumerate(areas):
        results[f"roc_auc/{label}"] = area
    return {
        "prediction": logits.tolist(), "target": targets.tolist(),
        "results": {name: nothing(value) for name, value in results.items()},
        "confusion_matrix": metrics.confusion_matrix(targets, decided, labels=range(CLASSES)).tolist(),
    }


def binary(random):
    targets = (random.random(ROWS) < 0.35).astype(int)
    logits = np.round(random.normal(0, 1, ROWS) + targets - 0.5, 1).astype(np.float32).astype(np.float64)
    # A score on the threshold is not above it.
    logits[:2] = 0
    decided = (logits > 0).astype(int)
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(targets, decided, average="binary")
    results = {
        "accuracy": metrics.accuracy_score(targets, decided), "precision": precision, "recall": recall, "f1": f1,
        "roc_auc": metrics.roc_auc_score(targets, logits),
    }
    return {"prediction": logits.tolist(), "target": targets.tolist(),
            "results": {name: float(value) for name, value in results.items()}}


def regression(random):
    targets = random.normal(0, 2, (ROWS, 3)).astype(np.float32).astype(np.float64)
    predictions = (targets + random.normal(0, 1, targets.shape)).astype(np.float32).astype(np.float64)
    return {"prediction": predictions.tolist(), "target": targets.tolist(), "results": {
        "mean_squared_error": metrics.mean_squared_error(targets, predictions),
        "mean_absolute_error": metrics.mean_absolute_error(targets, predictions)}}


def similarity(x, y):
    """Wang et al. 2004: an 11 x 11 Gaussian window (3.5 deviations of 1.5 are 5 pixels), where it lies within the image."""
    def blur(image):
        return gaussian_filter(image, 1.5, truncate=3.5)[5:-5, 5:-5]
    mean_x, mean_y = blur(x), blur(y)
    variance_x, variance_y = blur(x * x) - mean_x**2, blur(y * y) - mean_y**2
    covariance = blur(x * y) - mean_x * mean_y
    c1, c2 = 0.01**2, 0.03**2
    return np.mean((2 * mean_x * mean_y + c1) * (2 * covariance + c2)
                   / ((mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2)))


def images(random):
    targets = np.round(random.random((4, 13, 14, 2)), 2).astype(np.float32).astype(np.float64)
    predictions = np.round(targets + random.normal(0, 0.2, targets.shape), 2).astype(np.float32).astype(np.float64)
    squares = ((targets - predictions) ** 2).reshape(4, -1)
    return {"prediction": predictions.tolist(), "target": targets.tolist(), "results": {
        "squared_error_per_row": squares.sum(1).mean(),
        "psnr": np.mean(10 * np.log10(1 / squares.mean(1))),
        "ssim": np.mean([similarity(predictions[n, :, :, c], targets[n, :, :, c]) for n in range(4) for c in range(2)])}}


def features(random):
    mix = random.normal(0, 1, (5, 5))
    targets = np.round(random.normal(0, 1, (150, 5)) @ mix + 1, 2).astype(np.float32).astype(np.float64)
    predictions = np.round(random.normal(0, 1.5, (150, 5)), 2).astype(np.float32).astype(np.float64)
    one, two = np.cov(predictions, rowvar=False), np.cov(targets, rowvar=False)
    distance = (np.sum((predictions.mean(0) - targets.mean(0)) ** 2)
                + np.trace(one + two - 2 * np.real(sqrtm(one @ two))))
    return {"prediction": predictions.tolist(), "target": targets.tolist(), "frechet": distance}


def main():
    random = np.random.default_rng(3)
    with open(OUTPUT, "w") as file:
        json.dump({"multiclass": multiclass(random), "binary": binary(random), "regression": regression(random),
                   "images": images(random), "features": features(random)}, file)
        file.write("\n")


main()
