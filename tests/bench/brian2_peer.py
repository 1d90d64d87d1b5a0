#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The peer network in Brian2's C++ standalone mode, on one thread.

Compiles once and says `compiled`, then runs once for every line on standard input and answers with
one line of JSON:
seconds of the simulation loop alone as Brian2 measures it (`loop_s`, process time), spikes, the
sum over spikes of (t + 1) (1024 layer + neuron) with t from 0, and peak memory. Needs python3-brian and python3-h5py.
"""
import argparse
import json
import os
import subprocess
import sys

import h5py
import numpy as np


def checksum(layer, neuron, step):
    return int(((step.astype(np.int64) + 1) * (1024 * layer + neuron.astype(np.int64))).sum())


def build(brian2, file, folder):
    """Returns one spike monitor a layer; the network is compiled, but has not run."""
    brian2.set_device("cpp_standalone", directory=folder, build_on_run=False)
    brian2.prefs.devices.cpp_standalone.openmp_threads = 0
    step = 1 * brian2.ms
    brian2.defaultclock.dt = step
    inputs = file["input_spikes"][()]
    steps, size = inputs.shape
    step_of, neuron_of = np.nonzero(inputs)
    groups = [brian2.SpikeGeneratorGroup(size, neuron_of, step_of * step)]
    synapses = []
    for layer, weights in enumerate(file["weights"]):
        # What fired in step t is added after the resets of t and counts in step t + 1.
        target = brian2.NeuronGroup(
            size, "v : 1", threshold=f"v > {file['threshold'][()]}", reset="v = 0")
        target.v = file["initial_membrane_potential"][layer]
        synapse = brian2.Synapses(groups[-1], target, "w : 1", on_pre="v_post += w")
        synapse.connect()
        synapse.w = weights.flatten()
        groups.append(target)
        synapses.append(synapse)
    monitors = [brian2.SpikeMonitor(group) for group in groups]
    network = brian2.Network(*groups, *synapses, *monitors)
    network.schedule = ["start", "groups", "thresholds", "resets", "synapses", "end"]
    network.run(steps * step)
    brian2.device.build(directory=folder, compile=True, run=False, debug=False)
    return monitors


def run(brian2, monitors, folder):
    program = subprocess.Popen(["./main"], cwd=folder)
    _, status, usage = os.wait4(program.pid, 0)
    if status != 0:
        sys.exit(f"brian2_peer.py: {folder}/main: ends with status {status}")
    brian2.get_device().has_been_run = True  # monitors read what the program left
    with open(os.path.join(folder, "results", "last_run_info.txt")) as file:
        loop = float(file.read().split()[0])
    spikes = 0
    total = 0
    for layer, monitor in enumerate(monitors):
        step = np.rint(np.asarray(monitor.t) / 1e-3)
        spikes += len(step)
        total += checksum(layer, np.asarray(monitor.i), step)
    return {"loop_s": loop, "spikes": spikes, "checksum": total,
            "peak_rss_MiB": usage.ru_maxrss / 1024}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("network", help="network.h5")
    arguments.add_argument("folder", help="for the generated program")
    options = arguments.parse_args()
    import brian2  # slow, and may be missing
    with h5py.File(options.network) as file:
        monitors = build(brian2, file, options.folder)
    print("compiled", flush=True)
    for _ in sys.stdin:
        print(json.dumps(run(brian2, monitors, options.folder)), flush=True)


if __name__ == "__main__":
    main()
