// SPDX-License-Identifier: Apache-2.0
// Neurocores too small for the inputs of a neuron: invariants I1 to I5 hold with partial sums, for
// every placement.
#include "topology/fan_in.hpp"

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "tests/support/chip_run.hpp"
#include "tests/support/invariants.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/random_network.hpp"
#include "tests/support/seed.hpp"
#include "topology/faults.hpp"
#include "topology/placement.hpp"
#include "topology/slice_needs.hpp"
#include "topology/spike_table.hpp"

namespace synfire::test {
namespace {

constexpr std::uint64_t decoders = 32;
constexpr std::int64_t few_proposals = 2000;
constexpr PlacementStrategy all_strategies[] = {
    PlacementStrategy::linear, PlacementStrategy::greedy, PlacementStrategy::annealing,
    PlacementStrategy::partition};

Model one_block_decoder(std::uint64_t seed) {
  DecoderArchitecture architecture = without_layer_norm(random_architecture(seed));
  architecture.blocks = 1;
  return random_decoder(seed, architecture).model;
}

/// A chip of any kind but GraphML, whose number of neurocores is not ours to choose.
ChipDescription scalable_chip(std::uint64_t seed) {
  auto kinds = all_network_kinds();
  std::erase_if(kinds,
                [](const NetworkKind& kind) { return kind.topology == TopologyKind::graphml; });
  return random_chip(seed, kinds[seed % kinds.size()]);
}

std::int64_t rounded_up(std::int64_t value, std::int64_t divisor) {
  return (value + divisor - 1) / divisor;
}

/// Neurocores of which one neuron with the greatest fan-in needs 2 to 5, by axons (even seeds; no
/// fewer than a head of attention takes) or synapse memory.
void make_tight(ChipDescription& chip, std::uint64_t seed, const Model& model) {
  CoreUse dense, other;
  for (std::uint32_t i = 1; i < model.network.populations().size(); ++i) {
    const SliceNeeds needs = slice_needs(model.network, PopulationId{i}, chip, model.context());
    const CoreUse least = needs.of(needs.smallest);
    std::int64_t& axons = needs.synapse_bits > 0 ? dense.axons_in : other.axons_in;
    axons = std::max(axons, least.axons_in);
    dense.synapse_memory_bits = std::max(dense.synapse_memory_bits, least.synapse_memory_bits);
  }
  const auto parts = static_cast<std::int64_t>(2 + seed / 2 % 4);
  if (seed % 2 == 0) {
    chip.neurocore.axons_in = std::max(rounded_up(dense.axons_in, parts), other.axons_in);
  } else {
    chip.neurocore.synapse_memory_bits = rounded_up(dense.synapse_memory_bits, parts);
  }
}

/// As many neurocores a tile as the network needs and some to spare.
Mapping map_on_enough(const Network& network, ChipDescription& chip, std::uint32_t context) {
  while (true) {
    try {
      map_network(network, chip, context);
      chip.grid.cores_per_tile += 1 + chip.grid.cores_per_tile / 4;
      return map_network(network, chip, context);
    } catch (const MappingError& error) {
      if (error.resource != "neurocores") throw;
      chip.grid.cores_per_tile *= 2;
    }
  }
}

/// A decoder as it is and as it runs on a chip that is too small for some of its neurons.
struct SplitDecoder {
  explicit SplitDecoder(std::uint64_t seed)
      : whole(one_block_decoder(seed)), split(whole), chip(scalable_chip(seed)) {
    make_tight(chip, seed, whole);
    split.network = split_fan_in(whole.network, chip);
    linear = map_on_enough(split.network, chip, whole.text.context);
    tokens = random_tokens(seed, whole.text.alphabet.size(), 3);
  }

  /// Parts of each population that has some.
  std::map<std::string, int> parts() const {
    std::map<std::string, int> counts;
    for (const Population& population : split.network.populations()) {
      const std::string name(whole_of(population.name));
      if (name != population.name) ++counts[name];
    }
    return counts;
  }

