// SPDX-License-Identifier: Apache-2.0
#include "models/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <mutex>
#include <numbers>
#include <utility>

#include "models/text_encoding.hpp"
#include "neurons/network_reference.hpp"
#include "sim/error.hpp"
#include "sim/parallel.hpp"

namespace synfire {
namespace {

struct WindowScore {
  double bits = 0.0;
  std::uint64_t correct = 0;
};

/// -log2 of the probability that softmax(logits * scale) gives to `target`.
template <typename Logit>
double surprise(std::span<const Logit> logits, double scale, Token target) {
  const auto best = static_cast<double>(*std::ranges::max_element(logits));
  const auto below_best = [&](Logit logit) { return (static_cast<double>(logit) - best) * scale; };
  double sum = 0.0;
  for (const Logit logit : logits) sum += std::exp(below_best(logit));
  return (std::log(sum) - below_best(logits[target])) / std::numbers::ln2;
}

/// Adds the prediction of the token `next`.
template <typename Logit>
void add_prediction(WindowScore& score, std::span<const Logit> logits, double scale, Token next) {
  score.bits += surprise(logits, scale, next);
  const auto best = std::ranges::max_element(logits) - logits.begin();
  score.correct += best == next ? 1 : 0;
}

/// Added up by window, so that sums do not depend on who ran what.
Evaluation sum_up(std::span<const ScoredWindow> windows, std::span<const WindowScore> scores) {
  Evaluation evaluation;
  double bits = 0.0;
  std::uint64_t correct = 0;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    evaluation.characters += windows[i].end - windows[i].first_scored;
    bits += scores[i].bits;
    correct += scores[i].correct;
  }
  const auto characters = static_cast<double>(evaluation.characters);
  evaluation.bits_per_character = bits / characters;
  evaluation.accuracy = static_cast<double>(correct) / characters;
  return evaluation;
}

void check_scorable(std::span<const Token> text, std::size_t context) {
  if (text.size() < 2) {
    throw ConfigError("text", "has fewer than two characters; there is nothing to predict");
  }
  if (context < 2) {
    throw ConfigError("text.context", "is below 2; a scoring window needs two halves");
  }
}

/// Spikes of every neuron of every population; empty for graded populations and readouts.
using SpikeCounts = std::vector<std::vector<std::uint64_t>>;

SpikeCounts no_spikes(const Network& network) {
  SpikeCounts counts;
  for (const Population& population : network.populations()) {
    const bool is_spiking =
        !is_graded(population.model) && population.model != NeuronModel::readout;
    counts.emplace_back(is_spiking ? population.size : 0);
  }
  return counts;
}

void count_spikes(const Network& network, const NetworkReference& reference, SpikeCounts& counts) {
  for (std::uint32_t p = 0; p < counts.size(); ++p) {
    for (std::uint32_t step = 0; step < network.time_steps(); ++step) {
      for (const std::uint32_t neuron : reference.spikes(PopulationId{p}, step)) {
        ++counts[p][neuron];
      }
    }
  }
}

/// Runs windows, from several threads, and gathers what they give.
class WindowRuns {
 public:
  WindowRuns(const Model& model, std::span<const Token> text, const EvaluationOptions& options,
             std::vector<ScoredWindow> windows)
      : model_(model),
        text_(text),
        options_(options),
        windows_(std::move(windows)),
        scores_(windows_.size()),
        spikes_(no_spikes(model.network)) {}

  std::size_t size() const { return windows_.size(); }

  void run(std::size_t window) {
    SpikeCounts spikes = no_spikes(model_.network);
    scores_[window] = score(windows_[window], spikes);
    const std::lock_guard lock(mutex_);
    for (std::size_t p = 0; p < spikes.size(); ++p) {
      std::ranges::transform(spikes[p], spikes_[p], spikes_[p].begin(), std::plus{});
    }
    ++done_;
    if (options_.progress) options_.progress(done_, windows_.size());
  }

  Evaluation result() const {
    Evaluation evaluation = sum_up(windows_, scores_);
    evaluation.populations =
        activity(static_cast<double>(evaluation.characters) * model_.network.time_steps());
    return evaluation;
  }

 private:
  WindowScore score(const ScoredWindow& window, SpikeCounts& spikes) const {
    NetworkReference reference(model_.network, model_.text.context);
    reference.limit_attention(options_.attention_limit);
    WindowScore score;
    for (std::size_t n = window.begin; n < window.end; ++n) {
      const auto history = text_.subspan(window.begin, n + 1 - window.begin);
      const auto logits = reference.run_token(input_spikes(model_.text, history));
      if (n < window.first_scored) continue;
      add_prediction<std::int32_t>(score, logits, model_.text.logit_scale, text_[n + 1]);
      count_spikes(model_.network, reference, spikes);
    }
    return score;
  }

  std::vector<PopulationActivity> activity(double steps) const {
    std::vector<PopulationActivity> populations;
    for (std::size_t p = 0; p < spikes_.size(); ++p) {
      if (spikes_[p].empty()) continue;
      std::uint64_t spikes = 0;
      for (const std::uint64_t count : spikes_[p]) spikes += count;
      const auto neurons = static_cast<double>(spikes_[p].size());
      const auto silent = static_cast<double>(std::ranges::count(spikes_[p], 0U));
      populations.push_back({model_.network.populations()[p].name,
                             static_cast<double>(spikes) / (neurons * steps), silent / neurons});
    }
    return populations;
  }

  const Model& model_;
  std::span<const Token> text_;
  const EvaluationOptions& options_;
  std::vector<ScoredWindow> windows_;
  std::vector<WindowScore> scores_;  // by window
  std::mutex mutex_;
  SpikeCounts spikes_;
  std::size_t done_ = 0;
};

}  // namespace

std::vector<ScoredWindow> scored_windows(std::size_t tokens, std::size_t context) {
  SYNFIRE_ASSERT(context >= 2, "a window has two halves");
  const std::size_t stride = context / 2;
  std::vector<ScoredWindow> windows;
  std::size_t scored = 0;
  for (std::size_t begin = 0; scored + 1 < tokens; begin += stride) {
    const std::size_t end = std::min(begin + context, tokens - 1);
    windows.push_back({begin, scored, end});
    scored = end;
  }
  return windows;
}

Evaluation evaluate(const Model& model, std::span<const Token> text,
                    const EvaluationOptions& options) {
  check_scorable(text, model.text.context);
  WindowRuns runs(model, text, options, scored_windows(text.size(), model.text.context));
  parallel_for(runs.size(), options.threads, [&runs](std::size_t window) { runs.run(window); });
  return runs.result();
}

Evaluation evaluate_windows(const WindowLogits& logits_of, std::size_t vocabulary,
                            std::size_t context, std::span<const Token> text,
                            const EvaluationOptions& options) {
  check_scorable(text, context);
  const std::vector<ScoredWindow> windows = scored_windows(text.size(), context);
  std::vector<WindowScore> scores(windows.size());
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const ScoredWindow& window = windows[i];
    const std::vector<float> logits =
        logits_of(text.subspan(window.begin, window.end - window.begin));
    for (std::size_t n = window.first_scored; n < window.end; ++n) {
      const auto of_token = std::span(logits).subspan((n - window.begin) * vocabulary, vocabulary);
      add_prediction<float>(scores[i], of_token, 1.0, text[n + 1]);
    }
    if (options.progress) options.progress(i + 1, windows.size());
  }
  return sum_up(windows, scores);
}

}  // namespace synfire
