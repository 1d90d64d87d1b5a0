// SPDX-License-Identifier: Apache-2.0
#include "topology/twin_plan.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

/// input (4) -> a (6) dense; a -> sum (6, residual) one to one and -> readout (3) dense; T = 4.
Network small_network() {
  std::vector<Population> populations(4);
  const auto name = [&](std::size_t i, const char* text, std::uint32_t size, NeuronModel model) {
    populations[i].name = text;
    populations[i].size = size;
    populations[i].model = model;
    if (model != NeuronModel::input) populations[i].bias.assign(size, 0);
  };
  name(0, "input", 4, NeuronModel::input);
  name(1, "a", 6, NeuronModel::lif);
  name(2, "sum", 6, NeuronModel::residual);
  name(3, "readout", 3, NeuronModel::readout);
  populations[1].threshold.assign(6, 1);
  populations[2].shift.assign(6, 0);
  std::vector<Projection> projections(3);
  projections[0].source = PopulationId{0};
  projections[0].target = PopulationId{1};
  projections[0].weights.assign(24, 1);
  projections[1].source = PopulationId{1};
  projections[1].target = PopulationId{2};
  projections[1].connectivity = Connectivity::one_to_one;
  projections[2].source = PopulationId{1};
  projections[2].target = PopulationId{3};
  projections[2].weights.assign(18, 1);
  return {4, std::move(populations), std::move(projections)};
}

/// sum in two halves, on neurocores of their own.
const std::vector<PopulationSlice> slices = {{PopulationId{0}, 0, 4, host_core},
                                             {PopulationId{1}, 0, 6, CoreId{4}},
                                             {PopulationId{2}, 0, 2, CoreId{8}},
                                             {PopulationId{2}, 2, 6, CoreId{12}},
                                             {PopulationId{3}, 0, 3, CoreId{16}}};

struct Planned {
  Network network = small_network();
  ChipDescription chip = load_chip("ideal");
  TwinPlan plan;

  explicit Planned(Multicast multicast) {
    chip.multicast = multicast;
    chip.dense.lanes = 2;
    chip.neurocore.synapse_word_bits = 16;
    const RouterGraph graph = build_graph(chip);
    const TwinRules rules(network, TwinKind::quantised, chip, 8);
    plan = plan_twin(network, Mapping{slices, {}}, *make_routing(graph, chip), chip, rules);
  }
  /// Lengths of the vectors of a slice, ascending.
  std::vector<std::int64_t> lengths(std::uint32_t slice) const {
    std::vector<std::int64_t> bits;
    for (const TwinVector& vector : plan.vectors[slice]) bits.push_back(plan.bits[vector.size]);
    std::ranges::sort(bits);
    return bits;
  }
  const TwinReceipt& receipt_on(std::uint32_t core) const {
    return *std::ranges::find(plan.receipts, core, &TwinReceipt::core);
  }
};

}  // namespace

TEST_CASE("plan_twin: unicast sends each neurocore the values that it uses, in one vector") {
  const Planned planned(Multicast::unicast);
  // T = 4: 3 bits a value. The halves of sum use 2 and 4 values, the readout all 6.
  CHECK(planned.lengths(0) == std::vector<std::int64_t>{4 * 3});
  CHECK(planned.lengths(1) == std::vector<std::int64_t>{2 * 3, 4 * 3, 6 * 3});
  CHECK(planned.lengths(2).empty());                               // nobody reads sum
  CHECK(planned.lengths(4) == std::vector<std::int64_t>{3 * 32});  // logits, to the host
  CHECK(planned.plan.expected == std::vector<std::uint32_t>{0, 1, 1, 1, 1});
}

TEST_CASE("plan_twin: under tree multicast no value is sent twice") {
  const Planned planned(Multicast::tree);
  // Values 0-1 go to the first half and the readout, 2-5 to the second half and the readout.
  CHECK(planned.lengths(1) == std::vector<std::int64_t>{2 * 3, 4 * 3});
  CHECK(planned.plan.expected == std::vector<std::uint32_t>{0, 1, 1, 1, 2});
}

TEST_CASE(
    "plan_twin: a destination multiplies each value with its row and adds one-to-one values") {
  const Planned planned(Multicast::unicast);
  const TwinReceipt& readout = planned.receipt_on(16);
  REQUIRE(readout.shares.size() == 1);
  CHECK(readout.shares[0].products == 6 * 3);
  CHECK(readout.shares[0].product_bits == 6 * 3 * 3);
  CHECK(readout.shares[0].words == 6 * 2);  // 3 weights of 8 bits in words of 16
  CHECK(readout.shares[0].additions == 0);
  CHECK(readout.work.words == 12);
  CHECK(readout.work.groups == 6 * 2);  // 3 products by 2 lanes
  const TwinReceipt& half = planned.receipt_on(12);
  REQUIRE(half.shares.size() == 1);
  CHECK(half.shares[0].products == 0);
  CHECK(half.shares[0].additions == 4);
  CHECK(half.work.words == 0);
  CHECK(half.work.groups == 2);  // 4 values by 2 lanes
}

}  // namespace synfire::test
