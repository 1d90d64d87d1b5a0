// SPDX-License-Identifier: Apache-2.0
#include "topology/fan_in.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/error.hpp"
#include "sim/params.hpp"
#include "topology/slice_needs.hpp"

namespace synfire {
namespace {

constexpr const char* remedy = "; raise neurocore.";

/// Neurons of a population that reach the one to be split by dense projections.
struct Source {
  PopulationId population{};
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::int64_t synapse_bits = 0;  ///< per target neuron

  std::int64_t size() const { return std::int64_t{end} - begin; }
};

/// All sources of a population in a row, each at one place, which is cut into parts.
class SourceRow {
 public:
  SourceRow(const Network& network, PopulationId target, const ChipDescription& chip) {
    for (const ProjectionId id : network.incoming(target)) {
      const Projection& projection = network.projection(id);
      if (projection.connectivity != Connectivity::dense) continue;
      Source& source = source_of(projection);
      source.begin = std::min(source.begin, projection.source_begin);
      source.end = std::max(source.end, projection.source_end);
      source.synapse_bits += bits_per_synapse(network, projection, chip);
    }
  }

  std::int64_t length() const {
    std::int64_t neurons = 0;
    for (const Source& source : sources_) neurons += source.size();
    return neurons;
  }

  /// The sources at places [begin, end).
  std::vector<Source> part(std::int64_t begin, std::int64_t end) const {
    std::vector<Source> taken;
    std::int64_t first = 0;
    for (const Source& source : sources_) {
      const std::int64_t from = std::max(begin, first) - first;
      const std::int64_t to = std::min(end, first + source.size()) - first;
      first += source.size();
      if (from >= to) continue;
      taken.push_back(source);
      taken.back().begin = static_cast<std::uint32_t>(source.begin + from);
      taken.back().end = static_cast<std::uint32_t>(source.begin + to);
    }
    return taken;
  }

 private:
  Source& source_of(const Projection& projection) {
    const auto known = std::ranges::find(sources_, projection.source, &Source::population);
    if (known != sources_.end()) return *known;
    sources_.push_back({projection.source, projection.source_begin, projection.source_end, 0});
    return sources_.back();
  }

  std::vector<Source> sources_;
};

/// True if one neuron that takes these sources fits an empty neurocore.
bool fits_one(const std::vector<Source>& sources, const CoreUse& capacity) {
  CoreUse use{.neurons = 1};
  for (const Source& source : sources) {
    use.axons_in += source.size();
    use.synapse_memory_bits += source.size() * source.synapse_bits;
  }
  return fits({}, use, capacity);
}

/// The last place that a part from `begin` on can end at; `begin` if there is none.
std::int64_t farthest_end(const SourceRow& row, std::int64_t begin, const CoreUse& capacity) {
  std::int64_t fits = begin;
  std::int64_t too_far = row.length() + 1;
  while (too_far - fits > 1) {
    const std::int64_t middle = fits + (too_far - fits) / 2;
    (fits_one(row.part(begin, middle), capacity) ? fits : too_far) = middle;
  }
  return fits;
}

/// Where the fewest parts that fit begin, and the length of the row; even parts if such fit, too.
/// Throws  MappingError naming the population if one synapse is too large.
std::vector<std::int64_t> cut(const SourceRow& row, const CoreUse& capacity,
                              const Population& population) {
  std::vector<std::int64_t> greedy{0};
  while (greedy.back() < row.length()) {
    const std::int64_t end = farthest_end(row, greedy.back(), capacity);
    if (end == greedy.back()) {
      const std::int64_t bits = row.part(end, end + 1).front().synapse_bits;
      throw MappingError(population.name, "synapse_memory",
                         "one synapse needs " + format_value(quantity::memory, bits) +
                             ", a neurocore has " +
                             format_value(quantity::memory, capacity.synapse_memory_bits) + remedy +
                             "synapse_memory");
    }
    greedy.push_back(end);
  }
  const auto parts = static_cast<std::int64_t>(greedy.size()) - 1;
  std::vector<std::int64_t> even{0};
  for (std::int64_t i = 1; i <= parts; ++i) {
    even.push_back(row.length() * i / parts);
    if (!fits_one(row.part(even[even.size() - 2], even.back()), capacity)) return greedy;
  }
  return even;
}

/// Copies a network, splitting what does not fit.
class Splitter {
 public:
  Splitter(const Network& network, const ChipDescription& chip)
      : network_(network),
        chip_(chip),
        capacity_(core_capacity(chip)),
        populations_(network.populations().begin(), network.populations().end()) {}

