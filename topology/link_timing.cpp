// SPDX-License-Identifier: Apache-2.0
#include "topology/link_timing.hpp"

#include "topology/topologies.hpp"

namespace synfire {

std::array<std::int64_t, packet_sizes> packet_bits(const FormatDescription& format) {
  std::array<std::int64_t, packet_sizes> bits{};
  bits[size_class(PacketKind::spike)] = format.spike_packet_bits;
  bits[size_class(PacketKind::graded)] = format.graded_packet_bits;
  bits[size_class(PacketKind::end_of_step)] = format.control_packet_bits;
  return bits;
}

LinkDescription link_description(const RouterGraph& graph, const ChipDescription& chip,
                                 LinkId link) {
  const Link& ends = graph.links()[index(link)];
  LinkDescription description = description_of(chip, ends);
  if (link == graph.injection_link(host_core) || link == graph.ejection_link(host_core)) {
    description.megabits_per_second = chip.host.megabits_per_second;
  }
  return description;
}

std::vector<LinkTiming> link_timings(const RouterGraph& graph, const ChipDescription& chip) {
  const auto bits = packet_bits(chip.format);
  std::vector<LinkTiming> timings(graph.links().size());
  for (std::uint32_t link = 0; link < timings.size(); ++link) {
    const LinkDescription description = link_description(graph, chip, LinkId{link});
    timings[link].latency = description.latency;
    for (std::size_t size = 0; size < packet_sizes; ++size) {
      timings[link].serialization[size] = serialization_latency(description, bits[size]);
    }
  }
  return timings;
}

std::vector<Duration> serialization_table(const RouterGraph& graph, const ChipDescription& chip,
                                          std::span<const std::int64_t> bits) {
  std::vector<Duration> table;
  table.reserve(graph.links().size() * bits.size());
  for (std::uint32_t link = 0; link < graph.links().size(); ++link) {
    const LinkDescription description = link_description(graph, chip, LinkId{link});
    for (const std::int64_t length : bits) {
      table.push_back(serialization_latency(description, length));
    }
  }
  return table;
}

}  // namespace synfire
