#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the peer network as a model file: make_model.py network.h5 model.h5"""
import sys

import h5py
import numpy as np

with h5py.File(sys.argv[1]) as peer, h5py.File(sys.argv[2], "w") as model:
    steps, neurons = peer["input_spikes"].shape
    model.attrs.update(magic="synfire-model", version=2, time_steps=steps)

    for layer in range(len(peer["weights"]) + 1):
        group = model.create_group(f"populations/layer{layer}")
        group.attrs.update(index=layer, size=neurons)
        if layer == 0:
            group.attrs["model"] = "input"
            continue
        group.attrs.update(model="integrate_fire", fires_at_threshold=0)
        group["threshold"] = np.full(neurons, peer["threshold"][()], "int32")
        group["initial_potential"] = peer["initial_membrane_potential"][layer - 1]

    for number, weights in enumerate(peer["weights"]):
        group = model.create_group(f"projections/{number}")
        group.attrs.update(source=f"layer{number}", target=f"layer{number + 1}", delay=1)
        group["weights"] = weights

    time_step, neuron = np.nonzero(peer["input_spikes"][:])
    stimulus = model.create_group("stimulus")
    stimulus.attrs["duration"] = steps
    stimulus["layer0/time_step"] = time_step.astype("uint32")
    stimulus["layer0/neuron"] = neuron.astype("uint32")

    model.create_group("provenance").attrs["source"] = "tests/bench/peer/network.h5"
