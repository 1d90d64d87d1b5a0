// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "models/chip_runner.hpp"
#include "models/token_replay.hpp"
#include "sim/app/run_plan.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/ranked_simulation.hpp"

namespace synfire::app {

/// The planned chip, simulated in the planned way: as a whole, token by token beside each other
/// (TokenReplay), or shared among ranks, of which this is the first.
class PlannedSimulation {
 public:
  /// `ranks` may be null. `between_windows` is called by ranks, and may throw. Keeps references to
  /// all but `between_windows`.
  PlannedSimulation(const RunPlan& plan, Probe& probe, Communicator* ranks,
                    std::function<void()> between_windows);

  TokenRunner& runner() { return *runner_; }
  /// All presentations of the model's stimulus at once: they follow each other through the layers.
  /// Only of a chip that is simulated as a whole.
  void push_presentations();
  void drain();

  /// Does `what` when the timing of what was asked of the chip so far is known.
  void then(std::function<void()> what);
  const SimulationTotals& totals() const;

  /// Tokens were to be timed beside each other, but could not (TokenReplay::ran_in_order).
  bool fell_back_to_order() const { return replay_ && replay_->ran_in_order(); }
  /// Null without ranks.
  RankedSimulation* ranked() { return ranked_.get(); }

 private:
  const RunPlan& plan_;
  std::unique_ptr<ChipSimulation> whole_;  ///< or
  std::unique_ptr<TokenReplay> replay_;    ///< or
  std::unique_ptr<RankedSimulation> ranked_;
  std::unique_ptr<TokenRunner> simulation_runner_;  ///< of `whole_` and `ranked_`
  TokenRunner* runner_ = nullptr;
};

}  // namespace synfire::app
