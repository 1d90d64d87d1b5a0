// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "models/tokenizer.hpp"

namespace synfire {

/// Tokens of a user's prompt.
///
/// If all characters of the model's alphabet are those that corpus cleaning leaves, the prompt is
/// cleaned as the training text was (`Call me Ishmael!` becomes `call me ishmael. `), otherwise it
/// is taken as it stands. A model of words reads it as it read its training text.
/// Throws  ConfigError `prompt` if it is empty, if cleaning would delete a character (a digit, a
///         comma, a letter with an accent), or if a character is not in the alphabet; the message
///         names the character and its position; or a word that the model does not know.
std::vector<Token> encode_prompt(const Tokenizer& tokenizer, std::string_view prompt);

}  // namespace synfire
