// SPDX-License-Identifier: Apache-2.0
#include "sim/app/chip_overview.hpp"

#include <string_view>

#include <fmt/format.h>

namespace synfire::app {
namespace {

std::string_view first_sentence(std::string_view text) {
  return text.substr(0, text.find(". "));
}

}  // namespace

std::string chip_list() {
  std::string text;
  for (const std::string& name : chip_preset_names()) {
    text += fmt::format("  {:<16}{}\n", name, first_sentence(load_chip(name).description));
  }
  return text;
}

std::string assumed_list(const ChipDescription& chip) {
  std::string lines;
  std::size_t count = 0;
  for (const NumberOrigin& origin : chip.origins) {
    if (origin.assumed.empty()) continue;
    ++count;
    lines += fmt::format("{:<36}{:<16}{}\n", origin.key_path, origin.value, origin.assumed);
  }
  return fmt::format("{}: {} of {} parameters are assumed\n", chip.name, count,
                     chip.origins.size()) +
         lines;
}

}  // namespace synfire::app
