// SPDX-License-Identifier: Apache-2.0
#include "sim/app/run_session.hpp"

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/summary.hpp"
#include "models/evaluation.hpp"
#include "models/generation.hpp"
#include "sim/app/chip_summary.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/generation_display.hpp"
#include "sim/app/planned_simulation.hpp"
#include "sim/app/run_probe.hpp"
#include "sim/app/support.hpp"

namespace synfire::app {
namespace {

/// Hands calls on to a chip and notes them, so that twins can be given the same.
class NotingRunner final : public TokenRunner {
 public:
  NotingRunner(TokenRunner& runner, std::vector<HostCall>& calls)
      : runner_(runner), calls_(calls) {}
  void push_token(std::span<const std::uint32_t> input_spikes) override {
    calls_.push_back(HostCall::push_token);
    runner_.push_token(input_spikes);
  }
  std::span<const std::int32_t> run_until_readout(std::uint32_t token) override {
    calls_.push_back(HostCall::await_logits);
    return runner_.run_until_readout(token);
  }
  void clear_context() override {
    calls_.push_back(HostCall::clear_context);
    runner_.clear_context();
  }

 private:
  TokenRunner& runner_;
  std::vector<HostCall>& calls_;
};

/// Thrown between two tokens after Ctrl-C.
struct Interrupted {};

/// Counts what a generation has done, also when it is interrupted.
struct Progress {
  std::string text;                   ///< generated so far
  std::int64_t generated_tokens = 0;  ///< that the text is made of
  std::vector<std::int64_t> windows;  ///< tokens given in each context
  std::int64_t pushed_tokens = 0;
  std::int64_t new_tokens = 0;  ///< pushed for the first time
  double prompt_bits = 0;       ///< of the prompt's tokens but the first
  std::uint32_t prompt_predictions = 0;
  bool is_complete = true;
};

/// A planned run: simulation, meters and display, tied together.
class Session {
 public:
  /// `recorder` and `ranks` may be null.
  Session(const RunPlan& plan, const RunOptions& options, Recorder* recorder, Communicator* ranks);

  RunSummary run();

 private:
  void note_actions();
  void on_text(const std::string& text);
  void on_push(const PushedToken& pushed);
  void on_finished_token(const TokenRecord& token);
  void show_generation(const TokenRecord& token);
  void on_steps(const StepRecord& last);
  void score_prompt(const TokenRecord& token);
  void generate();
  void present();
  void run_input();
  void compare();
  EnergyAccounts accounts() const;
  RunSummary summary(const EnergyAccounts& accounts);
  void finish_recording(const EnergyAccounts& accounts);
  std::string whole_text() const {
    return plan_.model.text.alphabet.text(plan_.prompt) + progress_.text;
  }

