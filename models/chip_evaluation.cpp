// SPDX-License-Identifier: Apache-2.0
#include "models/chip_evaluation.hpp"

#include <utility>
#include <vector>

#include "models/detail/window_scores.hpp"
#include "models/text_encoding.hpp"
#include "sim/records.hpp"

namespace synfire {
namespace {

/// Scores tokens as their logits reach the host.
class ScoringProbe final : public Probe {
 public:
  ScoringProbe(const Model& model, std::span<const Token> text,
               const ChipEvaluationOptions& options)
      : model_(model),
        text_(text),
        options_(options),
        windows_(scored_windows(text.size(), model.text.context)),
        spikes_(detail::no_spikes(model.network)) {
    for (const ScoredWindow& window : windows_) tokens_ += window.end - window.begin;
  }

  std::span<const ScoredWindow> windows() const { return windows_; }

  void start(const ScoredWindow& window, std::uint32_t first_token) {
    window_ = window;
    first_token_ = first_token;
    scores_.emplace_back();
  }

  void on_spikes(std::span<const SpikeRecord> spikes) override {
    for (const SpikeRecord& spike : spikes) {
      if (place(spike.token) < window_.first_scored) continue;
      auto& counts = spikes_[index(spike.population)];
      if (!counts.empty()) ++counts[spike.neuron];
    }
  }
  void on_steps(std::span<const StepRecord> /*steps*/) override {}
  void on_potentials(const PotentialRecord& /*potentials*/) override {}
  void on_token(const TokenRecord& token) override {
    ++done_;
    if (options_.progress) options_.progress(done_, tokens_);
    const std::size_t n = place(token.token);
    if (n < window_.first_scored) return;
    scores_.back().add(token.logits, model_.text.logit_scale, text_[n + 1]);
  }

  Evaluation result() const {
    Evaluation evaluation = detail::sum_up(windows_, scores_);
    const auto steps = static_cast<double>(evaluation.characters) * model_.network.time_steps();
    evaluation.populations = detail::activity_of(model_.network, spikes_, steps);
    return evaluation;
  }

 private:
  /// Of a token of the run, in the text.
  std::size_t place(std::uint32_t token) const { return window_.begin + (token - first_token_); }

  const Model& model_;
  std::span<const Token> text_;
  const ChipEvaluationOptions& options_;
  std::vector<ScoredWindow> windows_;
  std::vector<detail::WindowScore> scores_;
  detail::SpikeCounts spikes_;
  ScoredWindow window_;
  std::uint32_t first_token_ = 0;
  std::size_t tokens_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

ChipEvaluation evaluate_on_chip(const Model& model, const ScoredChip& chip,
                                std::span<const Token> text, const ChipEvaluationOptions& options) {
  detail::check_scorable(text, model.text.context);
  ScoringProbe probe(model, text, options);
  const SimulationOptions simulation_options{.queue = options.queue,
                                             .threads = options.threads,
                                             .context = model.text.context,
                                             .potentials = {}};
  ChipSimulation simulation(chip.network, chip.description, chip.mapping, simulation_options,
                            probe);
  std::uint32_t pushed = 0;
  for (const ScoredWindow& window : probe.windows()) {
    if (pushed > 0) simulation.clear_context();
    probe.start(window, pushed);
    for (std::size_t n = window.begin; n < window.end; ++n, ++pushed) {
      simulation.push_token(
          input_spikes(model.text, text.subspan(window.begin, n + 1 - window.begin)));
    }
    simulation.run_until_readout(pushed - 1);
    simulation.drain();
  }
  return {.evaluation = probe.result(), .totals = simulation.totals()};
}

}  // namespace synfire
