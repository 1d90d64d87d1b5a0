// SPDX-License-Identifier: Apache-2.0

// How many tokens a second does a decoder of GPT-2's size take, and how much memory?

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "models/token_replay.hpp"
#include "neurons/network_reference.hpp"
#include "tests/bench/silent_probe.hpp"
#include "tests/bench/synthetic_decoder.hpp"
#include "tests/bench/work_counters.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"

namespace synfire::bench {
namespace {

constexpr std::uint32_t context = 1024;

/// Chips that hold it: Loihi's figures, with more memory or more neurocores.
const std::vector<std::string> large_cores = {
    "neurocore.synapse_memory=1 MiB", "multicast.kind=tree", "grid.width=8", "grid.height=8"};
const std::vector<std::string> small_cores = {"grid.width=20", "grid.height=16"};

void check_rates(benchmark::State& state, const Network& network, const SyntheticShape& shape) {
  const std::string outside = rates_outside_goal(network, shape);
  if (!outside.empty()) state.SkipWithError(("rates outside 13..17 %: " + outside).c_str());
}

/// One iteration is one token, from its injection until its logits are at the host; building,
/// mapping and the tokens until attention is steady are not timed.
void simulate(benchmark::State& state, const std::vector<std::string>& overrides,
              std::uint32_t threads) {
  const SyntheticShape shape;
  const Network network = synthetic_decoder(shape);
  const ChipDescription chip = load_chip("loihi-like", overrides);
  SilentProbe probe;
  const auto begin = std::chrono::steady_clock::now();
  ChipSimulation simulation(network, chip, map_network(network, chip, context),
                            {.threads = threads, .context = context}, probe);
  const std::chrono::duration<double> setup = std::chrono::steady_clock::now() - begin;
  std::uint32_t token = 0;
  const auto run_token = [&] {
    simulation.push_token(synthetic_token(shape, token));
    benchmark::DoNotOptimize(simulation.run_until_readout(token).data());
    ++token;
  };
  while (token < synthetic_warm_up) run_token();
  const Work before = work_of(simulation.totals(), token);
  for (auto _ : state) run_token();
  report_work(state, work_of(simulation.totals(), token) - before);
  state.counters["setup_s"] = setup.count();
  check_rates(state, network, shape);
}

/// Totals of a run of tokens on one thread.
SimulationTotals run_plainly(const SyntheticShape& shape, const Network& network,
                             const ChipDescription& chip, std::uint32_t tokens) {
  SilentProbe probe;
  ChipSimulation simulation(network, chip, map_network(network, chip, context),
                            {.context = context}, probe);
  for (std::uint32_t token = 0; token < tokens; ++token) {
    simulation.push_token(synthetic_token(shape, token));
    simulation.run_until_readout(token);
  }
  simulation.drain();
  return simulation.totals();
}

/// Values first, then the timing of several tokens at a time: one iteration is one token, timed
/// over all of them, until the last one's rows have been handed on. One simulation, and the others
/// with their first token, are built before. The totals must be those of one thread.
void replay_tokens(benchmark::State& state, const std::vector<std::string>& overrides,
                   std::uint32_t threads) {
  const SyntheticShape shape;
  const Network network = synthetic_decoder(shape);
  const ChipDescription chip = load_chip("loihi-like", overrides);
  SilentProbe probe;
  TokenReplay replay(network, chip, map_network(network, chip, context),
                     {.threads = threads, .context = context}, probe);
  std::uint32_t token = 0;
  const auto run_tokens = [&](std::uint32_t count) {
    for (const std::uint32_t end = token + count; token < end; ++token) {
      replay.push_token(synthetic_token(shape, token));
      benchmark::DoNotOptimize(replay.run_until_readout(token).data());
    }
    replay.drain();
  };
  run_tokens(4 * threads);  // every thread has its simulation
  const Work before = work_of(replay.totals(), token);
  const auto tokens = static_cast<std::uint32_t>(state.max_iterations);
  const auto begin = std::chrono::steady_clock::now();
  run_tokens(tokens);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  for (auto _ : state) state.SetIterationTime(time.count() / tokens);
  report_work(state, work_of(replay.totals(), token) - before);
  if (replay.totals() != run_plainly(shape, network, chip, token)) {
    state.SkipWithError("threads change what is counted");
  }
}

/// The same tokens by dense integer arithmetic, without a chip.
void evaluate_densely(benchmark::State& state) {
  const SyntheticShape shape;
  const Network network = synthetic_decoder(shape);
  NetworkReference reference(network, context);
  std::uint32_t token = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(reference.run_token(synthetic_token(shape, token++)).data());
  }
  report_work(state, {.tokens = token});
  check_rates(state, network, shape);
}

struct Case {
  const char* name;
  std::vector<std::string> overrides;
  std::uint32_t threads;
  std::int64_t tokens;
};

std::vector<std::string> with_barrier(std::vector<std::string> overrides) {
  overrides.emplace_back("synchronisation.kind=barrier");
  return overrides;
}

// Tokens are slow and alike, so their number is fixed.
const bool is_registered = [] {
  const std::vector<Case> cases = {
      {"1MiB_cores_tree", large_cores, 1, 6},
      {"1MiB_cores_tree/2_threads", large_cores, 2, 6},
      {"1MiB_cores_tree_barrier", with_barrier(large_cores), 1, 6},
      {"1MiB_cores_tree_barrier/2_threads", with_barrier(large_cores), 2, 6},
      {"128KiB_cores_unicast", small_cores, 1, 2},
  };
  for (const Case& each : cases) {
    benchmark::RegisterBenchmark((std::string("gpt2/") + each.name).c_str(), simulate,
                                 each.overrides, each.threads)
        ->Iterations(each.tokens)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

const bool are_replays_registered = [] {
  constexpr std::uint32_t threads = 2;
  const std::vector<std::pair<const char*, std::vector<std::string>>> cases = {
      {"gpt2/1MiB_cores_tree/2_threads_by_tokens", large_cores},
      {"gpt2/1MiB_cores_tree_barrier/2_threads_by_tokens", with_barrier(large_cores)},
  };
  for (const auto& [name, overrides] : cases) {
    benchmark::RegisterBenchmark(name, replay_tokens, overrides, threads)
        ->Iterations(24)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

BENCHMARK(evaluate_densely)
    ->Name("gpt2/dense_reference")
    ->Iterations(6)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace synfire::bench
