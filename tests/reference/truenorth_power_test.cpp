// SPDX-License-Identifier: Apache-2.0
// The parts that truenorth-like prices apart, put together again: the power of a full chip in real
// time against what was measured on silicon.
#include <catch2/catch.hpp>

#include "topology/chip.hpp"

namespace synfire::test {
namespace {

constexpr double neurons = 1 << 20;
constexpr double ticks_per_second = 1'000;
constexpr double synapses_per_neuron = 128;
/// Random connections over 64 x 64 cores: 21.3 in x and in y (Merolla 2014, S7).
constexpr double hops_per_spike = 42.6;

/// Watts at a mean firing rate in Hz, by the preset's figures.
double power(double rate) {
  const ChipDescription chip = load_chip("truenorth-like");
  const auto joules = [&](Action action) {
    return chip.energy[static_cast<std::size_t>(action)].in_joules();
  };
  const double cores = static_cast<double>(chip.grid.width * chip.grid.height);
  const double leakage = 1e-9 * static_cast<double>(chip.static_power.neurocore_nanowatts) * cores;
  const double tick = neurons * (joules(Action::neuron_access) + joules(Action::neuron_update));
  const auto packet_bits = static_cast<double>(chip.format.spike_packet_bits);
  const double spike = hops_per_spike * packet_bits * joules(Action::link_bit) +
                       synapses_per_neuron * joules(Action::synaptic_operation) +
                       joules(Action::spike_out) + joules(Action::axon_out) +
                       joules(Action::axon_in);
  return leakage + ticks_per_second * tick + neurons * rate * spike;
}

}  // namespace

TEST_CASE("truenorth-like: a full chip takes the measured power at 20 Hz, within 15 %") {
  CHECK(power(20) == Approx(0.072).epsilon(0.15));  // at 0.775 V: Merolla 2014
}

TEST_CASE("truenorth-like: activity adds what it added on silicon") {
  constexpr double volts = 0.775 / 0.8;  // of the preset, of Akopyan 2015, figure 17
  constexpr double measured = 0.094 - 0.068;
  CHECK(power(95.93) - power(11.58) == Approx(measured * volts * volts).epsilon(0.01));
}

TEST_CASE("truenorth-like: without activity it takes less than at 0.8 V and more than at 0.70 V") {
  CHECK(power(0) > 0.042);
  CHECK(power(0) < 0.0644);
}

}  // namespace synfire::test
