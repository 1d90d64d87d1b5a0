// SPDX-License-Identifier: Apache-2.0
#include "tests/support/seed.hpp"

#include <cstdlib>

namespace synfire::test {

std::uint64_t base_seed() {
  const char* text = std::getenv("SYNFIRE_SEED");
  return text == nullptr ? 20261122 : std::strtoull(text, nullptr, 10);
}

}  // namespace synfire::test
