// SPDX-License-Identifier: Apache-2.0
#include "models/detail/text_source.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "models/tokenizer.hpp"

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

/// A joint code is all in its sizes.
void require_joint(const ModelSource& source, const TextInterface& text) {
  source.require_members("/text", {"alphabet", "words"});
  const std::uint64_t neurons = std::uint64_t{text.context} * text.alphabet.size();
  if (text.groups == 1 && text.width == neurons && text.position_width == 0) return;
  source.refuse("/text", "attribute 'joint' needs groups = 1, width = " + std::to_string(neurons) +
                             " (context times alphabet) and no position_width");
}

}  // namespace

Alphabet read_alphabet(const ModelSource& source) {
  const bool has_words = source.file().contains("/text/words");
  const std::string dataset = has_words ? "/text/words" : "/text/alphabet";
  if (!source.file().contains(dataset)) source.refuse(dataset, "is missing");
  if (has_words && source.file().contains("/text/alphabet")) {
    source.refuse("/text/alphabet", "lies beside /text/words; a model takes one of them");
  }
  const Hdf5Shape shape = source.file().shape(dataset);
  if (shape.rows() == 0) source.refuse(dataset, "is empty");
  if (shape.rows() > most_symbols) source.refuse(dataset, "holds more than 65536 symbols");
  Alphabet alphabet;
  if (has_words) {
    if (shape.type != Hdf5Type::string || shape.extents.size() != 1) {
      source.refuse(dataset, "is no list of strings");
    }
    alphabet = Alphabet::of_words(source.file().read_strings(dataset));
  } else {
    const auto bytes = source.integers<std::uint8_t>(dataset, {shape.rows()});
    alphabet = std::string(bytes.begin(), bytes.end());
  }
  source.at(dataset, [&] { return Tokenizer(alphabet).vocabulary(); });
  return alphabet;
}

TextInterface read_text(const ModelSource& source) {
  if (!source.file().contains("/text")) source.refuse("/text", "is missing");
  source.require_members("/text", {"alphabet", "words", "code", "position_code"});
  source.require_attributes("/text", {"context", "groups", "width", "position_width", "joint",
                                      "logit_scale", "input", "readout"});
  TextInterface text;
  text.alphabet = read_alphabet(source);
  text.context = source.size("/text", "context", max_context);
  text.groups = source.size("/text", "groups", max_context);
  text.width = source.size("/text", "width", max_width);
  text.joint = source.integer_or<std::uint8_t>("/text", "joint", 0) != 0;
  text.position_width = source.integer_or<std::uint32_t>("/text", "position_width", 0);
  if (text.joint) {
    require_joint(source, text);
  } else if (source.file().contains("/text/code")) {
    text.code = read_bits(source, "/text/code", {text.groups, text.alphabet.size(), text.width});
  } else if (text.width != text.alphabet.size()) {
    source.refuse("/text/code", "is missing, and one-hot codes need a width of " +
                                    std::to_string(text.alphabet.size()) + ", one bit a token");
  }
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
