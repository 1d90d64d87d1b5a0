// SPDX-License-Identifier: Apache-2.0
#include "models/text_encoding.hpp"

#include <string>

#include "sim/error.hpp"

namespace synfire {
namespace {

/// Appends first + i for every set bit i.
void append_set_bits(std::span<const std::uint8_t> bits, std::uint32_t first,
                     std::vector<std::uint32_t>& spikes) {
  for (std::uint32_t i = 0; i < bits.size(); ++i) {
    if (bits[i] != 0) spikes.push_back(first + i);
  }
}

}  // namespace

std::vector<std::uint32_t> input_spikes(const TextInterface& text, std::span<const Token> history) {
  SYNFIRE_ASSERT(!history.empty(), "no token to encode");
  if (history.size() > text.context) {
    throw ConfigError("context", "token " + std::to_string(history.size()) +
                                     " lies behind the trained context of " +
                                     std::to_string(text.context) + " tokens");
  }
  const std::span<const std::uint8_t> code(text.code);
  const std::size_t vocabulary = text.alphabet.size();
  std::vector<std::uint32_t> spikes;
  if (text.joint) {
    const auto position = static_cast<std::uint32_t>(history.size() - 1);
    return {history.back() * text.context + position};
  }
  for (std::uint32_t group = 0; group < text.groups && group < history.size(); ++group) {
    const Token token = history[history.size() - 1 - group];
    if (code.empty()) {
      spikes.push_back(group * text.width + token);
      continue;
    }
    const std::size_t row = group * vocabulary + token;
    append_set_bits(code.subspan(row * text.width, text.width), group * text.width, spikes);
  }
  const std::size_t position = history.size() - 1;
  append_set_bits(std::span<const std::uint8_t>(text.position_code)
                      .subspan(position * text.position_width, text.position_width),
                  text.groups * text.width, spikes);
  return spikes;
}

std::vector<std::vector<std::uint32_t>> sequence_input_spikes(const TextInterface& text,
                                                              std::span<const Token> tokens) {
  std::vector<std::vector<std::uint32_t>> spikes;
  spikes.reserve(tokens.size());
  for (std::size_t n = 0; n < tokens.size(); ++n) {
    spikes.push_back(input_spikes(text, tokens.first(n + 1)));
  }
  return spikes;
}

}  // namespace synfire
