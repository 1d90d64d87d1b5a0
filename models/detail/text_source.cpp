// SPDX-License-Identifier: Apache-2.0
#include "models/detail/text_source.hpp"

#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace synfire::detail {
namespace {

constexpr std::uint32_t max_context = 1U << 20U;
constexpr std::uint32_t max_width = 1U << 24U;

std::vector<std::uint8_t> read_bits(const ModelSource& source, const std::string& dataset,
                                    const std::vector<std::uint64_t>& extents) {
  std::vector<std::uint8_t> bits = source.integers<std::uint8_t>(dataset, extents);
  for (const std::uint8_t bit : bits) {
    if (bit > 1) source.refuse(dataset, "holds " + std::to_string(bit) + "; only 0 and 1 are bits");
  }
  return bits;
}

}  // namespace

std::string read_alphabet(const ModelSource& source) {
  const std::string dataset = "/text/alphabet";
  if (!source.file().contains(dataset)) source.refuse(dataset, "is missing");
  const std::uint64_t count = source.file().shape(dataset).rows();
  const auto bytes = source.integers<std::uint8_t>(dataset, {count});
  if (bytes.empty()) source.refuse(dataset, "is empty");
  if (std::set<std::uint8_t>(bytes.begin(), bytes.end()).size() != bytes.size()) {
    source.refuse(dataset, "holds a character twice");
  }
  return std::string(bytes.begin(), bytes.end());
}

TextInterface read_text(const ModelSource& source) {
  if (!source.file().contains("/text")) source.refuse("/text", "is missing");
  source.require_members("/text", {"alphabet", "code", "position_code"});
  source.require_attributes(
      "/text", {"context", "groups", "width", "position_width", "logit_scale", "input", "readout"});
  TextInterface text;
  text.alphabet = read_alphabet(source);
  text.context = source.size("/text", "context", max_context);
  text.groups = source.size("/text", "groups", max_context);
  text.width = source.size("/text", "width", max_width);
  text.code = read_bits(source, "/text/code", {text.groups, text.alphabet.size(), text.width});
  text.position_width = source.integer_or<std::uint32_t>("/text", "position_width", 0);
  if (text.position_width > 0) {
    text.position_code =
        read_bits(source, "/text/position_code", {text.context, text.position_width});
  }
  text.logit_scale = source.real("/text", "logit_scale");
  if (!std::isfinite(text.logit_scale) || text.logit_scale <= 0) {
    source.refuse("/text", "attribute 'logit_scale' is not above 0");
  }
  text.input = source.text_or("/text", "input", text.input);
  text.readout = source.text_or("/text", "readout", text.readout);
  return text;
}

}  // namespace synfire::detail
