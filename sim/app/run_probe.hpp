// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <utility>

#include "analysis/attention_scores.hpp"
#include "analysis/latency.hpp"
#include "sim/records.hpp"

namespace synfire::app {

/// Hands what a run reports to the meters of its summary and, if there is one, to a recorder; then
/// calls `after_token` with each finished token, and `after_steps` with the last of some steps.
class RunProbe final : public Probe {
 public:
  RunProbe(const Network& network, const Mapping& mapping, Probe* recorder,
           std::function<void(const TokenRecord&)> after_token,
           std::function<void(const StepRecord&)> after_steps)
      : latency_(network, mapping),
        scores_(network),
        recorder_(recorder),
        after_token_(std::move(after_token)),
        after_steps_(std::move(after_steps)) {}

  void on_spikes(std::span<const SpikeRecord> spikes) override {
    scores_.on_spikes(spikes);
    if (recorder_ != nullptr) recorder_->on_spikes(spikes);
  }
  void on_steps(std::span<const StepRecord> steps) override {
    latency_.on_steps(steps);
    if (recorder_ != nullptr) recorder_->on_steps(steps);
    after_steps_(steps.back());
  }
  void on_potentials(const PotentialRecord& potentials) override {
    if (recorder_ != nullptr) recorder_->on_potentials(potentials);
  }
  void on_packets(std::span<const PacketRecord> packets) override {
    if (recorder_ != nullptr) recorder_->on_packets(packets);
  }
  void on_token(const TokenRecord& token) override {
    latency_.on_token(token);
    scores_.on_token(token.token);
    if (recorder_ != nullptr) recorder_->on_token(token);
    after_token_(token);
  }

  void clear_context() { scores_.clear_context(); }
  const LatencyMeter& latency() const { return latency_; }
  const AttentionScoreCounter& scores() const { return scores_; }

 private:
  LatencyMeter latency_;
  AttentionScoreCounter scores_;
  Probe* recorder_;
  std::function<void(const TokenRecord&)> after_token_;
  std::function<void(const StepRecord&)> after_steps_;
};

}  // namespace synfire::app