  Model whole;
  Model split;
  ChipDescription chip;
  Mapping linear;
  std::vector<Token> tokens;
};

}  // namespace

TEST_CASE("I1-I5: partial sums change neither spikes nor logits, whatever the placement") {
  std::map<int, int> parts_seen;
  for (std::uint64_t i = 0; i < decoders; ++i) {
    const std::uint64_t seed = base_seed() + i;
    const SplitDecoder decoder(seed);
    const Model& model = decoder.split;
    INFO("seed " << seed << " (SYNFIRE_SEED=" << seed << " runs it first)");
    for (const auto& [name, parts] : decoder.parts()) ++parts_seen[parts];
    const ReferenceRun expected = run_reference(decoder.whole, decoder.tokens);
    CHECK(run_reference(model, decoder.tokens).logits == expected.logits);
    for (const PlacementStrategy strategy : all_strategies) {
      INFO(to_string(strategy));
      Mapping mapping;
      try {
        mapping = place_slices(model.network, decoder.chip, model.text.context, decoder.linear,
                               assumed_traffic(model.network),
                               {.strategy = strategy, .seed = seed, .proposals = few_proposals});
      } catch (const Error&) {  // no room for greedy, or no METIS; see placement_test
        continue;
      }
      const ChipRun run = run_chip(model, decoder.chip, mapping, decoder.tokens, {});
      CHECK(run.logits == expected.logits);
      CHECK(sorted_keys(run.probe.spikes) == expected.spikes);
      check_conservation(run.totals, decoder.chip);
      check_causality(run);
      if (decoder.chip.multicast == Multicast::unicast) {
        const NeuronTraffic sent =
            measured_traffic(model.network, run.totals.spikes_per_neuron,
                             static_cast<std::int64_t>(decoder.tokens.size()));
        CHECK(traffic_hops(model.network, decoder.chip, mapping, sent).data == run.totals.hops);
      }
      SpikeTable table(model.network);
      table.add(run.probe.spikes);
      check_equal_timing(
          run, run_chip(model, decoder.chip, mapping, decoder.tokens, {.replay = &table}));
      check_equal_timing(run, run_chip(model, decoder.chip, mapping, decoder.tokens,
                                       {.queue = QueueKind::binary_heap, .threads = 2}));
    }
  }
  for (const int parts : {2, 3, 4, 5}) {
    INFO(parts);
    CHECK(parts_seen[parts] > 0);
  }
}

TEST_CASE("I1-I3: partial sums keep delays, recurrence and neurons that are never reset") {
  std::map<int, int> parts_seen;
  for (std::uint64_t i = 0; i < 2 * decoders; ++i) {
    const std::uint64_t seed = base_seed() + 300 + i;
    INFO("seed " << seed);
    const Model whole = random_network(seed);
    Model split = whole;
    ChipDescription chip = scalable_chip(seed);
    make_tight(chip, seed, whole);
    try {
      split.network = split_fan_in(whole.network, chip);
    } catch (const MappingError& error) {  // more parts than so few axons take
      CHECK(error.resource == "axons_in");
      continue;
    }
    const auto parts = split.network.populations().size() - whole.network.populations().size();
    ++parts_seen[static_cast<int>(std::min<std::size_t>(parts, 6))];
    const Mapping mapping = map_on_enough(split.network, chip, whole.context());
    const ReferenceRun expected = run_reference(whole);
    CHECK(run_reference(split).logits == expected.logits);
    const ChipRun run = run_chip(split, chip, mapping, {});
    CHECK(run.logits == expected.logits);
    CHECK(sorted_keys(run.probe.spikes) == expected.spikes);
    check_conservation(run.totals, chip);
    check_causality(run);
  }
  CHECK(parts_seen[2] > 0);
  CHECK(parts_seen[6] > 0);
}

TEST_CASE("Stuck neurons and flipped bits are the same with partial sums as without") {
  std::int64_t bits = 0;
  for (std::uint64_t i = 0; i < decoders / 2; ++i) {
    const std::uint64_t seed = base_seed() + 500 + i;
    INFO("seed " << seed);
    SplitDecoder decoder(seed);
    FaultDescription& faults = decoder.chip.faults;
    faults.seed = static_cast<std::int64_t>(seed);
    faults.stuck_silent_rate = FaultDescription::certain / 30;
    faults.stuck_firing_rate = FaultDescription::certain / 30;
    faults.bit_flip_rate = FaultDescription::certain / 500;
    FlipReport flips;
    const std::uint32_t context = decoder.whole.text.context;
    decoder.whole.network = with_bit_flips(decoder.whole.network, decoder.chip, context, flips);
    decoder.split.network = split_fan_in(decoder.whole.network, decoder.chip);
    bits += flips.total();
    ChipDescription large = scalable_chip(seed);
    large.faults = faults;
    const Mapping there = map_on_enough(decoder.whole.network, large, context);
    const ChipRun whole = run_chip(decoder.whole, large, there, decoder.tokens, {});
    const ChipRun split = run_chip(decoder.split, decoder.chip, decoder.linear, decoder.tokens, {});
    CHECK(split.logits == whole.logits);
    CHECK(sorted_keys(split.probe.spikes) == sorted_keys(whole.probe.spikes));
  }
  CHECK(bits > 0);
}

}  // namespace synfire::test
