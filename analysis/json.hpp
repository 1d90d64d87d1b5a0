// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace synfire {

/// A JSON object that keeps its keys in the order in which they were added.
/// Numbers are written so that they read back exactly; NaN and infinities become null.
class JsonObject {
 public:
  JsonObject& add(std::string_view key, std::string_view text);
  JsonObject& add(std::string_view key, const char* text) {
    return add(key, std::string_view(text));
  }
  JsonObject& add(std::string_view key, double number);
  JsonObject& add(std::string_view key, bool value);
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) JsonObject& add(std::string_view key, Integer number) {
    return add_raw(key, std::to_string(number));
  }
  JsonObject& add(std::string_view key, const JsonObject& object);
  JsonObject& add(std::string_view key, std::span<const std::string> texts);

  /// Indented by two blanks, without a final line break.
  std::string to_string() const;

 private:
  JsonObject& add_raw(std::string_view key, std::string value);
  std::vector<std::pair<std::string, std::string>> members_;
};

}  // namespace synfire
