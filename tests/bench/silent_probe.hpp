// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "sim/records.hpp"

namespace synfire::bench {

/// Takes every record and keeps none.
class SilentProbe final : public Probe {
 public:
  void on_spikes(std::span<const SpikeRecord> /*spikes*/) override {}
  void on_steps(std::span<const StepRecord> /*steps*/) override {}
  void on_potentials(const PotentialRecord& /*potentials*/) override {}
  void on_token(const TokenRecord& /*token*/) override {}
};

}  // namespace synfire::bench
