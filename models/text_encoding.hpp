// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/model_file.hpp"
#include "models/tokenizer.hpp"

namespace synfire {

/// Input spikes of the last token of `history`: neurons of the input population that fire in every
/// step, ascending.
///
/// Group g shows the code of the token g places back and is silent before the start of the context;
/// the position code of the last token follows the groups. Of a joint code one neuron fires.
/// Shapes  history: 1 to text.context tokens since the start of the context, each in the alphabet.
/// Throws  ConfigError `context` if the history is longer.
std::vector<std::uint32_t> input_spikes(const TextInterface& text, std::span<const Token> history);

/// Input spikes of every token of `tokens`, which start a context: element n is
/// input_spikes(text, first n + 1 tokens).
std::vector<std::vector<std::uint32_t>> sequence_input_spikes(const TextInterface& text,
                                                              std::span<const Token> tokens);

}  // namespace synfire
