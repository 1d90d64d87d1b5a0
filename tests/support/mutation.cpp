// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mutation.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include "sim/random.hpp"

namespace synfire::test {
namespace {

constexpr std::size_t longest_stretch = 64;

}  // namespace

std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string damaged(std::string bytes, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  const std::size_t stretch = std::min(longest_stretch, bytes.size() / 2);
  switch (below(5)) {
    case 0:
      bytes.resize(below(bytes.size()));
      break;
    case 1:
      std::fill_n(bytes.begin() + below(bytes.size() - stretch), 1 + below(stretch), '\0');
      break;
    case 2: {
      const std::size_t from = below(bytes.size() - stretch);
      const std::size_t to = below(bytes.size() - stretch);
      for (std::size_t i = 0; i < stretch; ++i) std::swap(bytes[from + i], bytes[to + i]);
      break;
    }
    default:
      for (std::size_t i = 0, count = std::size_t{1} << below(6); i < count; ++i) {
        bytes[below(bytes.size())] = static_cast<char>(random());
      }
  }
  return bytes;
}

std::string mutated(std::string text, std::string_view marks, std::uint64_t seed) {
  RandomStream random(seed, 1);
  const std::uint64_t changes = 1 + random.below(4);
  for (std::uint64_t i = 0; i < changes; ++i) {
    const std::size_t place = random.below(text.size());
    const std::size_t length = 1 + random.below(30);
    switch (random.below(4)) {
      case 0:
        text[place] = static_cast<char>(random.below(256));
        break;
      case 1:
        text.erase(place, length);
        break;
      case 2:
        text.insert(place, text.substr(random.below(text.size()), length));
        break;
      default:
        text[place] = marks[random.below(marks.size())];
        break;
    }
  }
  return text;
}

}  // namespace synfire::test
