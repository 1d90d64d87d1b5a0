// SPDX-License-Identifier: Apache-2.0
#include "topology/format_check.hpp"

#include <algorithm>
#include <string>

#include "neurons/bounds.hpp"
#include "sim/error.hpp"
#include "sim/multiversion.hpp"
#include "topology/twin.hpp"

namespace synfire {
namespace {

/// The largest w, or -w - 1 where w is negative.
SYNFIRE_LOOP int largest_magnitude(const std::int8_t* weights, std::size_t count) {
  std::int8_t largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto magnitude = static_cast<std::int8_t>(weights[i] ^ (weights[i] >> 7));
    largest = std::max(largest, magnitude);
  }
  return largest;
}

std::int64_t weight_width(const Projection& projection) {
  if (projection.weights.empty()) return 1;
  return signed_width(
      multiversion<largest_magnitude>(projection.weights.data(), projection.weights.size()));
}

void require(const Population& population, const std::string& format, const char* what,
             std::int64_t needed, std::int64_t available) {
  if (needed <= available) return;
  throw MappingError(population.name, format,
                     std::string(what) + " need " + std::to_string(needed) +
                         " bits, the chip has " + std::to_string(available) + "; raise format." +
                         format);
}

}  // namespace

void check_formats(const Network& network, const ChipDescription& chip, std::uint32_t context) {
  if (has_dense_parts(network)) {
    require_dense_numbers(chip, "dense parts of this network", "take a network that only spikes");
  }
  const std::vector<PopulationBound> bounds = prove_bounds(network, context);
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const Population& population = network.populations()[i];
    if (population.model == NeuronModel::input) continue;
    require(population, "accumulator_width", "sums and potentials",
            signed_width(std::max(bounds[i].current, bounds[i].state)),
            chip.format.accumulator_bits);
    if (is_graded(population.model)) {
      require(population, "payload_width", "payloads", signed_width(bounds[i].output),
              chip.format.payload_bits);
    }
  }
  for (const Projection& projection : network.projections()) {
    if (projection.connectivity != Connectivity::dense) continue;
    require(network.population(projection.target), "weight_width", "weights",
            weight_width(projection), chip.format.weight_bits);
  }
}

}  // namespace synfire
