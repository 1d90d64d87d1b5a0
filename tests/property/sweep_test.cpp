// SPDX-License-Identifier: Apache-2.0
// A sweep's table: what a run gives at every point, on any number of threads, however interrupted.
#include "analysis/sweep.hpp"

#include <cmath>
#include <filesystem>
#include <set>

#include <catch2/catch.hpp>

#include "analysis/energy.hpp"
#include "analysis/reference_script.hpp"
#include "analysis/summary.hpp"
#include "analysis/sweep_metrics.hpp"
#include "analysis/sweep_ranks.hpp"
#include "models/chip_runner.hpp"
#include "models/generation.hpp"
#include "tests/support/activity_probe.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/thread_ranks.hpp"
#include "topology/fan_in.hpp"

namespace synfire::test {
namespace {

/// Six points of which some are too small for the model, then two rounds of four.
constexpr const char* yaml =
    "chip: loihi-like\nmethod: latin_hypercube\npoints: 6\n"
    "parameters:\n"
    "  neurocore: {neurons: \"2, 32, 64, 256\", update_latency: 1 ns .. 20 ns log}\n"
    "  multicast: {kind: \"unicast, tree\"}\n"
    "workloads: {a: {tokens: 2}, b: {tokens: 3}}\n"
    "objectives: energy_per_token, latency_per_token\n"
    "narrowing: {rounds: 2, points: 4}\n";

class SmallSweep {
 public:
  explicit SmallSweep(std::uint64_t seed)
      : model_(random_decoder(seed).model),
        definition_(parse_sweep(yaml, "s.yaml")),
        chip_(load_chip(definition_.chip)) {
    const auto prompt = random_tokens(seed, model_.text.alphabet.size(), 2);
    for (const SweepWorkload& workload : definition_.workloads) {
      works_.push_back(
          {model_, reference_script(model_, prompt, {.tokens = workload.tokens, .seed = 3})});
    }
  }

  /// Goes on with `rows` and stops after `most` more.
  bool run(const std::filesystem::path& file, std::vector<SweepRow> rows, std::uint32_t threads,
           std::size_t most) const {
    SweepWriter writer(file, sweep_header(definition_, chip_, {"a: b"}), std::move(rows));
    std::size_t begun = 0;
    const bool is_whole =
        run_sweep(definition_, chip_, first_points(definition_, chip_.description), works_, writer,
                  {.threads = threads, .is_stopped = [&] { return begun++ == most; }});
    if (is_whole) writer.finish();
    return is_whole;
  }

  /// The whole sweep by ranks that are threads, each of them with so many threads.
  void run_on_ranks(const std::filesystem::path& file, std::vector<SweepRow> rows,
                    std::uint32_t ranks, std::uint32_t threads) const {
    run_ranks(ranks, [&](Communicator& communicator) {
      if (communicator.rank() != 0) {
        return make_rows(definition_, chip_, works_, communicator, threads);
      }
      SweepWriter writer(file, sweep_header(definition_, chip_, {"a: b"}), rows);
      CHECK(run_sweep(definition_, chip_, first_points(definition_, chip_.description), works_,
                      writer, {.threads = threads, .ranks = &communicator}));
      writer.finish();
    });
  }

  const Model& model() const { return model_; }
  const SweepDefinition& definition() const { return definition_; }
  const SweepChip& chip() const { return chip_; }
  const std::vector<SweepWork>& works() const { return works_; }

 private:
  Model model_;
  SweepDefinition definition_;
  SweepChip chip_;
  std::vector<SweepWork> works_;
};

constexpr std::size_t all = 1000;

void check_equal(const SweepTable& a, const SweepTable& b) {
  // Of failed rows no metric equals itself; as text they do.
  CHECK(to_csv(a) == to_csv(b));
  REQUIRE(a.rows.size() == b.rows.size());
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    if (a.rows[i].has_failed()) continue;
    CHECK(a.rows[i].metrics == b.rows[i].metrics);
  }
}

}  // namespace

TEST_CASE("A sweep gives the same table on any number of threads") {
  const SmallSweep sweep(base_seed() + 9100);
  const TemporaryFolder folder;
  REQUIRE(sweep.run(folder / "one.h5", {}, 1, all));
  const SweepTable expected = read_sweep_table(folder / "one.h5");
  CHECK(expected.rows.size() == (6 + 2 * 4) * 2);
  CHECK(std::ranges::any_of(expected.rows, &SweepRow::has_failed));
  CHECK_FALSE(std::ranges::all_of(expected.rows, &SweepRow::has_failed));
  for (const std::uint32_t threads : {2U, 5U}) {
    REQUIRE(sweep.run(folder / "more.h5", {}, threads, all));
    check_equal(read_sweep_table(folder / "more.h5"), expected);
  }
}

