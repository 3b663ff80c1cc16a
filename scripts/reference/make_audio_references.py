#!/usr/bin/env python3
"""Log-mel features by NumPy's Fourier transform.

    python scripts/reference/make_audio_references.py

Needs numpy. Writes Tests/DatasetsTests/Fixtures/log-mel.json: sounds of 16 bits and the features of their frames. The
triangles are interpolated between the edges of bands, as another way to the same definition.
"""
import json
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
OUTPUT = os.path.join(HERE, "..", "..", "Tests", "DatasetsTests", "Fixtures", "log-mel.json")


def mel(hertz):
    return 2595 * np.log10(1 + hertz / 700)


def features(samples, rate, length, step, mels, low, high, frames):
    size = 1 << (length - 1).bit_length()
    padded = np.zeros(frames * step + length)
    kept = samples[: len(padded)] / 2**15
    padded[: len(kept)] = kept
    window = np.hanning(length + 1)[:-1]
    spectra = np.array([np.fft.rfft(padded[t * step : t * step + length] * window, size) for t in range(frames)])
    edges = 700 * (10 ** (np.linspace(mel(low), mel(high), mels + 2) / 2595) - 1)
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    triangles = [
        np.interp(frequencies, edges[band : band + 3], [0, 1, 0], left=0, right=0) for band in range(mels)
    ]
    return np.log(np.abs(spectra) ** 2 @ np.array(triangles).T + 1e-6)


def main():
    random = np.random.default_rng(1)
    cases = []
    for rate, length, step, mels, low, high, frames, count in [
        (8000, 256, 80, 20, 0, 4000, 12, 1000),
        (16000, 400, 160, 13, 20, 7600, 5, 1500),
    ]:
        time = np.arange(count) / rate
        sound = 0.3 * np.sin(2 * np.pi * (300 + 900 * time) * time) + 0.05 * random.normal(size=count)
        samples = np.round(sound * 2**15).astype(int)
        result = features(samples, rate, length, step, mels, low, high, frames)
        cases.append({
            "rate": rate, "length": length, "step": step, "mels": mels, "low": low, "high": high, "frames": frames,
            "samples": samples.tolist(), "features": [round(float(value), 6) for value in result.ravel()],
        })
    with open(OUTPUT, "w", encoding="utf-8") as file:
        json.dump(cases, file)
        file.write("\n")


main()