  const RunPlan& plan_;
  const RunOptions& options_;
  Recorder* recorder_;
  Stopwatch stopwatch_;
  GenerationDisplay display_;
  RunProbe probe_;
  PlannedSimulation simulation_;
  Progress progress_;
  std::vector<HostCall> calls_;
  std::vector<TwinReport> twins_;
};

Session::Session(const RunPlan& plan, const RunOptions& options, Recorder* recorder,
                 Communicator* ranks)
    : plan_(plan),
      options_(options),
      recorder_(recorder),
      display_(options.json == "-" || plan.model.stimulus ? GenerationDisplay::Text::hidden
                                                          : GenerationDisplay::Text::shown,
               options.quiet),
      probe_(
          plan.chip.network, plan.chip.mapping, recorder,
          [this](const TokenRecord& token) { on_finished_token(token); },
          [this](const StepRecord& last) { on_steps(last); }),
      simulation_(plan, probe_, ranks, [] {
        if (is_interrupted()) throw Interrupted{};
      }) {}

void Session::on_text(const std::string& text) {
  progress_.text += text;
  ++progress_.generated_tokens;
  display_.add_text(text);
}

/// Whenever a token is handed in or has reached the host, and at the end.
void Session::note_actions() {
  if (recorder_ == nullptr) return;
  recorder_->note_actions(static_cast<std::uint32_t>(progress_.pushed_tokens),
                          simulation_.totals());
}

void Session::on_push(const PushedToken& pushed) {
  note_actions();
  if (pushed.position == 0) {
    probe_.clear_context();
    progress_.windows.push_back(0);
  }
  ++progress_.windows.back();
  ++progress_.pushed_tokens;
  if (recorder_ != nullptr) {
    recorder_->name_token(pushed.index, {pushed.token, pushed.position, pushed.is_given});
  }
  progress_.new_tokens =
      static_cast<std::int64_t>(plan_.prompt.size()) + progress_.generated_tokens;
}

/// What the chip says to a token of the prompt that it has not seen yet.
void Session::score_prompt(const TokenRecord& token) {
  if (token.token + 1 >= plan_.prompt.size()) return;
  progress_.prompt_bits +=
      surprise_bits(token.logits, plan_.model.text.logit_scale, plan_.prompt[token.token + 1]);
  ++progress_.prompt_predictions;
}

void Session::on_steps(const StepRecord& last) {
  if (!plan_.model.stimulus) return;
  display_.show_progress(fmt::format("presentation {} of {}, time step {} of {}", last.token + 1,
                                     plan_.model.presentations(), last.step + 1,
                                     plan_.model.network.time_steps()));
}

void Session::on_finished_token(const TokenRecord& token) {
  note_actions();
  if (plan_.model.has_text()) show_generation(token);
  if (is_interrupted()) throw Interrupted{};
}

void Session::show_generation(const TokenRecord& token) {
  score_prompt(token);
  const LatencyReport latency = probe_.latency().report();
  const double wall = stopwatch_.seconds();
  display_.show_progress(
      fmt::format("{} tokens run, {} of {} generated; {:.1f} tokens a second; {} simulated",
                  latency.tokens, progress_.generated_tokens, plan_.generation.tokens,
                  latency.tokens / wall, engineering(seconds(latency.span), "s")));
}

void Session::generate() {
  const GenerationObserver observer{
      .on_text =
          [this](std::string_view text) {
            simulation_.then([this, text = std::string(text)] { on_text(text); });
          },
      .on_push =
          [this](const PushedToken& pushed) {
            simulation_.then([this, pushed] { on_push(pushed); });
          }};
  NotingRunner runner(simulation_.runner(), calls_);
  Generator generator(plan_.model.text, runner, plan_.generation, observer);
  display_.add_text(plan_.model.text.alphabet.text(plan_.prompt));
  generator.run(plan_.prompt);
}

void Session::present() {
  for (std::uint32_t i = 0; i < plan_.model.presentations(); ++i) {
    if (recorder_ != nullptr) {
      recorder_->name_token(i, {.id = unnamed_token, .position = i, .is_given = true});
    }
  }
  simulation_.push_presentations();
  progress_.pushed_tokens = progress_.new_tokens = plan_.model.presentations();
}

void Session::run_input() {
  try {
    plan_.model.stimulus ? present() : generate();
    simulation_.drain();
  } catch (const Interrupted&) {
    progress_.is_complete = false;
  }
  display_.finish();
  if (simulation_.fell_back_to_order()) {
    std::fputs(
        "run: --parallel tokens: tokens were timed one after another, because they overlap "
        "on this chip or because packets are recorded\n",
        stderr);
  }
  if (std::ferror(stdout) != 0) throw IoError("standard output", "cannot be written");
}

/// Gives the twins what the chip was given.
void Session::compare() {
  if (!progress_.is_complete) return;
  for (const TwinKind kind : plan_.twins) {
    twins_.push_back(run_twin(
        plan_.chip.network, plan_.chip.description, plan_.chip.mapping,
        {.kind = kind, .queue = plan_.simulation.queue, .context = plan_.simulation.context},
        calls_));
  }
}

EnergyAccounts Session::accounts() const {
  const Network& network = plan_.chip.network;
  const SimulationTotals& totals = simulation_.totals();
  EnergyAccounts accounts{price(totals, network, plan_.chip.mapping, plan_.chip.description), {}};
  if (plan_.model.has_text()) {
    accounts.arithmetic =
        arithmetic_account(network, totals, probe_.scores().nonzeros(), progress_.windows);
  }
  return accounts;
}

RunSummary Session::summary(const EnergyAccounts& accounts) {
  RunSummary summary =
      chip_summary(plan_.chip, simulation_.totals(), accounts.chip, probe_.latency().report());
  summary.model = options_.model;
  summary.text = whole_text();
  summary.prompt_tokens = static_cast<std::uint32_t>(plan_.prompt.size());
  summary.generated_tokens = static_cast<std::uint32_t>(progress_.generated_tokens);
  summary.is_complete = progress_.is_complete;
  summary.wall_seconds = stopwatch_.seconds();
  summary.peak_memory_bytes = peak_memory_bytes();
  summary.arithmetic = accounts.arithmetic;
  if (plan_.model.stimulus) {
    summary.presentations = plan_.model.presentations();
    summary.time_steps = plan_.chip.network.time_steps();
  }
  summary.reingested_tokens =
      static_cast<std::uint32_t>(progress_.pushed_tokens - progress_.new_tokens);
  summary.twins = twins_;
  if (RankedSimulation* ranked = simulation_.ranked()) {
    summary.ranks = {ranked->lookahead(), plan_.chips_of_rank, ranked->profiles()};
  }
  if (progress_.prompt_predictions > 0) {
    summary.prompt_score = {progress_.prompt_predictions,
                            progress_.prompt_bits / progress_.prompt_predictions,
                            plan_.model.text.alphabet.level()};
  }
  return summary;
}

void Session::finish_recording(const EnergyAccounts& accounts) {
  if (recorder_ == nullptr) return;
  note_actions();
  std::vector<RecordedValue> run;
  if (plan_.model.has_text()) run.push_back({"text", whole_text()});
  recorder_->finish({.totals = simulation_.totals(),
                     .accounts = accounts,
                     .is_complete = progress_.is_complete,
                     .run = std::move(run),
                     .volatile_provenance = {{"wall_time", stopwatch_.seconds(), "s"},
                                             {"peak_memory", peak_memory_bytes(), "B"}},
                     .twins = twins_});
}

/// The recording comes first: whatever fails after it, the run is not lost. What a chip
/// did until it stood still is recorded, too; so is a run whose twins fail.
RunSummary Session::run() {
  try {
    run_input();
  } catch (const DeadlockError&) {
    progress_.is_complete = false;
    display_.finish();
    finish_recording(accounts());
    throw;
  }
  const EnergyAccounts accounts = this->accounts();
  try {
    compare();
  } catch (const Error&) {
    finish_recording(accounts);
    throw;
  }
  finish_recording(accounts);
  return summary(accounts);
}

void show(const RunSummary& summary, const RunOptions& options) {
  if (!options.quiet && options.json != "-")
    write_text("-", (summary.presentations > 0 ? "" : "\n") + to_table(summary));
  if (!options.json.empty()) write_text(options.json, to_json(summary));
}

}  // namespace

int run_session(const RunPlan& plan, const RunOptions& options, Recorder* recorder,
                Communicator* ranks) {
  try {
    Session session(plan, options, recorder, ranks);
    const RunSummary summary = session.run();
    show(summary, options);
    if (summary.is_complete) return success;
  } catch (const Error& error) {
    throw RunFailure(error.what());
  }
  throw RunFailure("run: interrupted; the numbers above are those of the tokens that finished");
}

}  // namespace synfire::app
