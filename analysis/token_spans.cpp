// SPDX-License-Identifier: Apache-2.0
#include "analysis/token_spans.hpp"

#include <algorithm>
#include <unordered_map>

#include "analysis/layers.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t rows_at_a_time = 1U << 20U;

/// Layer of every slice, an index into `layers`, which is filled.
std::vector<std::size_t> layer_of_slices(const Recording& recording,
                                         std::vector<std::string>& layers) {
  const std::vector<std::string> names = layers_of(recording);
  std::vector<std::size_t> result;
  for (const PopulationSlice& slice : recording.slices()) {
    const std::string& layer = names[index(slice.population)];
    const auto found = std::ranges::find(layers, layer);
    result.push_back(static_cast<std::size_t>(found - layers.begin()));
    if (found == layers.end()) layers.push_back(layer);
  }
  return result;
}

}  // namespace

TokenSpans token_spans(const Recording& recording, std::uint32_t first, std::uint32_t end) {
  TokenSpans result;
  const std::vector<std::size_t> layer_of_slice = layer_of_slices(recording, result.layers);
  std::unordered_map<std::uint32_t, std::size_t> places;
  for (const RecordedToken& token : recording.tokens()) {
    if (token.token < first || token.token >= end) continue;
    places[token.token] = result.tokens.size();
    result.tokens.push_back(token);
  }
  result.spans.assign(result.tokens.size(), std::vector<TokenSpans::Span>(result.layers.size()));
  const std::uint64_t rows = recording.step_count();
  for (std::uint64_t row = 0; row < rows; row += rows_at_a_time) {
    for (const StepRecord& step : recording.steps(row, std::min(rows_at_a_time, rows - row))) {
      const auto place = places.find(step.token);
      if (place == places.end()) continue;
      TokenSpans::Span& span = result.spans[place->second][layer_of_slice[index(step.slice)]];
      span.started = std::min(span.started, step.started);
      span.ended = std::max(span.ended, step.ended);
    }
  }
  return result;
}

}  // namespace synfire
