// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <xxhash.h>

namespace synfire::detail {

static_assert(std::endian::native == std::endian::little,
              "identities are defined over little-endian values");

/// A hash of values in the order they are given; lists carry their length, so that two different
/// contents never give the same bytes.
class ContentHash {
 public:
  ContentHash() : state_(XXH3_createState(), XXH3_freeState) { XXH3_128bits_reset(state_.get()); }

  template <typename T>
  void value(T number) {
    XXH3_128bits_update(state_.get(), &number, sizeof number);
  }
  template <typename T>
  void list(std::span<const T> values) {
    value(std::uint64_t{values.size()});
    XXH3_128bits_update(state_.get(), values.data(), values.size_bytes());
  }
  template <typename T>
  void list(const std::vector<T>& values) {
    list(std::span<const T>(values));
  }
  void text(std::string_view characters) { list(std::span<const char>(characters)); }

  std::string digits() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
    std::array<char, 33> text{};
    std::snprintf(text.data(), text.size(), "%016llx%016llx",
                  static_cast<unsigned long long>(hash.high64),
                  static_cast<unsigned long long>(hash.low64));
    return text.data();
  }

 private:
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state_;
};

}  // namespace synfire::detail
