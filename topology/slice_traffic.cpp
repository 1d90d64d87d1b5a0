// SPDX-License-Identifier: Apache-2.0
#include "topology/slice_traffic.hpp"

#include <algorithm>
#include <tuple>

namespace synfire {

SliceTraffic::SliceTraffic(const Network& network, std::span<const PopulationSlice> slices,
                           const NeuronTraffic& traffic, std::uint32_t cores)
    : traffic_(traffic),
      slices_(slices.begin(), slices.end()),
      steps_(traffic.tokens * network.time_steps()),
      reaches_(slices.size()),
      sources_(slices.size()),
      targets_(slices.size()),
      asked_by_(cores, 0),
      covered_(cores, 0) {
  std::vector<std::vector<std::uint32_t>> slices_of(network.populations().size());
  for (std::uint32_t i = 0; i < slices_.size(); ++i) {
    slices_of[index(slices_[i].population)].push_back(i);
    sends_to_host_.push_back(network.population(slices_[i].population).model ==
                             NeuronModel::readout);
  }
  for (std::uint32_t i = 0; i < slices_.size(); ++i) connect(network, i, slices_of);
}

void SliceTraffic::connect(const Network& network, std::uint32_t source,
                           std::span<const std::vector<std::uint32_t>> slices_of) {
  const PopulationSlice& from = slices_[source];
  std::vector<Reach>& reaches = reaches_[source];
  for (const ProjectionId id : network.outgoing(from.population)) {
    const Projection& projection = network.projection(id);
    const bool is_dense = projection.connectivity == Connectivity::dense;
    for (const std::uint32_t target : slices_of[index(projection.target)]) {
      const PopulationSlice& to = slices_[target];
      const std::uint32_t begin =
          std::max(from.begin, is_dense ? projection.source_begin : to.begin);
      const std::uint32_t end = std::min(from.end, is_dense ? projection.source_end : to.end);
      if (begin < end) reaches.push_back({target, begin, end});
    }
  }
  std::ranges::sort(reaches, {}, [](const Reach& reach) {
    return std::tuple(reach.begin, reach.target, reach.end);
  });
  std::vector<std::uint32_t>& targets = targets_[source];
  for (Reach& reach : reaches) {
    reach.is_first = std::ranges::find(targets, reach.target) == targets.end();
    if (!reach.is_first) continue;
    targets.push_back(reach.target);
    sources_[reach.target].push_back(source);
  }
  std::ranges::sort(targets);
}

bool SliceTraffic::is_new(CoreId core) {
  if (asked_by_[index(core)] == question_) return false;
  asked_by_[index(core)] = question_;
  covered_[index(core)] = 0;
  return true;
}

TrafficHops SliceTraffic::hops_of(std::uint32_t slice, std::span<const CoreId> cores,
                                  HopTable& table) {
  if (++question_ == 0) {  // after 2^32 questions the numbers begin anew
    std::ranges::fill(asked_by_, 0);
    question_ = 1;
  }
  const PopulationSlice& from = slices_[slice];
  const CoreId here = cores[slice];
  TrafficHops result;
  for (const Reach& reach : reaches_[slice]) {
    const CoreId there = cores[reach.target];
    if (there == no_core || there == here) continue;
    const std::int64_t hops = table.hops(here, there);
    if (is_new(there)) result.control += steps_ * hops;
    if (reach.is_first) result.control += steps_ * table.hops(there, here);
    std::uint32_t& covered = covered_[index(there)];
    const std::uint32_t begin = std::max(reach.begin, covered);
    if (begin >= reach.end) continue;
    result.data += traffic_.packets(from.population, begin, reach.end) * hops;
    covered = reach.end;
  }
  if (!sends_to_host_[slice]) return result;
  const std::int64_t hops = table.hops(here, host_core);
  result.data += traffic_.packets(from.population, from.begin, from.end) * hops;
  result.control += traffic_.tokens * hops;  // the host hears of ends of tokens only
  return result;
}

std::vector<std::int64_t> SliceTraffic::packets_to_targets(std::uint32_t slice) const {
  const std::vector<std::uint32_t>& targets = targets_[slice];
  constexpr std::int64_t end_of_step_and_credit = 2;
  std::vector<std::int64_t> packets(targets.size(), end_of_step_and_credit * steps_);
  std::vector<std::uint32_t> covered(targets.size(), 0);
  for (const Reach& reach : reaches_[slice]) {
    const auto i =
        static_cast<std::size_t>(std::ranges::lower_bound(targets, reach.target) - targets.begin());
    const std::uint32_t begin = std::max(reach.begin, covered[i]);
    if (begin >= reach.end) continue;
    packets[i] += traffic_.packets(slices_[slice].population, begin, reach.end);
    covered[i] = reach.end;
  }
  return packets;
}

TrafficHops SliceTraffic::total(std::span<const CoreId> cores, HopTable& table) {
  TrafficHops sum;
  for (std::uint32_t i = 0; i < slices_.size(); ++i) sum += hops_of(i, cores, table);
  return sum;
}

}  // namespace synfire
