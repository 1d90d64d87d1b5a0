// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/token_runner.hpp"
#include "neurons/network.hpp"
#include "neurons/network_reference.hpp"

namespace synfire {

/// A spike by its place in the computation, whatever its hardware time.
struct SpikeAddress {
  std::uint32_t token = 0;
  std::uint16_t step = 0;
  std::uint32_t neuron = 0;
  auto operator<=>(const SpikeAddress&) const = default;
};

/// What a run did, to be compared with the reference.
struct RecordedActivity {
  std::vector<std::vector<SpikeAddress>> spikes;  ///< per population, ascending
  std::vector<std::int32_t> logits;               ///< [token][readout neuron]
  std::uint32_t tokens = 0;                       ///< finished tokens
};

/// The first place where a run and the reference differ.
struct Difference {
  std::string what;        ///< for people: one sentence with everything below
  std::string population;  ///< empty for a sampled token
  std::uint32_t token = 0;
  std::uint32_t step = 0;
  std::uint32_t neuron = 0;
};

/// The integer reference as a TokenRunner that compares every token with what a run did: each
/// spike of each population and each logit.
class CheckingRunner final : public TokenRunner {
 public:
  /// Thrown by push_token behind the last recorded token.
  struct EndOfRecording {};
  /// Thrown by push_token at the first difference.
  struct Differs {
    Difference difference;
  };

  /// Keeps references.
  CheckingRunner(const Network& network, std::uint32_t context, const RecordedActivity& recorded);

  void push_token(std::span<const std::uint32_t> input_spikes) override;
  /// The same for a presentation of recorded input spikes.
  void push_presentation(std::span<const SpikeTrain> inputs);
  std::span<const std::int32_t> run_until_readout(std::uint32_t token) override;
  void clear_context() override { reference_.reset(); }

  /// Throws Differs if the run has spikes of tokens that were never pushed.
  void check_end() const;

  std::uint32_t tokens() const { return token_; }
  std::uint64_t spikes() const { return spikes_; }
  std::uint64_t logits() const { return logits_; }

 private:
  template <typename RunReference>
  void check(RunReference run_reference);
  void check_spikes(std::uint32_t population, std::uint16_t step);
  void check_logits(std::span<const std::int32_t> logits);
  [[noreturn]] void throw_spike(const char* kind, std::uint32_t population,
                                const SpikeAddress& address) const;

  const Network& network_;
  const RecordedActivity& recorded_;
  NetworkReference reference_;
  std::vector<std::size_t> next_;  ///< per population, first spike not yet compared
  std::vector<std::int32_t> last_logits_;
  std::uint32_t token_ = 0;
  std::uint64_t spikes_ = 0;
  std::uint64_t logits_ = 0;
};

}  // namespace synfire
