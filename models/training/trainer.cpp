// SPDX-License-Identifier: Apache-2.0
#include "models/training/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include "models/evaluation.hpp"
#include "models/training/checkpoint.hpp"
#include "models/training/optimiser.hpp"

namespace synfire::training {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::vector<FiringRate> firing_rates(const std::vector<Firing>& firing) {
  std::vector<FiringRate> rates;
  for (const Firing& f : firing) {
    rates.push_back({f.population, f.mean.mean().item<double>(),
                     (f.mean == 0.0).to(at::kFloat).mean().item<double>()});
  }
  return rates;
}

at::Tensor loss(const at::Tensor& logits, const at::Tensor& targets) {
  return at::cross_entropy_loss(logits.flatten(0, 1), targets.flatten());
}

/// All tensors of a checkpoint, in a fixed order.
std::vector<NamedTensor> state(LanguageModel& model, Optimiser& optimiser) {
  std::vector<NamedTensor> all = model.parameters();
  all.insert(all.end(), model.buffers().begin(), model.buffers().end());
  all.insert(all.end(), optimiser.moments().begin(), optimiser.moments().end());
  return all;
}

}  // namespace

double learning_rate_at(const TrainingSettings& settings, std::int64_t step) {
  const double done = static_cast<double>(step) / static_cast<double>(settings.steps);
  if (done < settings.warm_up) return settings.learning_rate * done / settings.warm_up;
  return settings.learning_rate * (1.0 - done) / (1.0 - settings.warm_up);
}

Pass pass_at(const TrainingSettings& settings, std::int64_t step) {
  const double done = static_cast<double>(step) / static_cast<double>(settings.steps);
  Pass pass;
  pass.training = true;
  pass.warming_up = done <= settings.power_warm_up;
  pass.quantised = done > 1.0 - settings.quantised;
  pass.dropout = settings.dropout;
  pass.seed =
      static_cast<std::uint32_t>(settings.seed * 1000003U + static_cast<std::uint64_t>(step) * 97U);
  return pass;
}

EvaluationResult evaluate(LanguageModel& model, std::span<const Token> tokens, std::int64_t context,
                          const Pass& pass, std::int64_t most) {
  const at::NoGradGuard no_gradient;
  constexpr std::int64_t batch = 16;
  const std::vector<ScoredWindow> all =
      scored_windows(tokens.size(), static_cast<std::size_t>(context));
  const auto count = std::min<std::int64_t>(static_cast<std::int64_t>(all.size()), most);
  double nats = 0.0;
  double right = 0.0;
  double scored = 0.0;
  std::vector<Firing> firing;
  for (std::int64_t first = 0; first < count; first += batch) {
    const std::int64_t size = std::min(batch, count - first);
    at::Tensor window = at::zeros({size, context + 1}, at::kLong);
    at::Tensor mask = at::zeros({size, context});
    for (std::int64_t i = 0; i < size; ++i) {
      const ScoredWindow& w = all[(first + i) * all.size() / count];
      for (std::size_t n = w.begin; n <= w.end; ++n) {
        window.data_ptr<std::int64_t>()[i * (context + 1) + (n - w.begin)] = tokens[n];
      }
      mask[i].slice(0, w.first_scored - w.begin, w.end - w.begin).fill_(1.0);
    }
    Pass observed = pass;
    observed.observe = true;
    const at::Tensor logits = model.logits(window.slice(1, 0, context).contiguous(), observed);
    const at::Tensor target = window.slice(1, 1).unsqueeze(2);
    const at::Tensor chosen = at::log_softmax(logits, 2).gather(2, target).squeeze(2);
    nats -= (chosen * mask).sum().item<double>();
    right += ((logits.argmax(2) == target.squeeze(2)) * mask).sum().item<double>();
    scored += mask.sum().item<double>();
    for (std::size_t p = 0; p < model.firing().size(); ++p) {
      const Firing& now = model.firing()[p];
      if (firing.size() <= p) firing.push_back({now.population, at::zeros_like(now.mean)});
      firing[p].mean += now.mean * (static_cast<double>(size) / static_cast<double>(count));
    }
  }
  return {nats / scored / std::numbers::ln2, right / scored, firing_rates(firing)};
}

std::int64_t train(LanguageModel& model, const WindowSampler& sampler,
                   std::span<const Token> held_out, const TrainingSettings& settings,
                   const std::string& recipe, bool resume, const std::atomic<bool>& stop,
                   const std::function<void(const Progress&)>& report) {
  Optimiser optimiser(model.parameters(), settings.optimiser);
  const std::vector<NamedTensor> tensors = state(model, optimiser);
  std::int64_t step = 0;
  if (resume) step = read_checkpoint(settings.checkpoint, recipe, tensors);
  Clock::time_point reported = Clock::now();
  Clock::time_point saved = Clock::now();
  at::Tensor sum = at::zeros({});
  std::int64_t since = 0;
  while (step < settings.steps && !stop) {
    ++step;
    const double done = static_cast<double>(step) / static_cast<double>(settings.steps);
    const double share = settings.extra_share_first +
                         done * (settings.extra_share_last - settings.extra_share_first);
    std::vector<std::int64_t> tokens = sampler.windows(step, settings.batch, share);
    const at::Tensor window =
        at::from_blob(tokens.data(), {settings.batch, settings.context + 1}, at::kLong);
    Pass pass = pass_at(settings, step);
    pass.observe = step % settings.report_steps == 0;
    const at::Tensor value =
        loss(model.logits(window.slice(1, 0, settings.context).contiguous(), pass),
             window.slice(1, 1).contiguous());
    torch::autograd::backward({value}, {});
    optimiser.update(learning_rate_at(settings, step), step);
    sum += value.detach();
    ++since;
    if (pass.observe || step == settings.steps) {
      Progress progress{step, settings.steps, step * settings.batch * settings.context};
      progress.training_bits = sum.item<double>() / static_cast<double>(since) / std::numbers::ln2;
      progress.tokens_per_second =
          static_cast<double>(since * settings.batch * settings.context) / seconds_since(reported);
      progress.firing = firing_rates(model.firing());
      if (step % settings.evaluation_steps == 0 || step == settings.steps) {
        Pass plain;
        plain.quantised = pass.quantised;
        progress.held_out_bits =
            evaluate(model, held_out, settings.context, plain, settings.evaluation_windows)
                .bits_per_character;
      }
      report(progress);
      sum.zero_();
      since = 0;
      reported = Clock::now();
    }
    if (!settings.checkpoint.empty() && seconds_since(saved) > settings.checkpoint_seconds) {
      write_checkpoint(settings.checkpoint, recipe, step, tensors);
      saved = Clock::now();
    }
  }
  if (!settings.checkpoint.empty()) write_checkpoint(settings.checkpoint, recipe, step, tensors);
  return step;
}

}  // namespace synfire::training
