// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "models/alphabet.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace synfire::app {

/// A text to be counted as training would read it.
struct CorpusOptions {
  std::string text;
  TextLevel level = TextLevel::character;
  std::int64_t least_count = 6;  ///< of a word that gets a token
  std::int64_t context = 0;      ///< 0: the paper's, 256 characters or 128 words
};

/// Adds --corpus (which is returned) and the options that need it.
CLI::Option* add_corpus_options(CLI::App& command, CorpusOptions& options);

/// Symbols, tokens and windows of a text.
///
/// Throws  IoError, ConfigError for a text that cannot be read or has nothing to train on.
std::string describe_corpus(const CorpusOptions& options);

}  // namespace synfire::app
