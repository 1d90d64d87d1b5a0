// SPDX-License-Identifier: Apache-2.0
#include "topology/detail/alike_cores.hpp"

#include <algorithm>
#include <tuple>

namespace synfire {
namespace {

/// A data packet drives the same number of synapses behind both, whoever fired.
bool asks_the_same(const Reception& a, const Reception& b) {
  if (a.destination == nullptr || b.destination == nullptr) return a.destination == b.destination;
  const auto work = [](const Connection& connection) {
    return std::tuple(connection.begin, connection.end, connection.words, connection.groups,
                      connection.product_groups);
  };
  return std::ranges::equal(a.destination->connections, b.destination->connections, {}, work, work);
}

class Comparison {
 public:
  Comparison(const RouterGraph& graph, const TrafficPlan& plan, const ReceptionTable& receptions,
             const std::vector<bool>& sends_to_itself)
      : graph_(graph), plan_(plan), receptions_(receptions), follows_(graph.core_count(), false) {
    for (std::uint32_t core = 1; core < follows_.size(); ++core) {
      follows_[core] = graph.router_of(CoreId{core}) == graph.router_of(CoreId{core - 1}) &&
                       !sends_to_itself[core] && !sends_to_itself[core - 1];
    }
  }

  std::vector<std::uint32_t> run() {
    for (const MulticastNode& node : plan_.nodes) compare_children(node);
    std::vector<std::uint32_t> alike(follows_.size(), 0);
    std::uint32_t first = 0;
    for (std::uint32_t core = 0; core < follows_.size(); ++core) {
      if (!follows_[core]) first = core;
      ++alike[first];
    }
    return alike;
  }

 private:
  bool is_delivery(std::uint32_t node) const {
    const LinkId link = plan_.nodes[node].channel.link;
    return graph_.links()[index(link)].kind == LinkKind::ejection;
  }

  /// Children are sorted by link, so those of neighbouring neurocores lie side by side.
  void compare_children(const MulticastNode& parent) {
    const Reception* before = nullptr;
    const auto end = parent.first_child + parent.child_count;
    for (std::uint32_t node = parent.first_child; node < end; ++node) {
      if (!is_delivery(node)) continue;
      const Reception& here = receptions_.at_node(node);
      const bool has_both = before != nullptr && before->core + 1 == here.core;
      if (!has_both || !asks_the_same(*before, here)) part(here.core);
      if (!has_both && before != nullptr) part(before->core + 1);
      before = &here;
    }
    if (before != nullptr) part(before->core + 1);
  }

  /// The neurocore is not like the one before it.
  void part(std::uint32_t core) {
    if (core < follows_.size()) follows_[core] = false;
  }

  const RouterGraph& graph_;
  const TrafficPlan& plan_;
  const ReceptionTable& receptions_;
  std::vector<bool> follows_;  ///< per neurocore: like the one before it
};

}  // namespace

std::vector<std::uint32_t> alike_cores(const RouterGraph& graph, const TrafficPlan& plan,
                                       const ReceptionTable& receptions,
                                       const std::vector<bool>& sends_to_itself) {
  return Comparison(graph, plan, receptions, sends_to_itself).run();
}

}  // namespace synfire
