// SPDX-License-Identifier: Apache-2.0
#include "sim/app/mapping_options.hpp"

#include <CLI/CLI.hpp>

namespace synfire::app {

void add_mapping_options(CLI::App& command, MappingOptions& options) {
  auto* placement =
      command
          .add_option("--placement", options.placement,
                      "Neurocores of the slices: linear, greedy, annealing (least packets x "
                      "hops) or partition (METIS)")
          ->capture_default_str();
  auto* seed = command.add_option("--placement-seed", options.seed, "Of annealing and partition")
                   ->capture_default_str();
  command.add_option("--mapping", options.mapping, "Read the mapping from a file of synfire map")
      ->excludes(placement)
      ->excludes(seed);
  command.add_option(
      "--traffic", options.traffic,
      "Recording whose spikes count in placement and foresight; else all neurons fire "
      "alike");
}

}  // namespace synfire::app
