// SPDX-License-Identifier: Apache-2.0
#include "sim/app/planned_simulation.hpp"

#include <utility>

#include "sim/app/support.hpp"

namespace synfire::app {

PlannedSimulation::PlannedSimulation(const RunPlan& plan, Probe& probe, Communicator* ranks,
                                     std::function<void()> between_windows)
    : plan_(plan) {
  const PlannedChip& chip = plan.chip;
  if (ranks != nullptr) {
    ranked_ = std::make_unique<RankedSimulation>(
        chip.network, chip.description, chip.mapping, plan.simulation, plan.rank_of_router, probe,
        *ranks, RankHooks{std::move(between_windows), resident_memory_bytes});
    simulation_runner_ = std::make_unique<RankedRunner>(*ranked_);
  } else if (plan.replays_tokens) {
    replay_ = std::make_unique<TokenReplay>(chip.network, chip.description, chip.mapping,
                                            plan.simulation, probe);
  } else {
    whole_ = std::make_unique<ChipSimulation>(chip.network, chip.description, chip.mapping,
                                              plan.simulation, probe);
    simulation_runner_ = std::make_unique<ChipRunner>(*whole_);
  }
  runner_ = replay_ ? replay_.get() : simulation_runner_.get();
}

void PlannedSimulation::push_presentations() {
  const Stimulus& stimulus = *plan_.model.stimulus;
  for (std::uint32_t i = 0; i < plan_.model.presentations(); ++i) {
    whole_->push_stimulus(stimulus.presentation(i, plan_.model.network.time_steps()));
  }
}

void PlannedSimulation::drain() {
  if (ranked_) return ranked_->drain();
  if (replay_) return replay_->drain();
  whole_->drain();
}

void PlannedSimulation::then(std::function<void()> what) {
  replay_ ? replay_->then(std::move(what)) : what();
}

const SimulationTotals& PlannedSimulation::totals() const {
  if (ranked_) return ranked_->totals();
  if (replay_) return replay_->totals();
  return whole_->totals();
}

}  // namespace synfire::app
