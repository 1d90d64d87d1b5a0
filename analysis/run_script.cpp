// SPDX-License-Identifier: Apache-2.0
#include "analysis/run_script.hpp"

#include <algorithm>
#include <string>

#include "analysis/verification.hpp"
#include "models/tokenizer.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t rows_at_a_time = std::uint64_t{1} << 18U;

[[noreturn]] void refuse(const Recording& recording, const std::string& fact) {
  throw IoError(recording.path().string(), fact);
}

/// Answers with the logits of a recording.
class RecordedLogits final : public TokenRunner {
 public:
  explicit RecordedLogits(const Recording& recording)
      : recording_(recording), logits_(recording.logits(0, recording.token_count())) {}

  void push_token(std::span<const std::uint32_t> /*input_spikes*/) override {}
  std::span<const std::int32_t> run_until_readout(std::uint32_t token) override {
    const std::size_t vocabulary = recording_.vocabulary();
    if (token >= recording_.token_count()) {
      refuse(recording_, "lacks token " + std::to_string(token) +
                             ", though the run says it is complete; it is damaged");
    }
    return std::span(logits_).subspan(token * vocabulary, vocabulary);
  }
  void clear_context() override {}

 private:
  const Recording& recording_;
  std::vector<std::int32_t> logits_;
};

void check_complete(const Recording& recording) {
  const auto totals = recording.totals();
  if (!recording.is_complete() || !totals) {
    refuse(recording,
           "is the part of a run that ended early: what fired after that is unknown, and packets "
           "were under way; run it to its end to replay it");
  }
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    const auto counted = static_cast<std::uint64_t>(totals->spikes_per_population[i]);
    const std::uint64_t stored = recording.spike_count(PopulationId{i});
    if (stored == counted) continue;
    refuse(recording, "holds " + std::to_string(stored) + " of the " + std::to_string(counted) +
                          " spikes of " + recording.populations()[i].name +
                          "; a replay needs them all");
  }
}

SpikeTable recorded_spikes(const Recording& recording, const Network& network) {
  SpikeTable table(network);
  for (std::uint32_t i = 0; i < network.populations().size(); ++i) {
    const PopulationId population{i};
    const std::uint64_t rows = recording.spike_count(population);
    for (std::uint64_t first = 0; first < rows; first += rows_at_a_time) {
      table.add(recording.spikes(population, first, std::min(rows_at_a_time, rows - first)));
    }
  }
  return table;
}

/// Nothing but the recorded tokens may come out of the recorded logits.
void check_tokens(const Recording& recording, const std::vector<PushedToken>& pushed) {
  const bool is_same = std::ranges::equal(
      recording.tokens(), pushed, [](const RecordedToken& recorded, const PushedToken& token) {
        return recorded.token == token.index && recorded.id == token.token &&
               recorded.position == token.position && recorded.is_given == token.is_given;
      });
  if (!is_same) {
    refuse(recording, "has other tokens than its prompt, seed and logits give; it is damaged");
  }
}

void add_text(RunScript& script, const Recording& recording, const Model& model) {
  RecordedLogits logits(recording);
  ScriptWriter writer(script, logits);
  const GenerationObserver observer{.on_text = {}, .on_push = [&](const PushedToken& pushed) {
                                      script.pushed.push_back(pushed);
                                    }};
  Generator generator(model.text, writer, recorded_generation(recording), observer);
  generator.run(Tokenizer(model.text.alphabet).encode(recording.run_text("prompt")));
  check_tokens(recording, script.pushed);
}

}  // namespace

void ScriptWriter::push_token(std::span<const std::uint32_t> input_spikes) {
  script_.calls.push_back(HostCall::push_token);
  script_.input_spikes.emplace_back(input_spikes.begin(), input_spikes.end());
  runner_.push_token(input_spikes);
}

std::span<const std::int32_t> ScriptWriter::run_until_readout(std::uint32_t token) {
  script_.calls.push_back(HostCall::await_logits);
  return runner_.run_until_readout(token);
}

void ScriptWriter::clear_context() {
  script_.calls.push_back(HostCall::clear_context);
  runner_.clear_context();
}

RunScript recorded_script(const Recording& recording, const Model& model) {
  check_model(recording, model);
  check_complete(recording);
  RunScript script(model.network);
  script.fired = recorded_spikes(recording, model.network);
  if (!model.stimulus) {
    add_text(script, recording, model);
    return script;
  }
  for (std::uint32_t i = 0; i < model.presentations(); ++i) {
    script.presentations.push_back(model.stimulus->presentation(i, model.network.time_steps()));
  }
  return script;
}

}  // namespace synfire
