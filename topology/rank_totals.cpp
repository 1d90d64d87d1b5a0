// SPDX-License-Identifier: Apache-2.0
#include "topology/rank_totals.hpp"

#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include "sim/byte_stream.hpp"

namespace synfire {
namespace {

/// Taken apart by name, so that none can come without being sent. Both directions have one order.
auto numbers_of(auto& totals) {
  auto& [now, events, spikes, packets_injected, deliveries_due, packets_delivered,
         packets_in_flight, arrivals, lost, control_packets, hops, max_queue_depth, barriers,
         waiting, least_waiting, slices, links, link_use, core_use, spikes_per_population,
         neuron_steps_per_population, spikes_per_neuron] = totals;
  return std::pair(std::tie(now, events, spikes, packets_injected, deliveries_due,
                            packets_delivered, packets_in_flight, arrivals, lost, control_packets,
                            hops, max_queue_depth, barriers, waiting, least_waiting),
                   std::tie(slices, links, link_use, core_use, spikes_per_population,
                            neuron_steps_per_population));
}

}  // namespace

Bytes to_bytes(const Tally& tally) {
  ByteWriter writer;
  const auto [numbers, lists] = numbers_of(tally.totals);
  std::apply([&](const auto&... number) { (writer.put(number), ...); }, numbers);
  std::apply([&](const auto&... list) { (writer.put(list), ...); }, lists);
  writer.put(std::uint64_t{tally.totals.spikes_per_neuron.size()});
  for (const auto& spikes : tally.totals.spikes_per_neuron) writer.put(spikes);
  writer.put(tally.stages);
  return writer.bytes();
}

Tally tally_from(std::span<const std::byte> bytes) {
  Tally tally;
  ByteReader reader(bytes);
  const auto take = [&]<typename T>(T& number) { number = reader.take<T>(); };
  const auto take_all = [&]<typename T>(std::vector<T>& list) { list = reader.take_all<T>(); };
  const auto [numbers, lists] = numbers_of(tally.totals);
  std::apply([&](auto&... number) { (take(number), ...); }, numbers);
  std::apply([&](auto&... list) { (take_all(list), ...); }, lists);
  tally.totals.spikes_per_neuron.resize(reader.take<std::uint64_t>());
  for (auto& spikes : tally.totals.spikes_per_neuron) take_all(spikes);
  take_all(tally.stages);
  return tally;
}

}  // namespace synfire
