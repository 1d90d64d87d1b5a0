#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the shipped decoder, its neurons set to one firing rate after another, against its dense twins
# on four chips, and draws the figure of ../RESULTS.md. Needs python3 with h5py, and gnuplot. About
# two minutes.
#
#   SYNFIRE=build/release/sim/app/synfire PYTHON=/usr/bin/python3 topology/figures/make_twin_figures.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
synfire=${SYNFIRE:-$here/../../build/release/sim/app/synfire}
python=${PYTHON:-python3}
model=${MODEL:-$here/../../models/pretrained/moby-dick.h5}
tokens=${TOKENS:-32}
chips="loihi-like horowitz-45nm digital-22nm small-cores"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Arguments of a chip; small-cores is digital-22nm with 64 neurons a core, one core a tile.
chip_of() {
  if [ "$1" = small-cores ]; then
    echo --chip digital-22nm --set neurocore.neurons=64 --set grid.width=16 --set grid.height=8 \
      --set grid.cores_per_tile=1
  else
    echo --chip "$1"
  fi
}

# One line: the rate, then energy in uJ and time in us a token with spikes, of the quantised and of the
# artificial twin.
measure() {
  rate=$1
  shift
  "$synfire" run --tokens "$tokens" --quiet --compare twin,ann --json - "$@" | "$python" -c '
import json, sys
run = json.load(sys.stdin)
each = [run, run["compare"]["twin"], run["compare"]["ann"]]
print(sys.argv[1], *(f"{one[key] * 1e6:.6g}" for key in ("energy_j_per_token", "latency_s_per_token")
                     for one in each))' "$rate"
}

for chip in $chips; do
  echo "# rate_percent spiking_uj quantised_uj artificial_uj spiking_us quantised_us artificial_us" \
    >"$here/twin_$chip.dat"
done
for percent in 1 2 3 5 7 10 15 20 30 50; do
  reached=$("$python" "$here/set_rates.py" "$synfire" "$model" $percent "$folder/model.h5")
  for chip in $chips; do
    measure "${reached% *}" --model "$folder/model.h5" $(chip_of "$chip") >>"$here/twin_$chip.dat"
  done
done

# As trained: rates of its populations are between 8 % and 26 %.
for chip in $chips; do
  measure "$chip" --model "$model" $(chip_of "$chip")
done >"$here/twin_as_trained.dat"

# The rate at which spikes cost as much as a twin: between the two measured rates around it.
"$python" - "$here" $chips >"$here/twin_crossover.dat" <<'CROSSOVER'
import sys

def crossover(rows, twin):
    ratios = [(row[0], row[1] / row[twin]) for row in rows]
    for (before, low), (after, high) in zip(ratios, ratios[1:]):
        if low <= 1 < high:
            return f"{before + (1 - low) / (high - low) * (after - before):.1f}"
    return "never" if ratios[-1][1] <= 1 else "always"

print("# chip rate_percent_where_spikes_cost_as_much_as_the_quantised_twin as_the_artificial_twin")
for chip in sys.argv[2:]:
    with open(f"{sys.argv[1]}/twin_{chip}.dat") as lines:
        rows = [[float(word) for word in line.split()] for line in lines if line[0] != "#"]
    print(chip, crossover(rows, 2), crossover(rows, 3))
CROSSOVER

cd "$here"
gnuplot <<'PLOT'
set terminal svg size 640,400 font "sans,13" background "white"
set grid
set key bottom right
set style line 1 lc rgb "#0072B2" lw 2 pt 7 ps 0.6
set style line 2 lc rgb "#D55E00" lw 2 pt 5 ps 0.6
set style line 3 lc rgb "#009E73" lw 2 pt 9 ps 0.6
set style line 4 lc rgb "#CC79A7" lw 2 pt 11 ps 0.6
set output "twins.svg"
set logscale x 10
set xrange [0.8:60]
set logscale y 2
set xlabel "spikes per neuron and time step (%)"
set ylabel "energy with spikes / energy of the quantised twin"
plot 1 with lines lc rgb "#888888" notitle, \
     "twin_loihi-like.dat" using 1:($2/$3) with linespoints ls 1 title "loihi-like", \
     "twin_horowitz-45nm.dat" using 1:($2/$3) with linespoints ls 2 title "horowitz-45nm", \
     "twin_digital-22nm.dat" using 1:($2/$3) with linespoints ls 3 title "digital-22nm", \
     "twin_small-cores.dat" using 1:($2/$3) with linespoints ls 4 title "digital-22nm, small cores"
PLOT
