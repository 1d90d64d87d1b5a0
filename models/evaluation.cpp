// SPDX-License-Identifier: Apache-2.0
#include "models/evaluation.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>

#include "models/detail/window_scores.hpp"
#include "models/text_encoding.hpp"
#include "neurons/network_reference.hpp"
#include "sim/error.hpp"
#include "sim/parallel.hpp"

namespace synfire {
namespace {

using detail::no_spikes;
using detail::SpikeCounts;
using detail::WindowScore;

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
    Evaluation evaluation = detail::sum_up(windows_, scores_);
    const auto steps = static_cast<double>(evaluation.characters) * model_.network.time_steps();
    evaluation.populations = detail::activity_of(model_.network, spikes_, steps);
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
      score.add(logits, model_.text.logit_scale, text_[n + 1]);
      count_spikes(model_.network, reference, spikes);
    }
    return score;
  }

  const Model& model_;
  std::span<const Token> text_;
  const EvaluationOptions& options_;
  std::vector<ScoredWindow> windows_;
  std::vector<WindowScore> scores_;  // by window, so that sums do not depend on who ran what
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

double surprise_bits(std::span<const std::int32_t> logits, double scale, Token target) {
  return detail::surprise_bits(logits, scale, target);
}

Evaluation evaluate(const Model& model, std::span<const Token> text,
                    const EvaluationOptions& options) {
  detail::check_scorable(text, model.text.context);
  WindowRuns runs(model, text, options, scored_windows(text.size(), model.text.context));
  parallel_for(runs.size(), options.threads, [&runs](std::size_t window) { runs.run(window); });
  return runs.result();
}

Evaluation evaluate_windows(const WindowLogits& logits_of, std::size_t vocabulary,
                            std::size_t context, std::span<const Token> text,
                            const EvaluationOptions& options) {
  detail::check_scorable(text, context);
  const std::vector<ScoredWindow> windows = scored_windows(text.size(), context);
  std::vector<WindowScore> scores(windows.size());
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const ScoredWindow& window = windows[i];
    const std::vector<float> logits =
        logits_of(text.subspan(window.begin, window.end - window.begin));
    for (std::size_t n = window.first_scored; n < window.end; ++n) {
      const std::size_t first = (n - window.begin) * vocabulary;
      scores[i].add(std::span(logits).subspan(first, vocabulary), 1.0, text[n + 1]);
    }
    if (options.progress) options.progress(i + 1, windows.size());
  }
  return detail::sum_up(windows, scores);
}

}  // namespace synfire
