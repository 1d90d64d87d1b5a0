// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <tuple>

#include <catch2/catch.hpp>

#include "tests/support/chip_run.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

using Sender = std::tuple<PopulationId, std::uint32_t, std::uint16_t, std::uint32_t>;

/// Who fired: population, token, step, neuron.
std::set<Sender> senders_of(const ChipRun& run) {
  std::set<Sender> senders;
  for (const SpikeRecord& spike : run.probe.spikes) {
    senders.emplace(spike.population, spike.token, spike.step, spike.neuron);
  }
  return senders;
}

}  // namespace

TEST_CASE(
    "Packets: every delivery is reported once, after it was sent, and reporting costs nothing") {
  const auto kinds = all_network_kinds();
  for (std::uint64_t i = 0; i < kinds.size(); ++i) {
    const std::uint64_t seed = base_seed() + 9100 + i;
    INFO("seed " << seed << ": " << to_string(kinds[i]));
    const Model model = random_decoder(seed).model;
    const ChipDescription chip = random_chip(seed, kinds[i]);
    const Mapping mapping = random_mapping(seed, model.network, chip);
    const auto tokens = random_tokens(seed, model.text.alphabet.size(), 3);
    const ChipRun plain = run_chip(model, chip, mapping, tokens, {});
    const ChipRun run = run_chip(model, chip, mapping, tokens, {.packets = true});
    CHECK(plain.probe.packets.empty());
    CHECK(run.totals == plain.totals);
    CHECK(static_cast<std::int64_t>(run.probe.packets.size()) == run.totals.packets_delivered);
    const std::set<Sender> fired = senders_of(run);
    std::set<std::tuple<Sender, CoreId>> delivered;
    std::int64_t early = 0, foreign = 0, unfired = 0, repeated = 0;
    for (const PacketRecord& packet : run.probe.packets) {
      const PopulationSlice& slice = mapping.slices[index(packet.source)];
      const NeuronModel sends = model.network.population(slice.population).model;
      const Sender sender{slice.population, packet.token, packet.step, packet.neuron};
      // What a neurocore sends to itself takes no time.
      early += slice.core == packet.destination ? packet.sent > packet.arrived
                                                : packet.sent >= packet.arrived;
      foreign += packet.neuron < slice.begin || packet.neuron >= slice.end ||
                 packet.token >= tokens.size();
      unfired += !is_graded(sends) && sends != NeuronModel::readout && !fired.contains(sender);
      repeated += !delivered.emplace(sender, packet.destination).second;
    }
    CHECK(early == 0);
    CHECK(foreign == 0);
    CHECK(unfired == 0);
    CHECK(repeated == 0);
  }
}

}  // namespace synfire::test
