// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/tokenizer.hpp"

namespace synfire {

/// Token statistics of a text: the yardstick that a language model has to beat.
///
/// p_k(c | h) = (n(h c) + u(h) p_{k-1}(c | h')) / (n(h) + u(h)) for the last k tokens h, with
/// n the counts of the training text, u(h) the number of different tokens seen after h, and h'
/// the last k - 1 tokens; p_{-1} is uniform. An h never seen passes p_{k-1} on.
/// Source  Witten and Bell 1991, "The zero-frequency problem", method C, interpolated.
class CountTable {
 public:
  static constexpr unsigned max_context = 7;
  /// Tokens of context, at most max_context, that fit a key of 64 bits with the token after them.
  static unsigned longest_context(std::size_t vocabulary);

  /// Counts `training` with 0 .. `context` tokens of context.
  /// Throws  ConfigError `count_table.context` if context is above longest_context(vocabulary).
  CountTable(std::size_t vocabulary, unsigned context, std::span<const Token> training);

  /// Probability of `next` after `history`; only its last `context` tokens count.
  double probability(std::span<const Token> history, Token next) const;

  /// Mean of -log2 p over all tokens of `text` but the first, as `evaluate` scores a model.
  /// Throws  ConfigError `text` if the text has fewer than two tokens.
  double bits_per_character(std::span<const Token> text) const;

 private:
  struct Count {
    std::uint64_t key = 0;  ///< tokens, the latest in the lowest bits
    std::uint64_t times = 0;
    std::uint64_t distinct = 0;  ///< of a context: different tokens that follow
  };
  struct Order {
    std::vector<Count> continuations;  ///< context and next token, ascending keys
    std::vector<Count> contexts;       ///< ascending keys
  };
  Order count(unsigned context, std::span<const Token> training) const;
  static const Count* find(const std::vector<Count>& counts, std::uint64_t key);

  std::size_t vocabulary_;
  unsigned token_bits_;
  std::vector<Order> orders_;  ///< by characters of context
};

}  // namespace synfire
