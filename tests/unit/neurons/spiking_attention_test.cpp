// SPDX-License-Identifier: Apache-2.0
#include "neurons/spiking_attention.hpp"

#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "tests/support/seed.hpp"

namespace synfire {
namespace {

using Ids = std::vector<std::uint32_t>;

std::vector<std::int32_t> attend(SpikingAttention& unit, const Ids& q, const Ids& k, const Ids& v,
                                 std::size_t size) {
  std::vector<std::int32_t> sums(size);
  unit.step(0, q, k, v, sums);
  return sums;
}

AttentionParameters leaky(std::uint8_t shift, std::uint8_t fraction_bits) {
  return {AttentionKind::leaky, 1, {shift}, fraction_bits};
}

Ids random_ids(RandomStream& random, std::uint32_t size) {
  Ids ids;
  for (std::uint32_t i = 0; i < size; ++i) {
    if (random.below(3) == 0) ids.push_back(i);
  }
  return ids;
}

}  // namespace

TEST_CASE("Attention: the current token sees itself and all before it, none after") {
  for (const auto realisation : {AttentionRealisation::score, AttentionRealisation::state}) {
    SpikingAttention unit({AttentionKind::published, 1, {}, 0}, {3, 0, 1, 1, 8}, realisation);
    CHECK(attend(unit, {0, 1}, {0, 1}, {2}, 3) == std::vector<std::int32_t>{0, 0, 2});
    CHECK(attend(unit, {0}, {}, {0}, 3) == std::vector<std::int32_t>{0, 0, 1});
    CHECK(attend(unit, {1}, {1}, {0, 1}, 3) == std::vector<std::int32_t>{1, 1, 1});
    unit.reset();
    CHECK(attend(unit, {0, 1, 2}, {}, {}, 3) == std::vector<std::int32_t>{0, 0, 0});
  }
}

TEST_CASE("Attention: heads do not see each other") {
  SpikingAttention unit({AttentionKind::published, 2, {}, 0}, {2, 0, 2, 1, 8},
                        AttentionRealisation::state);
  CHECK(attend(unit, {0, 2}, {0}, {1, 3}, 4) == std::vector<std::int32_t>{0, 1, 0, 0});
}

TEST_CASE("Attention: score and state give the same sums on random spikes") {
  const std::uint64_t seed = test::base_seed();
  INFO("seed " << seed);
  RandomStream random(seed, 4);
  constexpr std::uint32_t heads = 3, d = 70, size = heads * d;
  SpikingAttention score({AttentionKind::published, heads, {}, 0}, {d, 0, heads, 1, 20},
                         AttentionRealisation::score);
  SpikingAttention state({AttentionKind::published, heads, {}, 0}, {d, 0, heads, 1, 20},
                         AttentionRealisation::state);
  for (int token = 0; token < 20; ++token) {
    const Ids q = random_ids(random, size), k = random_ids(random, size),
              v = random_ids(random, size);
    REQUIRE(attend(score, q, k, v, size) == attend(state, q, k, v, size));
  }
}

TEST_CASE("Leaky attention: a pair halves with every token at k = 1, and rounding keeps the rest") {
  SpikingAttention unit(leaky(1, 4), {1, 0, 1, 1, 8}, AttentionRealisation::state);
  CHECK(attend(unit, {0}, {0}, {0}, 1)[0] == 16);
  CHECK(attend(unit, {0}, {}, {}, 1)[0] == 8);
  CHECK(attend(unit, {0}, {0}, {0}, 1)[0] == 20);
  for (const std::int32_t expected : {10, 5, 3, 2, 1, 1}) {  // S - (S >> 1) rounds up
    CHECK(attend(unit, {0}, {}, {}, 1)[0] == expected);
  }
}

TEST_CASE("Attention: work depends on spike counts alone, and score's grows with the context") {
  SpikingAttention score({AttentionKind::published, 1, {}, 0}, {4, 0, 1, 1, 8},
                         AttentionRealisation::score);
  SpikingAttention state({AttentionKind::published, 1, {}, 0}, {4, 0, 1, 1, 8},
                         AttentionRealisation::state);
  std::vector<std::int32_t> sums(4);
  const Ids q{0, 1, 2}, k{1, 3}, v{0, 2};
  for (std::int64_t token = 1; token <= 3; ++token) {
    const AttentionWork by_score = score.step(0, q, k, v, sums);
    CHECK(by_score.and_popcount_bits == 4 * token);
    CHECK(by_score.accumulations == 2 * token);
    const AttentionWork by_state = state.step(0, q, k, v, sums);
    CHECK(by_state.state_updates == 4);
    CHECK(by_state.accumulations == 12);
    CHECK(by_state.decays == 0);
  }
}

}  // namespace synfire
