// SPDX-License-Identifier: Apache-2.0

// How do time and memory grow with tokens, neurons, neurocores, packets and the chip? Benchmarks of
// one name up to the last slash are one curve; `x` is what grows, `grown_MiB` the peak memory
// beyond what the process had before. Each runs in a process of its own.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "analysis/recorder.hpp"
#include "tests/bench/mesh_traffic.hpp"
#include "tests/bench/silent_probe.hpp"
#include "tests/bench/synthetic_decoder.hpp"
#include "tests/bench/work_counters.hpp"
#include "tests/support/temporary_folder.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"

namespace synfire::bench {
namespace {

constexpr std::uint32_t short_run = 8;  // tokens
constexpr std::uint32_t longest_context = 4096;

SyntheticShape small_shape(std::uint32_t blocks) {
  return {.blocks = blocks, .embedding = 192, .hidden = 768, .heads = 6, .vocabulary = 29};
}

void run_tokens(ChipSimulation& simulation, const SyntheticShape& shape, std::uint32_t count) {
  for (std::uint32_t token = 0; token < count; ++token) {
    simulation.push_token(synthetic_token(shape, token));
    benchmark::DoNotOptimize(simulation.run_until_readout(token).data());
  }
}

/// Neurocores that hold neurons.
double cores_in_use(const Mapping& mapping) {
  return static_cast<double>(
      std::ranges::count_if(mapping.cores, [](const CoreUse& core) { return core.neurons != 0; }));
}

double neurons_of(const Network& network) {
  double neurons = 0;
  for (const Population& population : network.populations()) neurons += population.size;
  return neurons;
}

enum class Grows { neurons, neurocores, tiles };

/// Building the simulation and running a few tokens, without recording.
void grow(benchmark::State& state, Grows what, std::uint32_t blocks,
          const std::vector<std::string>& overrides) {
  const SyntheticShape shape = small_shape(blocks);
  const Network network = synthetic_decoder(shape);
  const ChipDescription chip = load_chip("loihi-like", overrides);
  const double before = peak_memory();
  Work work;
  double cores = 0;
  for (auto _ : state) {
    const Mapping mapping = map_network(network, chip, longest_context);
    SilentProbe probe;
    ChipSimulation simulation(network, chip, mapping, {.context = longest_context}, probe);
    run_tokens(simulation, shape, short_run);
    work = work + work_of(simulation.totals(), short_run);
    cores = cores_in_use(mapping);
  }
  report_work(state, work);
  state.counters["grown_MiB"] = peak_memory() - before;
  state.counters["x"] = what == Grows::neurons ? neurons_of(network)
                        : what == Grows::neurocores
                            ? cores
                            : static_cast<double>(chip.grid.width * chip.grid.height);
}

/// Tokens of one context, whose attention is a state, all spikes recorded; building is not timed.
void grow_tokens(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  const SyntheticShape shape = small_shape(1);
  const Network network = synthetic_decoder(shape);
  const std::vector<std::string> overrides = {"attention.realisation=state"};
  const ChipDescription chip = load_chip("loihi-like", overrides);
  const Mapping mapping = map_network(network, chip, longest_context);
  const test::TemporaryFolder folder;
  const double before = peak_memory();
  Recorder recorder(folder / "run.h5", {.network = network, .chip = chip, .mapping = mapping});
  ChipSimulation simulation(network, chip, mapping, {.context = longest_context}, recorder);
  for (auto _ : state) {
    run_tokens(simulation, shape, count);
    recorder.finish({.totals = simulation.totals()});
  }
  report_work(state, work_of(simulation.totals(), count));
  state.counters["grown_MiB"] = peak_memory() - before;
  state.counters["x"] = count;
}

void grow_packets(benchmark::State& state) {
  const double before = peak_memory();
  const MeshRun run = draw_mesh_run({.packets = static_cast<std::size_t>(state.range(0))});
  Work work;
  for (auto _ : state) {
    const auto result =
        run_traffic(run.graph, run.chip, run.nodes, run.packets, {.keeps_deliveries = false});
    work.events += result.events;
    work.packets += state.range(0);
  }
  report_work(state, work);
  state.counters["grown_MiB"] = peak_memory() - before;
  state.counters["x"] = static_cast<double>(state.range(0));
}

void register_point(const std::string& curve, Grows what, std::int64_t point, std::uint32_t blocks,
                    std::vector<std::string> overrides) {
  benchmark::RegisterBenchmark(("growth/" + curve + "/" + std::to_string(point)).c_str(), grow,
                               what, blocks, std::move(overrides))
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

const bool is_registered = [] {
  constexpr std::uint32_t blocks = 4;
  for (const std::uint32_t count : {1U, 2U, 4U, 8U, 16U}) {
    register_point("neurons_by_blocks", Grows::neurons, count, count, {});
  }
  for (const std::int64_t neurons : {512, 256, 128, 64, 32}) {
    register_point(
        "neurocores_by_size", Grows::neurocores, neurons, blocks,
        {"grid.width=16", "grid.height=16", "neurocore.neurons=" + std::to_string(neurons)});
  }
  for (const std::int64_t side : {8, 16, 32, 64}) {
    register_point("tiles_by_side", Grows::tiles, side, blocks,
                   {"grid.width=" + std::to_string(side), "grid.height=" + std::to_string(side)});
  }
  return true;
}();

BENCHMARK(grow_tokens)
    ->Name("growth/tokens")
    ->RangeMultiplier(2)
    ->Range(256, longest_context)
    ->Iterations(1)
    ->MeasureProcessCPUTime()  // the recorder's thread, too
    ->Unit(benchmark::kMillisecond);
BENCHMARK(grow_packets)
    ->Name("growth/packets")
    ->RangeMultiplier(4)
    ->Range(20'000, 1'280'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace synfire::bench
