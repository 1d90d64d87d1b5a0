// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/recording.hpp"
#include "models/generation.hpp"
#include "models/model_file.hpp"
#include "models/token_runner.hpp"
#include "neurons/spike_train.hpp"
#include "topology/spike_table.hpp"
#include "topology/twin_simulation.hpp"

namespace synfire {

/// A run as its host and its neurons made it, without any hardware: all that a replay needs. It is
/// the same for every chip that has no faults (invariant I1).
struct RunScript {
  explicit RunScript(const Network& network) : fired(network) {}

  std::vector<HostCall> calls;                           ///< in order; none for a stimulus
  std::vector<PushedToken> pushed;                       ///< one for each push_token of a text
  std::vector<std::vector<std::uint32_t>> input_spikes;  ///< of each of `pushed`
  std::vector<std::vector<SpikeTrain>> presentations;    ///< of a stimulus, all pushed at once
  SpikeTable fired;
};

/// Notes what a generation does with a runner, while it hands everything on.
class ScriptWriter final : public TokenRunner {
 public:
  /// Keeps references to both.
  ScriptWriter(RunScript& script, TokenRunner& runner) : script_(script), runner_(runner) {}

  void push_token(std::span<const std::uint32_t> input_spikes) override;
  std::span<const std::int32_t> run_until_readout(std::uint32_t token) override;
  void clear_context() override;

 private:
  RunScript& script_;
  TokenRunner& runner_;
};

/// The script of a recorded run of `model`: its text is generated again from the recorded logits,
/// so that the host does what it did then.
///
/// Throws  ConfigError if the model is not the one that was run; IoError if the run ended early or
///         the recording lacks spikes, tokens or logits of it, with the reason.
RunScript recorded_script(const Recording& recording, const Model& model);

}  // namespace synfire
