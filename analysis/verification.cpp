// SPDX-License-Identifier: Apache-2.0
#include "analysis/verification.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "sim/error.hpp"
#include "topology/fan_in.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t rows_at_a_time = 1U << 20U;

std::string quoted(const std::string& symbol) {
  return "'" + symbol + "'";
}

/// Runs the generation, or the stimulus, again, comparing as it goes.
class Verifier {
 public:
  Verifier(const Recording& recording, const Model& model,
           const std::function<void(std::uint32_t)>& progress)
      : recording_(recording),
        model_(model),
        progress_(progress),
        activity_(read_activity(recording)),
        tokens_(recording.tokens()),
        runner_(model.network, model.context(), activity_) {}

  Verification run();

 private:
  void check_token(const PushedToken& pushed);
  void check_text(const std::string& text) const;
  void generate();
  void present();
  void run_again();

  const Recording& recording_;
  const Model& model_;
  const std::function<void(std::uint32_t)>& progress_;
  RecordedActivity activity_;
  std::vector<RecordedToken> tokens_;
  CheckingRunner runner_;
  std::uint32_t choices_ = 0;
};

void Verifier::check_token(const PushedToken& pushed) {
  if (progress_) progress_(pushed.index);
  if (pushed.index >= tokens_.size()) return;
  const RecordedToken& recorded = tokens_[pushed.index];
  if (recorded.id == pushed.token && recorded.position == pushed.position) return;
  const Alphabet& alphabet = model_.text.alphabet;
  const std::string was =
      recorded.id < alphabet.size() ? quoted(alphabet[recorded.id]) : std::string("nothing");
  throw CheckingRunner::Differs{{.what = "token " + std::to_string(pushed.index) + " is " + was +
                                         " at position " + std::to_string(recorded.position) +
                                         " of its context, not " + quoted(alphabet[pushed.token]) +
                                         " at " + std::to_string(pushed.position),
                                 .population = "",
                                 .token = pushed.index}};
}

void Verifier::check_text(const std::string& text) const {
  if (!recording_.is_complete() || recording_.run_text("text") == text) return;
  throw CheckingRunner::Differs{{.what = "text: the recording ends in another text than the "
                                         "reference generates",
                                 .population = "",
                                 .token = runner_.tokens()}};
}

void Verifier::generate() {
  const Tokenizer tokenizer(model_.text.alphabet);
  const std::string prompt = recording_.run_text("prompt");
  const GenerationObserver observer{
      .on_text = [this](std::string_view) { ++choices_; },
      .on_push = [this](const PushedToken& pushed) { check_token(pushed); }};
  Generator generator(model_.text, runner_, recorded_generation(recording_), observer);
  const GeneratedText generated = generator.run(tokenizer.encode(prompt));
  check_text(prompt + generated.text);
}

void Verifier::present() {
  for (std::uint32_t i = 0; i < model_.presentations(); ++i) {
    if (progress_) progress_(i);
    runner_.push_presentation(model_.stimulus->presentation(i, model_.network.time_steps()));
  }
}

void Verifier::run_again() {
  try {
    model_.has_text() ? generate() : present();
    runner_.check_end();
  } catch (const CheckingRunner::EndOfRecording&) {
    if (!recording_.is_complete()) return;
    throw CheckingRunner::Differs{{.what = "token " + std::to_string(runner_.tokens()) +
                                           " is missing, though the recording says it is complete",
                                   .population = "",
                                   .token = runner_.tokens()}};
  }
}

Verification Verifier::run() {
  Verification result;
  try {
    run_again();
  } catch (const CheckingRunner::Differs& found) {
    result.difference = found.difference;
  }
  result.tokens = runner_.tokens();
  result.spikes = runner_.spikes();
  result.logits = runner_.logits();
  result.choices = choices_;
  return result;
}

}  // namespace

void check_model(const Recording& recording, const Model& model) {
  if (recording.model_identity() != model.identity) {
    throw ConfigError("model", "its identity is " + model.identity +
                                   ", but the recording was made "
                                   "with " +
                                   recording.model_identity() + "; give that model with --model");
  }
  const Network on_chip = split_fan_in(model.network, recording.chip());
  const auto populations = on_chip.populations();
  const bool has_same_populations = std::ranges::equal(
      recording.populations(), populations,
      [](const RecordedPopulation& recorded, const Population& population) {
        return recorded.name == population.name && recorded.size == population.size;
      });
  if (!has_same_populations) {
    throw IoError(recording.path().string(), "has other populations than its model; it is damaged");
  }
  const std::size_t logits = recording.token_count() * recording.vocabulary();
  if (recording.logits(0, recording.token_count()).size() != logits) {
    throw IoError(recording.path().string(),
                  "has not one logit for each readout neuron; it is "
                  "damaged");
  }
}

GenerationOptions recorded_generation(const Recording& recording) {
  return {.tokens = static_cast<std::uint32_t>(recording.run_integer("tokens")),
          .temperature = recording.run_real("temperature"),
          .seed = static_cast<std::uint64_t>(recording.run_integer("seed")),
          .at_context = at_context_from_string(recording.run_text("at_context"))};
}

std::string recorded_faults(const Recording& recording) {
  const FaultDescription faults = recording.chip().faults;
  if (!faults.any()) return "";
  const std::optional<SimulationTotals> totals = recording.totals();
  const auto lost = totals ? std::optional(totals->lost) : std::nullopt;
  return fault_sentence(fault_lines(faults, recording.faults(), lost));
}

RecordedActivity read_activity(const Recording& recording) {
  RecordedActivity activity;
  activity.tokens = static_cast<std::uint32_t>(recording.token_count());
  activity.logits = recording.logits(0, recording.token_count());
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    const PopulationId population{i};
    const std::uint64_t rows = recording.spike_count(population);
    std::vector<SpikeAddress> addresses;
    addresses.reserve(rows);
    for (std::uint64_t first = 0; first < rows; first += rows_at_a_time) {
      const std::uint64_t count = std::min(rows_at_a_time, rows - first);
      for (const SpikeRecord& spike : recording.spikes(population, first, count)) {
        addresses.push_back({spike.token, spike.step, spike.neuron});
      }
    }
    std::ranges::sort(addresses);
    activity.spikes.push_back(std::move(addresses));
  }
  return activity;
}

Verification verify(const Recording& recording, const Model& model,
                    const std::function<void(std::uint32_t tokens)>& progress) {
  check_model(recording, model);
  Verification result = Verifier(recording, model, progress).run();
  result.faults = recorded_faults(recording);
  return result;
}

}  // namespace synfire
