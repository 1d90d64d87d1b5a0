// SPDX-License-Identifier: Apache-2.0

// What decoders of GPT-2's sizes need, foreseen: the table in analysis/RESULTS.md and the README.

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "analysis/cost_model.hpp"
#include "analysis/grouped.hpp"
#include "tests/bench/synthetic_decoder.hpp"
#include "topology/chip.hpp"
#include "topology/fan_in.hpp"

namespace {

using namespace synfire;
using namespace synfire::bench;

/// Radford et al. 2019, table 2.
struct Size {
  const char* name;
  SyntheticShape shape;
  int side;  ///< of the mesh, tiles of 4 neurocores
};

std::string row(const Size& size) {
  constexpr std::uint32_t context = 1024;
  constexpr double mebibyte = 1024.0 * 1024.0;
  const std::string side = std::to_string(size.side);
  const ChipDescription chip =
      load_chip("loihi-like",
                std::vector<std::string>{"neurocore.synapse_memory=1 MiB", "multicast.kind=tree",
                                         "grid.width=" + side, "grid.height=" + side});
  const Network network = split_fan_in(synthetic_decoder(size.shape), chip);
  const Mapping mapping = map_network(network, chip, context);
  const CostPrediction cost =
      predict_cost(network, chip, mapping, assumed_traffic(network, cost_rate_permille), context);
  return fmt::format("| {} | {:.0f} M | {} | {} | {} | {:.0f} MiB | {:.2f} s |\n", size.name,
                     static_cast<double>(cost.synapses) / 1e6,
                     grouped(used_neurocores(mapping.slices)), grouped(cost.packets),
                     grouped(cost.events), static_cast<double>(cost.memory_bytes) / mebibyte,
                     cost.seconds);
}

}  // namespace

int main() {
  const std::vector<Size> sizes{
      {"GPT-2 small", {}, 8},
      {"GPT-2 medium", {.blocks = 24, .embedding = 1024, .hidden = 4096, .heads = 16}, 16},
      {"GPT-2 large", {.blocks = 36, .embedding = 1280, .hidden = 5120, .heads = 20}, 24}};
  fmt::print(
      "| size of | synapses | neurocores | packets a token | events a token | memory | a token |\n"
      "|---|---|---|---|---|---|---|\n");
  for (const Size& size : sizes) fmt::print("{}", row(size));
}