  Network split() {
    std::vector<bool> is_split;
    for (std::uint32_t i = 0; i < network_.populations().size(); ++i) {
      is_split.push_back(must_split(PopulationId{i}));
    }
    if (std::ranges::find(is_split, true) == is_split.end()) return network_;
    for (const Projection& projection : network_.projections()) {
      if (projection.connectivity == Connectivity::one_to_one ||
          !is_split[index(projection.target)]) {
        projections_.push_back(projection);
      }
    }
    for (std::uint32_t i = 0; i < is_split.size(); ++i) {
      if (is_split[i]) split(PopulationId{i});
    }
    return {network_.time_steps(), std::move(populations_), std::move(projections_)};
  }

 private:
  bool must_split(PopulationId id) const {
    const NeuronModel model = network_.population(id).model;
    if (model == NeuronModel::input || attends(model)) return false;
    const bool has_dense = std::ranges::any_of(network_.incoming(id), [&](ProjectionId incoming) {
      return network_.projection(incoming).connectivity == Connectivity::dense;
    });
    if (!has_dense) return false;
    constexpr std::uint32_t any_context = 1;  // which only attention needs
    const SliceNeeds needs = slice_needs(network_, id, chip_, any_context);
    const CoreUse one = needs.of(needs.smallest);
    return one.axons_in > capacity_.axons_in ||
           one.synapse_memory_bits > capacity_.synapse_memory_bits;
  }

  void split(PopulationId id) {
    const Population& whole = network_.population(id);
    const SourceRow row(network_, id, chip_);
    const std::vector<std::int64_t> places = cut(row, capacity_, whole);
    const auto parts = static_cast<std::uint32_t>(places.size() - 1);
    check_axons(id, parts);
    for (std::uint32_t i = 0; i < parts; ++i) {
      const PopulationId part{static_cast<std::uint32_t>(populations_.size())};
      populations_.push_back({.name = partial_sum_name(whole.name, i),
                              .size = whole.size,
                              .model = NeuronModel::residual,
                              .bias = std::vector<std::int32_t>(whole.size, 0),
                              .shift = std::vector<std::int8_t>(whole.size, 0)});
      for (const Source& source : row.part(places[i], places[i + 1])) feed(id, part, source);
      projections_.push_back(
          {.source = part, .target = id, .connectivity = Connectivity::one_to_one});
    }
  }

  /// The dense projections from this source into `whole` end in `part` instead.
  void feed(PopulationId whole, PopulationId part, const Source& source) {
    for (const ProjectionId id : network_.incoming(whole)) {
      Projection piece = network_.projection(id);
      if (piece.connectivity != Connectivity::dense || piece.source != source.population) continue;
      piece.target = part;
      piece.source_begin = std::max(piece.source_begin, source.begin);
      piece.source_end = std::min(piece.source_end, source.end);
      if (piece.source_begin < piece.source_end) projections_.push_back(std::move(piece));
    }
  }

  /// A neuron hears of every part, and of its other inputs, by an axon each.
  void check_axons(PopulationId id, std::uint32_t parts) const {
    std::set<PopulationId> others;
    for (const ProjectionId incoming : network_.incoming(id)) {
      const Projection& projection = network_.projection(incoming);
      if (projection.connectivity == Connectivity::one_to_one) others.insert(projection.source);
    }
    const std::int64_t axons = parts + std::ssize(others);
    if (axons <= capacity_.axons_in) return;
    throw MappingError(network_.population(id).name, "axons_in",
                       "one neuron needs " + format_value(quantity::axons, axons) +
                           " of neurocore.axons_in even if its dense inputs come as " +
                           std::to_string(parts) + " partial sums, a neurocore has " +
                           format_value(quantity::axons, capacity_.axons_in) + remedy +
                           "axons_in, or neurocore.synapse_memory if that makes the parts small");
  }

  const Network& network_;
  const ChipDescription& chip_;
  CoreUse capacity_;
  std::vector<Population> populations_;
  std::vector<Projection> projections_;
};

}  // namespace

Network split_fan_in(const Network& network, const ChipDescription& chip) {
  return Splitter(network, chip).split();
}

}  // namespace synfire
