// SPDX-License-Identifier: Apache-2.0
#include "topology/mapping.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "sim/error.hpp"
#include "sim/params.hpp"
#include "topology/core_order.hpp"
#include "topology/format_check.hpp"
#include "topology/slice_needs.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

void require(const Population& population, const char* resource, const char* key_path,
             const Quantity& quantity, std::int64_t needed, std::int64_t available) {
  if (needed <= available) return;
  const char* what = attends(population.model)                     ? "one head"
                     : population.model == NeuronModel::layer_norm ? "a LayerNorm"
                                                                   : "one neuron";
  throw MappingError(population.name, resource,
                     std::string(what) + " needs " + format_value(quantity, needed) + " of " +
                         key_path + ", a neurocore has " + format_value(quantity, available) +
                         "; raise " + key_path + " or use a smaller layer");
}

/// The least that must lie on one core fits an empty one.
void check_smallest(const Population& population, const SliceNeeds& needs,
                    const CoreUse& capacity) {
  const CoreUse least = needs.of(needs.smallest);
  require(population, "neurons", "neurocore.neurons", quantity::neurons, least.neurons,
          capacity.neurons);
  require(population, "axons_in", "neurocore.axons_in", quantity::axons, least.axons_in,
          capacity.axons_in);
  require(population, "synapse_memory", "neurocore.synapse_memory", quantity::memory,
          least.synapse_memory_bits, capacity.synapse_memory_bits);
  require(population, "attention_memory", "attention.memory", quantity::memory,
          least.attention_memory_bits, capacity.attention_memory_bits);
}

/// Sizes of the fewest equal slices that each fit an empty core; they differ by one unit at most.
std::vector<std::uint32_t> split_evenly(const Population& population, const SliceNeeds& needs,
                                        const CoreUse& capacity) {
  const std::uint32_t units = population.size / needs.smallest;
  const auto fits_in = [&](std::uint32_t parts) {
    const std::uint32_t largest = (units + parts - 1) / parts;
    return fits({}, needs.of(std::int64_t{largest} * needs.smallest), capacity);
  };
  std::uint32_t too_few = 0;
  std::uint32_t enough = units;
  while (enough - too_few > 1) {
    const std::uint32_t middle = too_few + (enough - too_few) / 2;
    (fits_in(middle) ? enough : too_few) = middle;
  }
  std::vector<std::uint32_t> sizes(enough, units / enough * needs.smallest);
  for (std::uint32_t i = 0; i < units % enough; ++i) sizes[i] += needs.smallest;
  return sizes;
}

/// Places slices on one core after another; goes on past the last one to learn how many it takes.
class Filler {
 public:
  Filler(std::vector<CoreId> order, const CoreUse& capacity)
      : order_(std::move(order)), capacity_(capacity), cores_(order_.size()) {}

  void place(PopulationId population, const std::vector<std::uint32_t>& sizes,
             const SliceNeeds& needs) {
    std::uint32_t begin = 0;
    for (const std::uint32_t size : sizes) {
      const CoreUse use = needs.of(size);
      if (!fits(current_, use, capacity_)) {
        current_ = {};
        ++position_;
      }
      current_ += use;
      if (position_ < order_.size()) {
        const CoreId core = order_[position_];
        cores_[index(core)] = current_;
        slices_.push_back({population, begin, begin + size, core});
      } else if (!first_without_core_) {
        first_without_core_ = population;
      }
      begin += size;
    }
  }

  void place_on_host(PopulationId population, std::uint32_t size) {
    slices_.push_back({population, 0, size, host_core});
  }

  std::size_t cores_needed() const { return position_ + 1; }
  std::optional<PopulationId> first_without_core() const { return first_without_core_; }

  Mapping finish() {
    std::ranges::sort(slices_, {}, [](const PopulationSlice& slice) {
      return std::tuple(slice.population, slice.begin);
    });
    return {std::move(slices_), std::move(cores_)};
  }

 private:
  std::vector<CoreId> order_;
  CoreUse capacity_;
  std::vector<CoreUse> cores_;
  std::vector<PopulationSlice> slices_;
  CoreUse current_;
  std::size_t position_ = 0;
  std::optional<PopulationId> first_without_core_;
};

/// What to change so that the chip has `needed` neurocores.
std::string remedy_for_cores(const ChipDescription& chip, std::int64_t needed) {
  if (chip.grid.topology == TopologyKind::graphml) {
    return "use a graph with more routers or `cores`";
  }
  const std::int64_t column =
      chip.board.columns * chip.board.rows * chip.grid.height * chip.grid.cores_per_tile;
  return "set grid.width=" + std::to_string((needed + column - 1) / column);
}

void check_enough_cores(const Network& network, const ChipDescription& chip,
                        std::uint32_t available, const Filler& filler) {
  const auto homeless = filler.first_without_core();
  if (!homeless) return;
  const auto needed = static_cast<std::int64_t>(filler.cores_needed());
  throw MappingError(network.population(*homeless).name, "neurocores",
                     "finds no neurocore left: the network needs " + std::to_string(needed) +
                         ", the chip has " + std::to_string(available) + "; " +
                         remedy_for_cores(chip, needed) + " or larger neurocores");
}

}  // namespace

CoreUse& CoreUse::operator+=(const CoreUse& more) {
  neurons += more.neurons;
  axons_in += more.axons_in;
  synapse_memory_bits += more.synapse_memory_bits;
  attention_memory_bits += more.attention_memory_bits;
  return *this;
}

CoreUse& CoreUse::operator-=(const CoreUse& less) {
  neurons -= less.neurons;
  axons_in -= less.axons_in;
  synapse_memory_bits -= less.synapse_memory_bits;
  attention_memory_bits -= less.attention_memory_bits;
  return *this;
}

std::uint32_t used_neurocores(std::span<const PopulationSlice> slices) {
  std::set<CoreId> cores;
  for (const PopulationSlice& slice : slices) cores.insert(slice.core);
  cores.erase(host_core);
  return static_cast<std::uint32_t>(cores.size());
}

std::vector<CoreUse> core_uses(const Network& network, const ChipDescription& chip,
                               std::uint32_t context, std::span<const PopulationSlice> slices,
                               std::uint32_t cores) {
  std::vector<CoreUse> uses(cores);
  for (const PopulationSlice& slice : slices) {
    if (slice.core == host_core) continue;
    uses[index(slice.core)] +=
        slice_needs(network, slice.population, chip, context).of(slice.size());
  }
  return uses;
}

Mapping map_network(const Network& network, const ChipDescription& chip, std::uint32_t context) {
  check_formats(network, chip, context);
  const CoreUse capacity = core_capacity(chip);
  const RouterGraph graph = build_graph(chip);
  Filler filler(neighbour_order(chip, graph), capacity);
  for (const PopulationId id : network.evaluation_order()) {
    const Population& population = network.population(id);
    if (population.model == NeuronModel::input) {
      filler.place_on_host(id, population.size);
      continue;
    }
    const SliceNeeds needs = slice_needs(network, id, chip, context);
    check_smallest(population, needs, capacity);
    filler.place(id, split_evenly(population, needs, capacity), needs);
  }
  check_enough_cores(network, chip, graph.core_count(), filler);
  return filler.finish();
}

}  // namespace synfire
