// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topology/channel_dependency.hpp"
#include "topology/graph.hpp"

namespace synfire::detail {

/// Channel dependencies of one virtual layer that never close a cycle: keeps a topological order of
/// the links and mends it edge by edge.
/// Source  Pearce and Kelly 2006, "A dynamic topological sort algorithm for directed acyclic
///         graphs", ACM Journal of Experimental Algorithmics 11.
class AcyclicDependencies {
 public:
  explicit AcyclicDependencies(const RouterGraph& graph);

  /// Adds all edges and returns true, or none and false if they would close a cycle.
  bool try_insert(std::span<const ChannelDependencies::Edge> edges);

 private:
  bool put_before(std::uint32_t first, std::uint32_t second);
  bool collect_after(std::uint32_t start, std::uint32_t last);
  void collect_before(std::uint32_t start, std::uint32_t first);
  void reorder();
  void undo(std::span<const ChannelDependencies::Edge> added);

  ChannelDependencies present_;
  std::vector<std::vector<std::uint32_t>> after_;   ///< per link: those that it may wait for
  std::vector<std::vector<std::uint32_t>> before_;  ///< per link: those that may wait for it
  std::vector<std::uint32_t> order_;                ///< per link: its place, all different
  std::vector<bool> is_marked_;
  std::vector<std::uint32_t> forward_;
  std::vector<std::uint32_t> backward_;
};

}  // namespace synfire::detail
