// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "neurons/network.hpp"
#include "topology/action.hpp"
#include "topology/mapping.hpp"

namespace synfire::detail {

/// What the layers of a network did between two moments.
class LayerActionCounter {
 public:
  LayerActionCounter(const Network& network, const Mapping& mapping);
  const std::vector<std::string>& layers() const { return layers_; }

  /// Counts since the call before, [layers][kinds of actions], valid until the next call; `slices`
  /// are those since the start of the run.
  std::span<const std::int64_t> since_last(std::span<const ActionCounts> slices);

 private:
  std::vector<std::string> layers_;
  std::vector<std::size_t> layer_of_slice_;
  std::vector<std::int64_t> until_now_;  ///< [layers][actions]
  std::vector<std::int64_t> since_last_;
};

}  // namespace synfire::detail
