// SPDX-License-Identifier: Apache-2.0
// What ranks of a board need of memory, foreseen.
#include <algorithm>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include "analysis/cost_model.hpp"
#include "tests/support/random_decoder.hpp"
#include "topology/topologies.hpp"

namespace synfire::test {
namespace {

/// A small decoder spread over four chips.
class Board {
 public:
  Board()
      : model(random_decoder(5).model),
        chip(load_chip("loihi-like",
                       std::vector<std::string>{"board.columns=2", "board.rows=2", "grid.width=4",
                                                "grid.height=4", "grid.cores_per_tile=1",
                                                "neurocore.neurons=32"})),
        graph(build_graph(chip)),
        mapping(map_network(model.network, chip, model.context())) {}

  std::vector<std::int64_t> memory(const std::vector<std::uint32_t>& rank_of_router) const {
    return predict_rank_memory(model.network, chip, mapping, model.context(), rank_of_router);
  }
  std::int64_t memory_of_one() const {
    return predict_cost(model.network, chip, mapping, assumed_traffic(model.network),
                        model.context())
        .memory_bytes;
  }

  std::int64_t most_synapses_of_a_population() const {
    std::vector<std::int64_t> synapses(model.network.populations().size(), 0);
    for (const Projection& projection : model.network.projections()) {
      synapses[index(projection.target)] += static_cast<std::int64_t>(projection.weights.size());
    }
    return std::ranges::max(synapses);
  }

  Model model;
  ChipDescription chip;
  RouterGraph graph;
  Mapping mapping;
};

}  // namespace

TEST_CASE("RankMemory: one rank needs what one process needs") {
  const Board board;
  const auto memory = board.memory(std::vector<std::uint32_t>(board.graph.router_count(), 0));
  REQUIRE(memory.size() == 1);
  CHECK(memory[0] == board.memory_of_one());
}

TEST_CASE("RankMemory: what lies on chips is shared, and what all need is on every rank") {
  const Board board;
  const std::uint32_t routers = board.graph.router_count();
  std::vector<std::uint32_t> halves(routers, 0);
  std::fill(halves.begin() + routers / 2, halves.end(), 1);
  const auto memory = board.memory(halves);
  REQUIRE(memory.size() == 2);
  CHECK(std::ranges::max(memory) < board.memory_of_one());
  std::vector<std::uint32_t> nothing(routers, 0);
  nothing.back() = 1;
  const std::int64_t common = board.memory(nothing)[1];
  CHECK(common > 0);
  // Synapses of the population that is cut between the halves are on both.
  const std::int64_t sum = std::accumulate(memory.begin(), memory.end(), std::int64_t{0});
  CHECK(sum >= board.memory_of_one() + common);
  CHECK(sum <= board.memory_of_one() + common + board.most_synapses_of_a_population());
}

}  // namespace synfire::test
