// SPDX-License-Identifier: Apache-2.0
#include "topology/multicast_tree.hpp"

#include <algorithm>

#include "sim/error.hpp"

namespace synfire {
namespace {

/// Routes [begin, end) of the sorted ones pass a node, after `depth` links.
struct Passing {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t depth = 0;
};

}  // namespace

std::uint32_t append_tree(std::vector<MulticastNode>& nodes,
                          std::span<const RoutedDestination> routes) {
  std::vector<const RoutedDestination*> sorted(routes.size());
  std::transform(routes.begin(), routes.end(), sorted.begin(), [](const auto& r) { return &r; });
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });

  const auto root = static_cast<std::uint32_t>(nodes.size());
  nodes.emplace_back();
  std::vector<Passing> passing = {{0, sorted.size(), 0}};  // per node from the root on
  for (std::size_t i = 0; i < passing.size(); ++i) {
    auto [begin, end, depth] = passing[i];
    MulticastNode node = nodes[root + i];
    node.leaves = static_cast<std::uint32_t>(end - begin);
    if (begin < end && sorted[begin]->first.size() == depth) {
      node.destination = sorted[begin++]->second;
      SYNFIRE_ASSERT(begin == end || (depth == 0 && !sorted[begin]->first.empty()),
                     "a route ends on the way of another");
    }
    node.first_child = static_cast<std::uint32_t>(nodes.size());
    while (begin < end) {
      const Channel channel = sorted[begin]->first[depth];
      std::size_t next = begin + 1;
      while (next < end && sorted[next]->first[depth] == channel) ++next;
      nodes.emplace_back().channel = channel;
      passing.push_back({begin, next, depth + 1});
      ++node.child_count;
      begin = next;
    }
    nodes[root + i] = node;
  }
  return root;
}

void fill_zero_load(std::span<MulticastNode> nodes, std::span<const LinkTiming> timings) {
  for (const MulticastNode& parent : nodes) {
    for (MulticastNode& child : nodes.subspan(parent.first_child, parent.child_count)) {
      const LinkTiming& timing = timings[index(child.channel.link)];
      for (std::size_t size = 0; size < packet_sizes; ++size) {
        child.zero_load[size] = parent.zero_load[size] + timing.zero_load(size);
      }
    }
  }
}

}  // namespace synfire
