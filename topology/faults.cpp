// SPDX-License-Identifier: Apache-2.0
#include "topology/faults.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "sim/error.hpp"
#include "sim/random.hpp"
#include "topology/fan_in.hpp"
#include "topology/format_check.hpp"

namespace synfire {
namespace {

/// Streams of keyed draws: one for each kind of fault.
enum class FaultStream : std::uint64_t { drop = 1, dead_link, dead_core, stuck, bit_flip };

constexpr unsigned widest_weight = 8;  // bits of std::int8_t

std::uint64_t stream_key(std::int64_t seed, FaultStream stream) {
  return mix_bits(mix_bits(static_cast<std::uint64_t>(seed)) ^ static_cast<std::uint64_t>(stream));
}

constexpr std::uint64_t join(std::uint32_t high, std::uint32_t low) {
  return (std::uint64_t{high} << 32U) | low;
}

/// `count` of the candidates, those with the smallest draws; ascending.
template <typename Id>
std::vector<Id> sample(std::span<const Id> candidates, std::int64_t count, std::uint64_t key) {
  std::vector<std::pair<std::uint64_t, Id>> drawn;
  for (const Id id : candidates) drawn.emplace_back(mix_bits(key ^ index(id)), id);
  const auto end = drawn.begin() + count;
  std::ranges::nth_element(drawn, end);
  std::vector<Id> chosen;
  for (auto it = drawn.begin(); it != end; ++it) chosen.push_back(it->second);
  std::ranges::sort(chosen);
  return chosen;
}

std::vector<LinkId> draw_dead_links(const FaultDescription& faults, const RouterGraph& graph) {
  if (faults.dead_links == 0) return {};
  std::vector<LinkId> links(graph.router_links().size());
  for (std::uint32_t i = 0; i < links.size(); ++i) links[i] = LinkId{i};
  if (faults.dead_links > std::ssize(links)) {
    throw ConfigError("faults.dead_links", std::to_string(faults.dead_links) +
                                               " are more than the chip has links between "
                                               "routers; give " +
                                               std::to_string(links.size()) + " or fewer");
  }
  return sample<LinkId>(links, faults.dead_links, stream_key(faults.seed, FaultStream::dead_link));
}

std::vector<CoreId> draw_dead_cores(const FaultDescription& faults, const Mapping& mapping) {
  if (faults.dead_cores == 0) return {};
  std::vector<CoreId> cores;
  for (const PopulationSlice& slice : mapping.slices) {
    if (slice.core != host_core) cores.push_back(slice.core);
  }
  std::ranges::sort(cores);
  const auto repeated = std::ranges::unique(cores);
  cores.erase(repeated.begin(), repeated.end());
  if (faults.dead_cores > std::ssize(cores)) {
    throw ConfigError("faults.dead_cores", std::to_string(faults.dead_cores) +
                                               " are more than the neurocores that the network "
                                               "uses; give " +
                                               std::to_string(cores.size()) + " or fewer");
  }
  return sample<CoreId>(cores, faults.dead_cores, stream_key(faults.seed, FaultStream::dead_core));
}

/// Silent are the smallest draws, firing the largest, so that neither moves the other.
std::vector<std::vector<Stuck>> draw_stuck(const FaultDescription& faults, const Network& network) {
  std::vector<std::vector<Stuck>> stuck(network.populations().size());
  if (faults.stuck_silent_rate + faults.stuck_firing_rate > FaultDescription::certain) {
    throw ConfigError("faults.stuck_firing_rate",
                      "passes 100 % together with faults.stuck_silent_rate, but no neuron is both; "
                      "lower one of them");
  }
  if (faults.stuck_silent_rate == 0 && faults.stuck_firing_rate == 0) return stuck;
  const std::uint64_t key = stream_key(faults.seed, FaultStream::stuck);
  const RateThreshold silent(faults.stuck_silent_rate);
  const RateThreshold firing(faults.stuck_firing_rate);
  for (std::uint32_t p = 0; p < stuck.size(); ++p) {
    const Population& population = network.populations()[p];
    if (!has_membrane(population.model)) continue;
    stuck[p].resize(population.size, Stuck::no);
    for (std::uint32_t neuron = 0; neuron < population.size; ++neuron) {
      const std::uint64_t draw = mix_bits(key ^ join(p, neuron));
      if (silent.hits(draw))
        stuck[p][neuron] = Stuck::silent;
      else if (firing.hits(~draw))
        stuck[p][neuron] = Stuck::firing;
    }
  }
  return stuck;
}

/// `weight` with some of its low `bits` bits inverted, and the sign extended again.
std::int8_t flipped(std::int8_t weight, unsigned mask, unsigned bits) {
  const unsigned unused = widest_weight - bits;
  const auto stored = static_cast<std::uint8_t>(
      (static_cast<unsigned>(static_cast<std::uint8_t>(weight)) ^ mask) << unused);
  return static_cast<std::int8_t>(static_cast<std::int8_t>(stored) >> unused);
}

std::int64_t flip_weights(std::span<std::int8_t> weights, std::uint64_t key, unsigned bits,
                          const RateThreshold& rate) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    unsigned mask = 0;
    for (unsigned bit = 0; bit < bits; ++bit) {
      if (!rate.hits(mix_bits(key ^ (i * widest_weight + bit)))) continue;
      mask |= 1U << bit;
      ++count;
    }
    if (mask != 0) weights[i] = flipped(weights[i], mask, bits);
  }
  return count;
}

