// SPDX-License-Identifier: Apache-2.0
#include "topology/detail/reception.hpp"

#include <utility>

namespace synfire {
namespace {

/// Calls `visit(node)` for every node of the tree that is a destination.
template <typename Visitor>
void visit_destinations(const TrafficPlan& plan, std::uint32_t root, const Visitor& visit) {
  const MulticastNode& node = plan.nodes[root];
  if (node.destination != no_destination) visit(root);
  for (std::uint32_t i = 0; i < node.child_count; ++i) {
    visit_destinations(plan, node.first_child + i, visit);
  }
}

Reception reception_of(const Destination& destination) {
  Reception reception;
  reception.core = destination.core;
  reception.destination = &destination;
  if (destination.connections.size() == 1) {
    reception.has_one_connection = true;
    reception.connection = destination.connections.front();
  }
  return reception;
}

Reception reception_of(const CreditDestination& credit) {
  Reception reception;
  reception.core = credit.core;
  reception.slices = credit.slices;
  return reception;
}

}  // namespace

ReceptionTable::ReceptionTable(const TrafficPlan& plan)
    : plan_(plan), of_node_(plan.nodes.size(), 0) {
  constexpr std::uint32_t none = 0xffffffffU;
  for (const TrafficPlan::SliceTraffic& traffic : plan.slices) {
    std::vector<std::uint32_t> place(traffic.destinations.size(), none);
    const auto add_tree = [&](std::uint32_t root) {
      visit_destinations(plan, root, [&](std::uint32_t node) {
        const std::uint32_t destination = plan.nodes[node].destination;
        if (place[destination] == none) {
          place[destination] = static_cast<std::uint32_t>(receptions_.size());
          receptions_.push_back(reception_of(traffic.destinations[destination]));
          receptions_.back().zero_load = plan.nodes[node].zero_load;
        }
        of_node_[node] = place[destination];
      });
    };
    for (const TreeRoots& roots : traffic.patterns) {
      for (const std::uint32_t root : roots) add_tree(root);
    }
    for (const std::uint32_t root : traffic.end_of_step) add_tree(root);
    for (const std::uint32_t root : traffic.end_of_token) add_tree(root);
    for (const std::uint32_t root : traffic.credits) {
      visit_destinations(plan, root, [&](std::uint32_t node) {
        of_node_[node] = static_cast<std::uint32_t>(receptions_.size());
        receptions_.push_back(
            reception_of(traffic.credit_destinations[plan.nodes[node].destination]));
        receptions_.back().zero_load = plan.nodes[node].zero_load;
      });
    }
  }
}

void ReceptionTable::connect(std::span<SliceUnit> units) {
  for (const Reception& reception : receptions_) {
    Inlet& inlet = inlets_.emplace_back();
    if (!reception.has_one_connection) continue;
    const Connection& connection = reception.connection;
    const auto lists = units[connection.target].spike_lists(connection.input);
    inlet = {lists.of_buffer, lists.first, connection.delay};
  }
}

void ReceptionTable::join(std::span<const std::uint32_t> alike) {
  for (std::uint32_t node = 0; node < of_node_.size(); ++node) {
    const Reception& first = at_node(node);
    if (plan_.nodes[node].destination == no_destination || first.core >= alike.size()) continue;
    for (std::uint32_t i = 1; i < alike[first.core]; ++i) at_node(node + i).counts = &first;
  }
}

void ReceptionTable::charge(std::uint32_t host, std::span<ActionCounts> slices) {
  for (Reception& reception : receptions_) {
    if (reception.counts == nullptr) continue;
    reception.data_packets = reception.counts->data_packets;
    reception.control_packets = reception.counts->control_packets;
  }
  for (Reception& reception : receptions_) {
    const Connection& connection = reception.connection;
    if (reception.data_packets != 0) {
      ActionCounts& counts = slices[connection.target];
      const std::int64_t packets = std::exchange(reception.data_packets, 0);
      counts[Action::axon_in] += packets;
      count_operations(connection, packets, counts);
    }
    if (reception.control_packets != 0 && reception.core != host) {
      const std::uint32_t first = reception.destination != nullptr
                                      ? reception.destination->targets.front().slice
                                      : reception.slices.front();
      slices[first][Action::control_axon] += reception.control_packets;
    }
    reception.control_packets = 0;
  }
}

}  // namespace synfire
