// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace synfire {

/// Something that runs a decoder token by token. Tokens are counted from 0 as they are pushed.
class TokenRunner {
 public:
  virtual ~TokenRunner() = default;
  /// Takes the ascending input spikes of the next token; work on it may start later.
  virtual void push_token(std::span<const std::uint32_t> input_spikes) = 0;
  /// Integer logits of `token`, valid until the next call.
  virtual std::span<const std::int32_t> run_until_readout(std::uint32_t token) = 0;
  /// Forgets all tokens; counting goes on.
  virtual void clear_context() = 0;
};

}  // namespace synfire
