// SPDX-License-Identifier: Apache-2.0

// How long does the network take that other simulators ran (tests/bench/peer), every packet timed
// and all spikes recorded?

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "analysis/recorder.hpp"
#include "models/model_file.hpp"
#include "neurons/network_reference.hpp"
#include "tests/bench/work_counters.hpp"
#include "tests/support/temporary_folder.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"

namespace synfire::bench {
namespace {

constexpr std::int64_t expected_spikes = 54'219;

/// One iteration is the 100 time steps, from the stimulus until nothing moves and every record
/// has been written; building before and finishing the file after it are counted apart (`setup_s`,
/// `finish_s`).
void record(benchmark::State& state, const std::vector<std::string>& overrides) {
  using Clock = std::chrono::steady_clock;
  const Model model = read_model(SYNFIRE_PEER_MODEL);
  const ChipDescription chip = load_chip("loihi-like", overrides);
  const test::TemporaryFolder folder;
  Work work;
  std::chrono::duration<double> setup{};
  std::chrono::duration<double> finish{};
  for (auto _ : state) {
    state.PauseTiming();
    const auto begin = Clock::now();
    const Mapping mapping = map_network(model.network, chip, model.context());
    Recorder recorder(folder / "run.h5",
                      {.network = model.network, .chip = chip, .mapping = mapping});
    ChipSimulation simulation(model.network, chip, mapping, {.context = model.context()}, recorder);
    setup = Clock::now() - begin;
    state.ResumeTiming();
    simulation.push_stimulus(model.stimulus->inputs);
    simulation.drain();
    recorder.flush();
    state.PauseTiming();
    const auto end = Clock::now();
    recorder.finish({.totals = simulation.totals()});
    finish = Clock::now() - end;
    work = work + work_of(simulation.totals(), 0);
    state.ResumeTiming();
  }
  report_work(state, work);
  state.counters["setup_s"] = setup.count();
  state.counters["finish_s"] = finish.count();
  if (work.spikes != expected_spikes * static_cast<std::int64_t>(state.iterations())) {
    state.SkipWithError("other spikes than the 54,219 of every other simulator");
  }
}

void evaluate_densely(benchmark::State& state) {
  const Model model = read_model(SYNFIRE_PEER_MODEL);
  for (auto _ : state) {
    NetworkReference reference(model.network, model.context());
    reference.run_presentation(model.stimulus->inputs);
    benchmark::DoNotOptimize(reference.spikes(PopulationId{3}, 99).data());
  }
  state.counters["peak_rss_MiB"] = peak_memory();
}

const bool is_registered = [] {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cores = {
      {"1_core_a_layer", {"neurocore.synapse_memory=1 MiB"}},
      {"32_cores_a_layer", {"neurocore.neurons=32"}},
  };
  for (const auto& [name, overrides] : cores) {
    for (const char* kind : {"unicast", "tree"}) {
      std::vector<std::string> all = overrides;
      all.push_back(std::string("multicast.kind=") + kind);
      benchmark::RegisterBenchmark(("peer/" + name + "/" + kind).c_str(), record, all)
          ->MeasureProcessCPUTime()
          ->UseRealTime()
          ->MeasureProcessCPUTime()  // the recorder's thread, too
          ->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

BENCHMARK(evaluate_densely)
    ->Name("peer/dense_reference")
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace synfire::bench
