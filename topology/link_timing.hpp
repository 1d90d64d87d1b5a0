// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/units.hpp"
#include "topology/chip.hpp"
#include "topology/graph.hpp"
#include "topology/packet.hpp"

namespace synfire {

/// Time that `bits` occupy a link: bits / bandwidth, rounded up to a picosecond; 0 ps if the
/// bandwidth is unlimited.
constexpr Duration serialization_latency(const LinkDescription& link, std::int64_t bits) {
  if (link.megabits_per_second == 0) return Duration{0};
  constexpr std::int64_t picoseconds_per_microsecond = 1'000'000;
  return Duration{(bits * picoseconds_per_microsecond + link.megabits_per_second - 1) /
                  link.megabits_per_second};
}

/// What a link takes for a packet.
struct LinkTiming {
  Duration latency{};                                  ///< from its start to its far end
  std::array<Duration, packet_sizes> serialization{};  ///< for which a packet occupies the link
  /// From the start of a transmission until the tail has reached the far end.
  Duration zero_load(std::size_t size) const { return serialization[size] + latency; }
  bool operator==(const LinkTiming&) const = default;
};

/// Bits of a packet, per size class of every chip.
std::array<std::int64_t, packet_sizes> packet_bits(const FormatDescription& format);

/// As description_of, but the host's links have the host's bandwidth.
LinkDescription link_description(const RouterGraph& graph, const ChipDescription& chip,
                                 LinkId link);

/// Timing of every link of the chip, indexed by LinkId.
std::vector<LinkTiming> link_timings(const RouterGraph& graph, const ChipDescription& chip);

/// For how long a packet of each size class occupies each link: [link][class]. `bits` is the length
/// of a packet of each class.
std::vector<Duration> serialization_table(const RouterGraph& graph, const ChipDescription& chip,
                                          std::span<const std::int64_t> bits);

}  // namespace synfire