void check_flipped(const Network& network, const ChipDescription& chip, std::uint32_t context) {
  try {
    check_formats(split_fan_in(network, chip), chip, context);
  } catch (const Error& error) {
    throw ConfigError("faults.bit_flip_rate", "the flipped weights can overflow (" +
                                                  std::string(error.what()) +
                                                  "); or lower the rate, or change faults.seed");
  }
}

}  // namespace

RateThreshold::RateThreshold(std::int64_t parts_per_billion)
    : threshold_(0), is_certain_(parts_per_billion >= FaultDescription::certain) {
  // 2^64 * rate = whole * 10^9 + rest, by halves of 32 bits so that nothing overflows.
  if (is_certain_) return;
  const auto rate = static_cast<std::uint64_t>(parts_per_billion);
  const std::uint64_t certain{FaultDescription::certain};
  const std::uint64_t high = (rate << 32U) / certain;
  const std::uint64_t rest = (rate << 32U) % certain;
  threshold_ = (high << 32U) | ((rest << 32U) / certain);
}

FaultModel::FaultModel(const FaultDescription& faults, const RouterGraph& graph,
                       const Network& network, const Mapping& mapping)
    : seed_(stream_key(faults.seed, FaultStream::drop)),
      drop_(faults.drop_rate),
      has_drops_(faults.drop_rate > 0),
      dead_links_(draw_dead_links(faults, graph)),
      dead_cores_(draw_dead_cores(faults, mapping)),
      stuck_(draw_stuck(faults, network)) {}

bool FaultModel::drops(std::uint32_t token, std::uint32_t step, PopulationId source,
                       std::uint32_t neuron, CoreId destination) const {
  if (!has_drops_) return false;
  const std::uint64_t when = mix_bits(seed_ ^ join(token, step));
  const std::uint64_t who = mix_bits(when ^ join(index(source), neuron));
  return drop_.hits(mix_bits(who ^ index(destination)));
}

bool FaultModel::is_dead(CoreId core) const {
  return std::ranges::binary_search(dead_cores_, core);
}

std::int64_t FlipReport::total() const {
  return std::accumulate(bits_per_projection.begin(), bits_per_projection.end(), std::int64_t{0});
}

Network with_bit_flips(const Network& network, const ChipDescription& chip, std::uint32_t context,
                       FlipReport& report) {
  report.bits_per_projection.assign(network.projections().size(), 0);
  if (chip.faults.bit_flip_rate == 0) return network;
  const RateThreshold rate(chip.faults.bit_flip_rate);
  const std::uint64_t key = stream_key(chip.faults.seed, FaultStream::bit_flip);
  const auto bits =
      static_cast<unsigned>(std::min(chip.format.weight_bits, std::int64_t{widest_weight}));
  const auto populations = network.populations();
  const auto projections = network.projections();
  std::vector<Projection> faulty(projections.begin(), projections.end());
  for (std::size_t i = 0; i < faulty.size(); ++i) {
    report.bits_per_projection[i] =
        flip_weights(faulty[i].weights.edit(), mix_bits(key ^ i), bits, rate);
  }
  Network result(network.time_steps(), {populations.begin(), populations.end()}, std::move(faulty));
  check_flipped(result, chip, context);
  return result;
}

}  // namespace synfire
