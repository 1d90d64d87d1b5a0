// SPDX-License-Identifier: Apache-2.0
#include "neurons/activation.hpp"

#include <array>

#include <catch2/catch.hpp>

namespace synfire {

TEST_CASE("activation: a sum is scaled, rounded down and looked up, and held at the table's ends") {
  constexpr std::array<std::int32_t, 4> table{10, 20, 30, 40};  // places -2 to 1
  const auto send = [&](std::int32_t current) {
    return activation_output(current, 3, 1, 2, table);  // (3 current + 1) >> 2
  };
  CHECK(send(0) == 30);     // 1 >> 2 = 0
  CHECK(send(1) == 40);     // 4 >> 2 = 1
  CHECK(send(-1) == 20);    // -2 >> 2 = -1
  CHECK(send(-2) == 10);    // -5 >> 2 = -2
  CHECK(send(1000) == 40);  // beyond the last place
  CHECK(send(-1000) == 10);
}

TEST_CASE("activation: a product beyond 32 bits is kept") {
  constexpr std::array<std::int32_t, 2> table{-1, 1};  // places -1 and 0
  CHECK(activation_output(2'000'000'000, 2'000'000'000, 0, 31, table) == 1);
  CHECK(activation_output(-2'000'000'000, 2'000'000'000, 0, 31, table) == -1);
}

}  // namespace synfire
