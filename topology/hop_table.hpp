// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topology/graph.hpp"
#include "topology/routing.hpp"

namespace synfire {

/// Hops between neurocores at chosen routers and the host, along the routes that packets take.
///
/// Cost  memory: the square of the number of chosen routers; a row of it is filled when it is first
///       asked for.
/// Thread-safety  none.
class HopTable {
 public:
  /// Chooses the routers of `cores`. `routing` must outlive the table.
  HopTable(const Routing& routing, std::span<const CoreId> cores);

  /// Links between routers from one neurocore (or host_core) to another.
  std::uint32_t hops(CoreId from, CoreId to) {
    const std::uint32_t source = place(from);
    if (rows_[source].empty()) fill(source);
    return rows_[source][place(to)];
  }

 private:
  std::uint32_t place(CoreId core) const {
    return core == host_core ? 0 : place_of_core_[index(core)];
  }
  void fill(std::uint32_t source);

  const Routing& routing_;
  std::vector<RouterId> routers_;             ///< chosen; the host's comes first
  std::vector<std::uint32_t> place_of_core_;  ///< per core of the chip: index into routers_
  std::vector<std::vector<std::uint32_t>> rows_;
};

}  // namespace synfire
