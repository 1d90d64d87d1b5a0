// SPDX-License-Identifier: Apache-2.0
#include "topology/chip_simulation.hpp"

#include <utility>

#include "topology/chip_engine.hpp"

namespace synfire {

ChipSimulation::ChipSimulation(const Network& network, const ChipDescription& chip, Mapping mapping,
                               SimulationOptions options, Probe& probe)
    : engine_(make_chip_engine(network, chip, std::move(mapping), std::move(options), probe)) {}
ChipSimulation::~ChipSimulation() = default;

void ChipSimulation::push_token(std::span<const std::uint32_t> input_spikes) {
  engine_->push_token(input_spikes);
}
void ChipSimulation::push_stimulus(std::span<const SpikeTrain> inputs) {
  engine_->push_stimulus(inputs);
}
std::span<const std::int32_t> ChipSimulation::run_until_readout(std::uint32_t token) {
  return engine_->run_until_readout(token);
}
void ChipSimulation::drain() {
  engine_->drain();
}
void ChipSimulation::clear_context() {
  engine_->clear_context();
}
bool ChipSimulation::is_quiet() const {
  return engine_->is_quiet();
}
void ChipSimulation::resume_after(const TokenPast& past, TimePoint now) {
  engine_->resume_after(past, now);
}
const SimulationTotals& ChipSimulation::totals() const {
  return engine_->totals();
}
std::vector<InputStages> ChipSimulation::input_stages() const {
  return engine_->input_stages();
}
const Mapping& ChipSimulation::mapping() const {
  return engine_->mapping();
}

}  // namespace synfire
