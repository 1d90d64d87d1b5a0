// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "neurons/network.hpp"
#include "sim/records.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// Time that a layer worked on a token: from the start of its first step to the end of its last,
/// on any of its neurocores. Layers overlap, so these do not add up to a token's latency.
struct LayerLatency {
  std::string layer;
  Duration mean{};
  Duration longest{};
};

struct LatencyReport {
  std::uint32_t tokens = 0;
  Duration span{};     ///< first injection to last logits
  Duration mean{};     ///< injection to logits of a token, mean over the tokens
  Duration longest{};  ///< the slowest token
  std::vector<LayerLatency> layers;

  /// Simulated time per token: `span` / tokens. Shorter than `mean` while a prompt's tokens
  /// overlap in the layers.
  Duration per_token() const { return tokens == 0 ? Duration{} : span / tokens; }
};

/// Sums latencies while a simulation runs; holds only the tokens that are under way or have just
/// ended (their last steps may be reported after their logits).
class LatencyMeter {
 public:
  LatencyMeter(const Network& network, const Mapping& mapping);
  /// `layers`: of every population (layers_of).
  LatencyMeter(std::span<const std::string> layers, std::span<const PopulationSlice> slices);
  void on_steps(std::span<const StepRecord> steps);
  void on_token(const TokenRecord& token);
  LatencyReport report() const;

 private:
  struct Interval {
    TimePoint first = TimePoint::max();
    TimePoint last = TimePoint::min();
  };
  struct Sum {
    Duration total{};
    Duration longest{};
    std::int64_t count = 0;
    void add(Duration duration);
  };

  using LayerIntervals = std::vector<Interval>;
  static void add(const LayerIntervals& intervals, std::vector<Sum>& layers);

  std::vector<std::string> layer_names_;
  std::vector<std::size_t> layer_of_slice_;
  std::map<std::uint32_t, LayerIntervals> under_way_;  ///< by token
  std::vector<Sum> layers_;
  Sum tokens_;
  Interval run_;
};

}  // namespace synfire