TEST_CASE("A sweep gives the same table on any number of ranks, also from where others stopped") {
  const SmallSweep sweep(base_seed() + 9500);
  const TemporaryFolder folder;
  REQUIRE(sweep.run(folder / "one.h5", {}, 1, all));
  const SweepTable expected = read_sweep_table(folder / "one.h5");
  for (const auto& [ranks, threads] :
       {std::pair{1U, 1U}, std::pair{2U, 1U}, std::pair{3U, 2U}, std::pair{7U, 1U}}) {
    for (const std::size_t begun : {std::size_t{0}, std::size_t{5}, expected.rows.size()}) {
      INFO(ranks << " ranks of " << threads << " threads, from row " << begun);
      sweep.run_on_ranks(
          folder / "ranks.h5",
          {expected.rows.begin(), expected.rows.begin() + static_cast<std::ptrdiff_t>(begun)},
          ranks, threads);
      check_equal(read_sweep_table(folder / "ranks.h5"), expected);
    }
  }
}

TEST_CASE("A sweep that is interrupted anywhere and resumed gives the uninterrupted table") {
  const SmallSweep sweep(base_seed() + 9200);
  const TemporaryFolder folder;
  REQUIRE(sweep.run(folder / "whole.h5", {}, 1, all));
  const SweepTable expected = read_sweep_table(folder / "whole.h5");
  for (const std::size_t most : {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{13}}) {
    INFO("stopped after every " << most);
    std::vector<SweepRow> rows;
    std::size_t runs = 0;
    while (!sweep.run(folder / "parts.h5", rows, 2, most + runs)) {
      ++runs;
      CHECK_FALSE(std::filesystem::exists(folder / "parts.h5"));
      const SweepTable part = read_sweep_part(folder / "parts.h5.part");
      CHECK_FALSE(part.is_complete);
      CHECK(part.header.facts == std::vector<std::string>{"a: b"});
      CHECK(part.rows.size() >= rows.size());
      rows = part.rows;
    }
    CHECK(runs > 0);
    CHECK_FALSE(std::filesystem::exists(folder / "parts.h5.part"));
    check_equal(read_sweep_table(folder / "parts.h5"), expected);
    std::filesystem::remove(folder / "parts.h5");
  }
}

TEST_CASE("A row of a sweep has the time, energy and counts of a run on its chip") {
  const SmallSweep sweep(base_seed() + 9300);
  const TemporaryFolder folder;
  REQUIRE(sweep.run(folder / "sweep.h5", {}, 1, all));
  const Model& model = sweep.model();
  const auto prompt = random_tokens(base_seed() + 9300, model.text.alphabet.size(), 2);
  for (const SweepRow& row : read_sweep_table(folder / "sweep.h5").rows) {
    if (row.has_failed()) {
      CHECK(row.error.find("neurocore") != std::string::npos);
      continue;
    }
    const ChipDescription chip = sweep.chip().at(sweep.definition(), row.values);
    const Network network = split_fan_in(model.network, chip);
    const Mapping mapping = map_network(network, chip, model.context());
    ActivityProbe probe;
    ChipSimulation simulation(network, chip, mapping, {.context = model.context()}, probe);
    ChipRunner runner(simulation);
    Generator(model.text, runner,
              {.tokens = sweep.definition().workloads[row.workload].tokens, .seed = 3})
        .run(prompt);
    simulation.drain();
    const double tokens = static_cast<double>(probe.tokens.size());
    const SimulationTotals& totals = simulation.totals();
    const double span =
        seconds(probe.tokens.back().finished - probe.tokens.front().injected) / tokens;
    const double energy = price(totals, network, mapping, chip).total().in_joules() / tokens;
    CHECK(row.metrics[0] == energy);
    CHECK(row.metrics[1] == span);
    CHECK(row.metrics[2] == energy * span);
    CHECK(row.metrics[12] == static_cast<double>(totals.packets_injected) / tokens);
    CHECK((row.metrics[4] > 0 && row.metrics[4] <= 1));
    CHECK(row.metrics[0] == Approx(row.metrics[6] + row.metrics[7] + row.metrics[8] +
                                   row.metrics[9] + row.metrics[10]));
  }
}

TEST_CASE("Narrowing makes new points near the front that keep the axes") {
  const SmallSweep sweep(base_seed() + 9400);
  const TemporaryFolder folder;
  REQUIRE(sweep.run(folder / "sweep.h5", {}, 2, all));
  const SweepTable table = read_sweep_table(folder / "sweep.h5");
  std::set<SweepPoint> seen;
  for (const SweepRow& row : table.rows) {
    if (row.workload != 0) continue;
    CHECK(seen.insert(row.values).second);
    CHECK(std::ranges::count(sweep.definition().axes[0].values, row.values[0]) == 1);
    CHECK((row.values[1] >= 1000 && row.values[1] <= 20'000));
    CHECK((row.values[2] == 0 || row.values[2] == 1));
    CHECK(row.round == (row.point < 6 ? 0 : row.point < 10 ? 1 : 2));
  }
  // Faster neurons cost nothing, so the search goes down.
  const auto fastest = [&](std::uint32_t round) {
    double best = INFINITY;
    for (const SweepRow& row : table.rows) {
      if (row.round <= round && !row.has_failed()) best = std::min(best, row.metrics[1]);
    }
    return best;
  };
  CHECK(fastest(2) <= fastest(0));
}

}  // namespace synfire::test
