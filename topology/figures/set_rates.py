#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a copy of a model whose spiking populations all fire at about one rate.

Biases (of attention: thresholds) of each population are moved together until a run on the `ideal`
chip shows the rate; the first line of output is what was reached. The text is lost, the shapes and
the traffic stay real: an experiment on cost alone. Needs h5py.

    set_rates.py SYNFIRE MODEL RATE_PERCENT OUT
"""
import json
import math
import shutil
import subprocess
import sys

import h5py
import numpy

ROUNDS = 40
TOKENS = "16"


def rates_of(synfire, model):
    run = subprocess.run([synfire, "run", "--model", model, "--chip", "ideal", "--tokens", TOKENS,
                          "--quiet", "--json", "-"], check=True, capture_output=True)
    return json.loads(run.stdout)["rate"]


def logit(rate):
    rate = min(max(rate, 1e-4), 1 - 1e-4)
    return math.log(rate / (1 - rate))


def move(population, scale, change):
    """Towards a higher rate if `change` is positive; `scale` is the size of the thresholds."""
    if "bias" in population:
        population["bias"][()] = population["bias"][()] + numpy.int32(round(change * scale))
    else:
        thresholds = population["threshold"][()] * math.exp(-change)
        population["threshold"][()] = numpy.maximum(1, numpy.rint(thresholds)).astype("int32")


def spiking(model):
    return {name: population for name, population in model["populations"].items()
            if population.attrs["model"] in ("lif", "attention")}


def set_rates(synfire, source, target, out):
    """The rate over all neurons, and the farthest of a population, that were reached."""
    shutil.copyfile(source, out)
    with h5py.File(out, "r+") as model:
        model.attrs.pop("identity", None)
        populations = spiking(model)
        scales = {name: float(numpy.median(each["threshold"])) for name, each in populations.items()}
        neurons = {name: int(each.attrs["size"]) for name, each in populations.items()}
    for i in range(ROUNDS):
        rates = rates_of(synfire, out)
        mean = sum(rates[name] * n for name, n in neurons.items()) / sum(neurons.values())
        farthest = max((rates[name] for name in neurons), key=lambda rate: abs(rate - target))
        if abs(mean - target) < 0.02 * target and abs(farthest - target) < 0.2 * target:
            break
        gain = 0.3 / (1 + i / 10)
        with h5py.File(out, "r+") as model:
            for name, population in spiking(model).items():
                error = logit(target) - logit(rates[name])
                move(population, scales[name], gain * max(-2, min(2, error)))
    return mean, farthest


if __name__ == "__main__":
    synfire, source, percent, out = sys.argv[1:]
    mean, farthest = set_rates(synfire, source, float(percent) / 100, out)
    print(f"{100 * mean:.3f} {100 * farthest:.3f}")
