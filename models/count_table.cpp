// SPDX-License-Identifier: Apache-2.0
#include "models/count_table.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr unsigned key_bits = 64;

/// The tokens as one number, the latest in the lowest bits.
std::uint64_t key_of(std::span<const Token> tokens, unsigned token_bits) {
  std::uint64_t key = 0;
  for (const Token token : tokens) key = key << token_bits | token;
  return key;
}

unsigned bits_of_a_token(std::size_t vocabulary) {
  return std::max(1U, static_cast<unsigned>(std::bit_width(vocabulary - 1)));
}

}  // namespace

unsigned CountTable::longest_context(std::size_t vocabulary) {
  return std::min(max_context, key_bits / bits_of_a_token(vocabulary) - 1);
}

CountTable::CountTable(std::size_t vocabulary, unsigned context, std::span<const Token> training)
    : vocabulary_(vocabulary), token_bits_(bits_of_a_token(vocabulary)) {
  if (context > longest_context(vocabulary)) {
    throw ConfigError("count_table.context", std::to_string(context) + " is above " +
                                                 std::to_string(longest_context(vocabulary)) +
                                                 "; give less");
  }
  for (unsigned k = 0; k <= context; ++k) orders_.push_back(count(k, training));
}

CountTable::Order CountTable::count(unsigned context, std::span<const Token> training) const {
  std::vector<std::uint64_t> keys;
  for (std::size_t n = context; n < training.size(); ++n) {
    keys.push_back(key_of(training.subspan(n - context, context + 1), token_bits_));
  }
  std::ranges::sort(keys);
  Order order;
  for (const std::uint64_t key : keys) {
    const bool is_new_context =
        order.contexts.empty() || order.contexts.back().key != key >> token_bits_;
    if (is_new_context) order.contexts.push_back({key >> token_bits_, 0, 0});
    if (order.continuations.empty() || order.continuations.back().key != key) {
      order.continuations.push_back({key, 0, 0});
      ++order.contexts.back().distinct;
    }
    ++order.continuations.back().times;
    ++order.contexts.back().times;
  }
  return order;
}

const CountTable::Count* CountTable::find(const std::vector<Count>& counts, std::uint64_t key) {
  const auto at = std::ranges::lower_bound(counts, key, {}, &Count::key);
  return at == counts.end() || at->key != key ? nullptr : &*at;
}

double CountTable::probability(std::span<const Token> history, Token next) const {
  double probability = 1.0 / static_cast<double>(vocabulary_);
  for (std::size_t k = 0; k < orders_.size() && k <= history.size(); ++k) {
    const std::uint64_t key = key_of(history.last(k), token_bits_);
    const Count* context = find(orders_[k].contexts, key);
    if (context == nullptr) break;
    const Count* continuation = find(orders_[k].continuations, key << token_bits_ | next);
    const auto times = static_cast<double>(continuation == nullptr ? 0 : continuation->times);
    const auto distinct = static_cast<double>(context->distinct);
    probability =
        (times + distinct * probability) / (static_cast<double>(context->times) + distinct);
  }
  return probability;
}

double CountTable::bits_per_character(std::span<const Token> text) const {
  if (text.size() < 2) {
    throw ConfigError("text", "has fewer than two tokens; there is nothing to predict");
  }
  double bits = 0.0;
  for (std::size_t n = 1; n < text.size(); ++n) {
    bits -= std::log2(probability(text.first(n), text[n]));
  }
  return bits / static_cast<double>(text.size() - 1);
}

}  // namespace synfire
