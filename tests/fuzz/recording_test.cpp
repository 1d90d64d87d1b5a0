// SPDX-License-Identifier: Apache-2.0
#include "analysis/recording.hpp"

#include <functional>

#include <catch2/catch.hpp>

#include "analysis/export_csv.hpp"
#include "analysis/export_perfetto.hpp"
#include "analysis/export_sonata.hpp"
#include "analysis/plot.hpp"
#include "analysis/recorder.hpp"
#include "analysis/recover.hpp"
#include "sim/error.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/recorded_run.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace synfire;

namespace {

/// Reads everything there is.
void read_all(const std::filesystem::path& path) {
  const Recording recording(path);
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    const PopulationId id{i};
    recording.spikes(id, 0, recording.spike_count(id));
    recording.potentials(id, 0, recording.potential_count(id));
  }
  recording.steps(0, recording.step_count());
  recording.packets(0, recording.packet_count());
  recording.link_windows(0, recording.link_window_count());
  recording.layer_actions();
  recording.tokens();
  recording.logits(0, recording.token_count());
  recording.totals();
  recording.twins();
  recording.faults();
  recording.chip();
}

/// Everything that is made of a recording, each by itself: what one refuses another may show.
void show_all(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const Recording recording(path);
  std::string refusal;
  const auto attempt = [&](const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      refusal = error.what();
    }
  };
  attempt([&] { plot_raster(recording, {}); });
  attempt([&] { plot_membrane(recording, {}, nullptr); });
  attempt([&] { plot_energy(recording); });
  attempt([&] { plot_latency(recording, {}); });
  attempt([&] { plot_sparsity(recording, {}); });
  attempt([&] { plot_traffic(recording, {}); });
  attempt([&] { pareto_point(recording); });
  attempt([&] { export_perfetto(recording, {}, folder / "trace.json"); });
  attempt([&] { export_sonata(recording, folder / "spikes.h5"); });
  std::filesystem::remove_all(folder / "tables");
  attempt([&] { export_csv(recording, folder / "tables"); });
  if (!refusal.empty()) throw IoError(path.string(), refusal);
}

test::RecordedRun faulty_run() {
  test::RecordedRun run(1);
  run.inject({.dead_links = 1, .dead_cores = 1, .stuck_silent_rate = 100'000'000});
  return run;
}

/// Damages `whole` in `rounds` ways, each of which `action` must bear or refuse.
void damage(const std::string& whole, const std::filesystem::path& path, std::uint64_t rounds,
            const std::function<void()>& action) {
  std::uint64_t refused = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::uint64_t seed = test::base_seed() + round;
    INFO("SYNFIRE_SEED=" << seed << " (first round)");
    test::write_bytes(path, test::damaged(whole, seed));
    try {
      action();
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
      ++refused;
    } catch (const std::exception& error) {
      FAIL("not an error of ours: " << error.what());
    }
  }
  CHECK(refused > rounds / 10);
}

}  // namespace

TEST_CASE("Recording: a damaged file is read or refused, never more") {
  const test::TemporaryFolder folder;
  test::RecordedRun run = faulty_run();
  run.record(folder / "whole.h5");
  damage(test::read_bytes(folder / "whole.h5"), folder / "damaged.h5", 120,
         [&] { read_all(folder / "damaged.h5"); });
}

TEST_CASE("Plots and exports: a damaged file is shown or refused, never more") {
  const test::TemporaryFolder folder;
  test::RecordedRun run(1);
  run.record(folder / "whole.h5");
  damage(test::read_bytes(folder / "whole.h5"), folder / "damaged.h5", 120,
         [&] { show_all(folder / "damaged.h5", folder.path()); });
}

TEST_CASE("Recording: a damaged file with twins is read or refused, never more") {
  const test::TemporaryFolder folder;
  test::RecordedRun run(1);
  run.record(folder / "alone.h5");
  const std::vector<HostCall> calls(2, HostCall::push_token);
  std::vector<TwinReport> twins;
  for (const TwinKind kind : {TwinKind::quantised, TwinKind::artificial}) {
    twins.push_back(run_twin(run.network(), run.chip(), run.mapping(), {.kind = kind}, calls));
  }
  Recorder(folder / "whole.h5", run.description()).finish({.totals = run.totals(), .twins = twins});
  damage(test::read_bytes(folder / "whole.h5"), folder / "damaged.h5", 120,
         [&] { read_all(folder / "damaged.h5"); });
}

TEST_CASE("recover_recording: a damaged part is recovered or refused, never more") {
  const test::TemporaryFolder folder;
  test::RecordedRun run = faulty_run();
  run.record_without_finish(folder / "run.h5");
  damage(test::read_bytes(folder / "run.h5.part"), folder / "damaged.part", 80, [&] {
    recover_recording(folder / "damaged.part", folder / "recovered.h5");
    read_all(folder / "recovered.h5");
  });
}
