// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/summary.hpp"
#include "models/chip_runner.hpp"
#include "models/evaluation.hpp"
#include "models/generation.hpp"
#include "models/token_replay.hpp"
#include "sim/app/chip_summary.hpp"
#include "sim/app/dry_run.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/generation_display.hpp"
#include "sim/app/ranks.hpp"
#include "sim/app/run_options.hpp"
#include "sim/app/run_plan.hpp"
#include "sim/app/run_probe.hpp"
#include "sim/app/support.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/ranked_simulation.hpp"

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
  void then(std::function<void()> what);
  const SimulationTotals& totals() const {
    return ranked_ ? ranked_->totals() : replay_ ? replay_->totals() : simulation_->totals();
  }
  void drain() { ranked_ ? ranked_->drain() : replay_ ? replay_->drain() : simulation_->drain(); }
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
  std::unique_ptr<ChipSimulation> simulation_;  ///< or
  std::unique_ptr<TokenReplay> replay_;         ///< or
  std::unique_ptr<RankedSimulation> ranked_;
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
          [this](const StepRecord& last) { on_steps(last); }) {
  const PlannedChip& chip = plan.chip;
  if (ranks != nullptr) {
    const auto stop_if_interrupted = [] {
      if (is_interrupted()) throw Interrupted{};
    };
    ranked_ = std::make_unique<RankedSimulation>(
        chip.network, chip.description, chip.mapping, plan.simulation, plan.rank_of_router, probe_,
        *ranks, RankHooks{stop_if_interrupted, resident_memory_bytes});
  } else if (plan.replays_tokens) {
    replay_ = std::make_unique<TokenReplay>(chip.network, chip.description, chip.mapping,
                                            plan.simulation, probe_);
  } else {
    simulation_ = std::make_unique<ChipSimulation>(chip.network, chip.description, chip.mapping,
                                                   plan.simulation, probe_);
  }
}

/// When the timing of what was asked of the chip so far is known.
void Session::then(std::function<void()> what) {
  replay_ ? replay_->then(std::move(what)) : what();
}

void Session::on_text(const std::string& text) {
  progress_.text += text;
  ++progress_.generated_tokens;
  display_.add_text(text);
}

/// Whenever a token is handed in or has reached the host, and at the end.
void Session::note_actions() {
  if (recorder_ == nullptr) return;
  recorder_->note_actions(static_cast<std::uint32_t>(progress_.pushed_tokens), totals());
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
            then([this, text = std::string(text)] { on_text(text); });
          },
      .on_push = [this](const PushedToken& pushed) { then([this, pushed] { on_push(pushed); }); }};
  std::optional<ChipRunner> chip_runner;
  if (simulation_) chip_runner.emplace(*simulation_);
  std::optional<RankedRunner> ranked_runner;
  if (ranked_) ranked_runner.emplace(*ranked_);
  TokenRunner* chip = replay_.get();
  if (simulation_) chip = &*chip_runner;
  if (ranked_) chip = &*ranked_runner;
  NotingRunner runner(*chip, calls_);
  Generator generator(plan_.model.text, runner, plan_.generation, observer);
  display_.add_text(plan_.model.text.alphabet.text(plan_.prompt));
  generator.run(plan_.prompt);
}

/// All presentations at once: they follow each other through the layers.
void Session::present() {
  for (std::uint32_t i = 0; i < plan_.model.presentations(); ++i) {
    if (recorder_ != nullptr) {
      recorder_->name_token(i, {.id = unnamed_token, .position = i, .is_given = true});
    }
    simulation_->push_stimulus(
        plan_.model.stimulus->presentation(i, plan_.model.network.time_steps()));
  }
  progress_.pushed_tokens = progress_.new_tokens = plan_.model.presentations();
}

void Session::run_input() {
  try {
    plan_.model.stimulus ? present() : generate();
    drain();
  } catch (const Interrupted&) {
    progress_.is_complete = false;
  }
  display_.finish();
  if (replay_ && replay_->ran_in_order()) {
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
  const SimulationTotals& totals = this->totals();
  EnergyAccounts accounts{price(totals, network, plan_.chip.mapping, plan_.chip.description), {}};
  if (plan_.model.has_text()) {
    accounts.arithmetic =
        arithmetic_account(network, totals, probe_.scores().nonzeros(), progress_.windows);
  }
  return accounts;
}

RunSummary Session::summary(const EnergyAccounts& accounts) {
  RunSummary summary = chip_summary(plan_.chip, totals(), accounts.chip, probe_.latency().report());
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
  if (ranked_) {
    summary.ranks = {ranked_->lookahead(), plan_.chips_of_rank, ranked_->profiles()};
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
  recorder_->finish({.totals = totals(),
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

/// With or without ranks; of ranks this is the first.
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

int run_alone(const RunOptions& options) {
  const RunPlan plan = plan_run(options);
  if (options.dry_run) {
    show_dry_run(plan, options);
    return success;
  }
  const std::unique_ptr<Recorder> recorder = make_recorder(plan, options);
  watch_for_interrupt();
  return run_session(plan, options, recorder.get(), nullptr);
}

/// Every rank reads the input and plans the whole run, then keeps its share of it.
int run_ranked(const RunOptions& options, Communicator& ranks) {
  const bool is_leader = is_first(&ranks);
  const RunPlan plan = together(&ranks, [&] {
    RunPlan whole = plan_run(options);
    if (!options.dry_run) keep_share(whole, ranks.rank(), ranks.size());
    return whole;
  });
  if (options.dry_run) {
    if (is_leader) show_dry_run(plan, options);
    return success;
  }
  const auto recorder =
      together(&ranks, [&] { return is_leader ? make_recorder(plan, options) : nullptr; });
  watch_for_interrupt();
  return together(&ranks, [&] {
    if (is_leader) return run_session(plan, options, recorder.get(), &ranks);
    const PlannedChip& chip = plan.chip;
    follow_simulation(chip.network, chip.description, chip.mapping, plan.simulation,
                      plan.rank_of_router, ranks, RankHooks{{}, resident_memory_bytes});
    return static_cast<int>(success);
  });
}

}  // namespace

int run(const RunOptions& options) {
  return on_ranks([&](Communicator* ranks) {
    return ranks == nullptr || ranks->size() == 1 ? run_alone(options)
                                                  : run_ranked(options, *ranks);
  });
}

}  // namespace synfire::app
