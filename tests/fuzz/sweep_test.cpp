// SPDX-License-Identifier: Apache-2.0
// Sweep files and tables, damaged.
#include "analysis/sweep.hpp"

#include <catch2/catch.hpp>

#include "analysis/plot_sweep.hpp"
#include "analysis/sweep_metrics.hpp"
#include "analysis/sweep_page.hpp"
#include "sim/error.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace synfire;

namespace {

constexpr const char* sound =
    "chip: loihi-like\nmethod: sobol\npoints: 4\nseed: 3\n"
    "parameters:\n  neurocore: {neurons: \"64, 128\", update_latency: 1 ns .. 20 ns log}\n"
    "  grid: {width: 4 .. 16 step 4}\n  multicast: {kind: \"unicast, tree\"}\n"
    "constraints: {c: (grid.width + 2) * neurocore.neurons <= 64 KiB}\n"
    "workloads: {a: {prompt: whale, tokens: 2, temperature: 0.5}}\n"
    "objectives: energy_per_token, area_proxy\nnarrowing: {rounds: 2, points: 3}\n";

/// Eight rows, one of them failed, finished or as far as they are.
void write_table(const std::filesystem::path& file, bool is_finished) {
  const SweepDefinition definition = parse_sweep(sound, "s.yaml");
  const SweepChip chip(load_chip("loihi-like"));
  SweepWriter writer(file, sweep_header(definition, chip, {"a: b"}), {});
  for (std::uint32_t i = 0; i < 8; ++i) {
    SweepRow row{.round = i / 4, .point = i, .workload = 0, .values = {64, 5000, 8, i % 2}};
    row.metrics.assign(sweep_metrics().size(), 1.5 + i % 3);
    if (i == 5) row.error = "does not fit";
    writer.append(row);
  }
  if (is_finished) writer.finish();
}

/// Shows everything there is.
void show_all(const SweepTable& table) {
  to_csv(table);
  sweep_page_data(table, "t.h5");
  plot_sweep_pareto(table, {});
  plot_sweep_parallel(table, {});
  plot_sweep_sensitivity(table, {});
  plot_sweep_heatmap(table, {});
}

template <typename Action>
std::uint64_t refused_rounds(std::uint64_t rounds, Action action) {
  std::uint64_t refused = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::uint64_t seed = test::base_seed() + round;
    INFO("SYNFIRE_SEED=" << seed << " (first round)");
    try {
      action(seed);
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
      ++refused;
    } catch (const std::exception& error) {
      FAIL("not an error of ours: " << error.what());
    }
  }
  return refused;
}

}  // namespace

TEST_CASE("Sweep file: a changed text is read or refused, never more") {
  CHECK_NOTHROW(parse_sweep(sound, "s.yaml"));
  constexpr std::uint64_t rounds = 1200;
  const std::uint64_t refused = refused_rounds(rounds, [](std::uint64_t seed) {
    parse_sweep(test::mutated(sound, ":,.{}()*<=>+- \n\"'#0123456789", seed), "s.yaml");
  });
  CHECK(refused > rounds / 10);
}

TEST_CASE("Sweep table: a damaged file is shown or refused, never more") {
  const test::TemporaryFolder folder;
  write_table(folder / "t.h5", true);
  show_all(read_sweep_table(folder / "t.h5"));
  const std::string whole = test::read_bytes(folder / "t.h5");
  constexpr std::uint64_t rounds = 120;
  const std::uint64_t refused = refused_rounds(rounds, [&](std::uint64_t seed) {
    test::write_bytes(folder / "damaged.h5", test::damaged(whole, seed));
    show_all(read_sweep_table(folder / "damaged.h5"));
  });
  CHECK(refused > rounds / 10);
}

TEST_CASE("Sweep part: a damaged file is gone on with or refused, never more") {
  const test::TemporaryFolder folder;
  write_table(folder / "t.h5", false);
  CHECK(read_sweep_part(folder / "t.h5.part").rows.size() == 8);
  const std::string whole = test::read_bytes(folder / "t.h5.part");
  constexpr std::uint64_t rounds = 24;  // libhdf5 waits seconds for some
  const std::uint64_t refused = refused_rounds(rounds, [&](std::uint64_t seed) {
    test::write_bytes(folder / "damaged.h5", test::damaged(whole, seed));
    show_all(read_sweep_part(folder / "damaged.h5"));
  });
  CHECK(refused > rounds / 10);
}
