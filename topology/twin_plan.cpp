// SPDX-License-Identifier: Apache-2.0
#include "topology/twin_plan.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "sim/error.hpp"
#include "topology/link_timing.hpp"

namespace synfire {
namespace {

constexpr std::uint32_t no_receipt = 0xffffffffU;

/// Of which neurons the vector of a tree holds values: ascending ids within the population.
using Holdings = std::map<std::uint32_t, std::vector<std::uint32_t>>;

class Planner {
 public:
  Planner(const Network& network, const Mapping& mapping, const Routing& routing,
          const ChipDescription& chip, const TwinRules& rules)
      : network_(network), mapping_(mapping), chip_(chip), rules_(rules) {
    plan_.traffic = plan_traffic(network, mapping, routing, chip);
    const auto sizes = packet_bits(chip.format);
    plan_.bits.assign(sizes.begin(), sizes.end());
    plan_.vectors.resize(mapping.slices.size());
    plan_.expected.assign(mapping.slices.size(), 0);
    plan_.receipt_of.assign(plan_.traffic.nodes.size(), no_receipt);
  }

  TwinPlan plan(const RouterGraph& graph) {
    for (std::uint32_t slice = 0; slice < mapping_.slices.size(); ++slice) {
      for (const auto& [root, neurons] : holdings_of(slice)) {
        plan_.vectors[slice].push_back({root, size_of(slice, neurons.size())});
        plan_receipts(slice, root, neurons);
      }
    }
    fill_zero_load(graph);
    return std::move(plan_);
  }

 private:
  Holdings holdings_of(std::uint32_t slice) const {
    const TrafficPlan::SliceTraffic& traffic = plan_.traffic.slices[slice];
    const std::uint32_t begin = mapping_.slices[slice].begin;
    Holdings holdings;
    for (std::uint32_t i = 0; i < traffic.pattern_of.size(); ++i) {
      for (const std::uint32_t root : traffic.patterns[traffic.pattern_of[i]]) {
        holdings[root].push_back(begin + i);
      }
    }
    return holdings;
  }

  /// Class of a vector's length, made when it is first asked for.
  std::uint16_t size_of(std::uint32_t slice, std::size_t neurons) {
    const std::int64_t bits =
        static_cast<std::int64_t>(neurons) * rules_.value_bits(mapping_.slices[slice].population);
    const auto first = plan_.bits.begin() + packet_sizes;
    const auto found = std::find(first, plan_.bits.end(), bits);
    const auto size = static_cast<std::size_t>(found - plan_.bits.begin());
    SYNFIRE_ASSERT(size <= std::numeric_limits<std::uint16_t>::max(), "too many sizes of vectors");
    if (found == plan_.bits.end()) plan_.bits.push_back(bits);
    return static_cast<std::uint16_t>(size);
  }

  /// A receipt for every destination of the tree.
  void plan_receipts(std::uint32_t slice, std::uint32_t node,
                     const std::vector<std::uint32_t>& neurons) {
    const MulticastNode& here = plan_.traffic.nodes[node];
    if (here.destination != no_destination) {
      plan_.receipt_of[node] = static_cast<std::uint32_t>(plan_.receipts.size());
      plan_.receipts.push_back(receipt_of(slice, here.destination, neurons));
    }
    for (std::uint32_t i = 0; i < here.child_count; ++i) {
      plan_receipts(slice, here.first_child + i, neurons);
    }
  }

  TwinReceipt receipt_of(std::uint32_t slice, std::uint32_t destination,
                         const std::vector<std::uint32_t>& neurons) {
    const Destination& there = plan_.traffic.slices[slice].destinations[destination];
    const std::int64_t value_bits = rules_.value_bits(mapping_.slices[slice].population);
    std::map<std::uint32_t, TwinShare> shares;
    TwinReceipt receipt;
    receipt.core = there.core;
    for (const Connection& connection : there.connections) {
      const auto values = std::ranges::count_if(neurons, [&](auto i) { return connection.has(i); });
      if (values == 0) continue;
      TwinShare& share = shares[connection.target];
      share.slice = connection.target;
      const std::int64_t products = values * connection.synapses;
      const std::int64_t additions = connection.synapses == 0 ? values : 0;
      share.products += products;
      share.product_bits += products * value_bits;
      share.words += values * connection.words;
      share.additions += additions;
      receipt.work.words += values * connection.words;
      receipt.work.groups += values * groups(connection.synapses) + groups(additions);
    }
    for (const auto& [target, share] : shares) {
      receipt.shares.push_back(share);
      ++plan_.expected[target];
    }
    return receipt;
  }

  std::int64_t groups(std::int64_t operations) const {
    return (operations + chip_.dense.lanes - 1) / chip_.dense.lanes;
  }

  void fill_zero_load(const RouterGraph& graph) {
    const auto timings = link_timings(graph, chip_);
    const auto serialization = serialization_table(graph, chip_, plan_.bits);
    plan_.zero_load.assign(plan_.traffic.nodes.size(), Duration{});
    for (const auto& vectors : plan_.vectors) {
      for (const TwinVector& vector : vectors) {
        fill_zero_load(vector.root, vector.size, timings, serialization);
      }
    }
  }

  void fill_zero_load(std::uint32_t node, std::size_t size, std::span<const LinkTiming> timings,
                      std::span<const Duration> serialization) {
    const MulticastNode& here = plan_.traffic.nodes[node];
    for (std::uint32_t i = 0; i < here.child_count; ++i) {
      const std::uint32_t child = here.first_child + i;
      const std::size_t link = index(plan_.traffic.nodes[child].channel.link);
      plan_.zero_load[child] = plan_.zero_load[node] + timings[link].latency +
                               serialization[link * plan_.bits.size() + size];
      fill_zero_load(child, size, timings, serialization);
    }
  }

  const Network& network_;
  const Mapping& mapping_;
  const ChipDescription& chip_;
  const TwinRules& rules_;
  TwinPlan plan_;
};

}  // namespace

TwinPlan plan_twin(const Network& network, const Mapping& mapping, const Routing& routing,
                   const ChipDescription& chip, const TwinRules& rules) {
  return Planner(network, mapping, routing, chip, rules).plan(routing.graph());
}

}  // namespace synfire
