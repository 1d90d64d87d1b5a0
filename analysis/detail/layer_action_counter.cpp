// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/layer_action_counter.hpp"

#include <algorithm>

#include "analysis/layers.hpp"

namespace synfire::detail {

LayerActionCounter::LayerActionCounter(const Network& network, const Mapping& mapping) {
  const std::vector<std::string> names = layers_of(network);
  for (const PopulationSlice& slice : mapping.slices) {
    const std::string& layer = names[index(slice.population)];
    const auto found = std::ranges::find(layers_, layer);
    layer_of_slice_.push_back(static_cast<std::size_t>(found - layers_.begin()));
    if (found == layers_.end()) layers_.push_back(layer);
  }
  until_now_.assign(layers_.size() * action_kinds, 0);
  since_last_ = until_now_;
}

std::span<const std::int64_t> LayerActionCounter::since_last(std::span<const ActionCounts> slices) {
  std::ranges::transform(until_now_, since_last_.begin(),
                         [](std::int64_t count) { return -count; });
  std::ranges::fill(until_now_, 0);
  for (std::size_t slice = 0; slice < slices.size(); ++slice) {
    const std::size_t first = layer_of_slice_[slice] * action_kinds;
    for (std::size_t i = 0; i < action_kinds; ++i) {
      until_now_[first + i] += slices[slice][static_cast<Action>(i)];
    }
  }
  for (std::size_t i = 0; i < until_now_.size(); ++i) since_last_[i] += until_now_[i];
  return since_last_;
}

}  // namespace synfire::detail
