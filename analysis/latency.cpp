// SPDX-License-Identifier: Apache-2.0
#include "analysis/latency.hpp"

#include <algorithm>

#include "analysis/layers.hpp"

namespace synfire {

void LatencyMeter::Sum::add(Duration duration) {
  total += duration;
  longest = std::max(longest, duration);
  ++count;
}

LatencyMeter::LatencyMeter(const Network& network, const Mapping& mapping)
    : LatencyMeter(layers_of(network), mapping.slices) {}

LatencyMeter::LatencyMeter(std::span<const std::string> layers,
                           std::span<const PopulationSlice> slices) {
  for (const PopulationSlice& slice : slices) {
    const std::string& layer = layers[index(slice.population)];
    const auto found = std::ranges::find(layer_names_, layer);
    layer_of_slice_.push_back(static_cast<std::size_t>(found - layer_names_.begin()));
    if (found == layer_names_.end()) layer_names_.push_back(layer);
  }
  layers_.resize(layer_names_.size());
}

void LatencyMeter::on_steps(std::span<const StepRecord> steps) {
  for (const StepRecord& step : steps) {
    auto& layers = under_way_[step.token];
    if (layers.empty()) layers.resize(layer_names_.size());
    Interval& interval = layers[layer_of_slice_[index(step.slice)]];
    interval.first = std::min(interval.first, step.started);
    interval.last = std::max(interval.last, step.ended);
  }
}

void LatencyMeter::add(const LayerIntervals& intervals, std::vector<Sum>& layers) {
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const Interval& interval = intervals[layer];
    if (interval.first <= interval.last) layers[layer].add(interval.last - interval.first);
  }
}

void LatencyMeter::on_token(const TokenRecord& token) {
  tokens_.add(token.finished - token.injected);
  run_.first = std::min(run_.first, token.injected);
  run_.last = std::max(run_.last, token.finished);
  while (!under_way_.empty() && under_way_.begin()->first < token.token) {
    add(under_way_.begin()->second, layers_);
    under_way_.erase(under_way_.begin());
  }
}

LatencyReport LatencyMeter::report() const {
  LatencyReport report;
  report.tokens = static_cast<std::uint32_t>(tokens_.count);
  if (tokens_.count == 0) return report;
  report.span = run_.last - run_.first;
  report.mean = tokens_.total / tokens_.count;
  report.longest = tokens_.longest;
  std::vector<Sum> layers = layers_;
  for (const auto& [token, intervals] : under_way_) add(intervals, layers);
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const Sum& sum = layers[layer];
    if (sum.count == 0) continue;
    report.layers.push_back({layer_names_[layer], sum.total / sum.count, sum.longest});
  }
  return report;
}

}  // namespace synfire
