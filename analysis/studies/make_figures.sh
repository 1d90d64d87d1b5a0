#!/bin/sh
# Makes the sweeps of this folder and the figures beside them. Usage: make_figures.sh [SYNFIRE]
set -eu
synfire=${1:-build/release/sim/app/synfire}
folder=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

draw() {  # sweep, picture, arguments of plot
    table="$work/$1.h5"
    picture="$folder/$2"
    shift 2
    "$synfire" plot "$table" "$@" -o "$picture"
}

"$synfire" sweep "$folder/core_size.yaml" -o "$work/core_size.h5"
draw core_size core_size.svg --kind pareto
draw core_size core_size_sensitivity.svg --kind sensitivity
draw core_size core_size_map.svg --kind heatmap --metric latency_per_token \
    --parameter neurocore.neurons --parameter neurocore.synapse_memory
"$synfire" sweep "$folder/thousand_chips.yaml" -o "$work/thousand_chips.h5"
draw thousand_chips thousand_chips.svg --kind pareto
draw thousand_chips thousand_chips_parallel.svg --kind parallel
draw thousand_chips thousand_chips_sensitivity.svg --kind sensitivity
