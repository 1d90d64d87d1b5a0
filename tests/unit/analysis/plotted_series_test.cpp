// SPDX-License-Identifier: Apache-2.0
// What plots and exports show is what the summary of a run says.
#include <algorithm>

#include <catch2/catch.hpp>

#include "analysis/firing_rates.hpp"
#include "analysis/layer_energies.hpp"
#include "analysis/link_utilisation.hpp"
#include "analysis/plot.hpp"
#include "analysis/recorded_summary.hpp"
#include "analysis/recorder.hpp"
#include "analysis/token_spans.hpp"
#include "sim/error.hpp"
#include "tests/support/recorded_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire {
namespace {

constexpr std::uint32_t all_tokens = 0xffffffffU;

struct Recorded {
  test::TemporaryFolder folder;
  test::RecordedRun run{7};
  Recorded() { run.record(folder / "run.h5"); }
};

}  // namespace

TEST_CASE("Firing rates of a whole run are those of its summary") {
  const Recorded recorded;
  const Recording recording(recorded.folder / "run.h5");
  const auto summary = recorded_summary(recording);
  REQUIRE(summary);
  const auto rates = firing_rates(recording, 0, all_tokens);
  REQUIRE(rates.size() == summary->sparsity.size());
  for (std::size_t i = 0; i < rates.size(); ++i) {
    INFO(summary->sparsity[i].population);
    CHECK(rates[i].rate == Approx(summary->sparsity[i].rate).epsilon(1e-12));
    CHECK(rates[i].silent_fraction == Approx(summary->sparsity[i].silent_fraction).epsilon(1e-12));
  }
  std::uint64_t of_parts = 0;
  for (std::uint32_t token = 0; token < recording.token_count(); ++token) {
    for (const FiringRate& rate : firing_rates(recording, token, token + 1)) {
      of_parts += rate.spikes;
    }
  }
  CHECK(of_parts == recording.total_spike_count());
  CHECK_THROWS_AS(firing_rates(recording, 1000, 1001), ConfigError);
}

TEST_CASE("Energies by layer and action add up to the chip account") {
  const Recorded recorded;
  const Recording recording(recorded.folder / "run.h5");
  const auto summary = recorded_summary(recording);
  REQUIRE(summary);
  const LayerEnergies energies = layer_energies(recording);
  CHECK(energies.dynamic() == summary->energy.dynamic);
  CHECK(energies.leakage == summary->energy.leakage);
  for (const LayerEnergies::Layer& layer : energies.layers) {
    const auto same = std::ranges::find(summary->energy.by_layer, layer.name, &NamedEnergy::name);
    REQUIRE(same != summary->energy.by_layer.end());
    Energy sum;
    for (const Energy& energy : layer.by_action) sum += energy;
    CHECK(sum == same->energy);
  }
}

TEST_CASE("Spans of layers have the mean and the longest of the latency report") {
  const Recorded recorded;
  const Recording recording(recorded.folder / "run.h5");
  const auto summary = recorded_summary(recording);
  REQUIRE(summary);
  const TokenSpans spans = token_spans(recording, 0, all_tokens);
  REQUIRE(spans.tokens.size() == recording.token_count());
  REQUIRE_FALSE(summary->latency.layers.empty());
  for (const LayerLatency& expected : summary->latency.layers) {
    const auto layer = static_cast<std::size_t>(std::ranges::find(spans.layers, expected.layer) -
                                                spans.layers.begin());
    REQUIRE(layer < spans.layers.size());
    Duration sum{};
    Duration longest{};
    std::int64_t count = 0;
    for (const auto& token : spans.spans) {
      if (!token[layer].is_known()) continue;
      sum += token[layer].length();
      longest = std::max(longest, token[layer].length());
      ++count;
    }
    INFO(expected.layer);
    REQUIRE(count > 0);
    CHECK(sum / count == expected.mean);
    CHECK(longest == expected.longest);
  }
}

TEST_CASE("A point of the Pareto plot is what the summary says per token") {
  const Recorded recorded;
  const Recording recording(recorded.folder / "run.h5");
  const auto summary = recorded_summary(recording);
  REQUIRE(summary);
  const ParetoPoint point = pareto_point(recording);
  CHECK(point.name == "run");
  CHECK(point.latency == Approx(seconds(summary->latency.per_token())));
  CHECK(point.energy ==
        Approx(summary->energy.total().in_joules() / summary->latency.tokens).epsilon(1e-12));
}

TEST_CASE("Link utilisation: windows are joined without losing a bit, and follow the tokens") {
  const test::TemporaryFolder folder;
  test::RecordedRun run(7);
  run.record(folder / "whole.h5");
  const SimulationTotals& end = run.totals();
  const auto part = [&](std::int64_t share) {
    SimulationTotals totals = end;
    totals.now = TimePoint{end.now.time_since_epoch() * share / 4};
    for (LinkUse& use : totals.link_use) {
      use.bits = use.bits * share / 4;
      use.busy = use.busy * share / 4;
    }
    return totals;
  };
  const auto at_share = [&](std::int64_t share) { return part(share).now; };
  Recorder recorder(folder / "run.h5", run.description());
  for (std::uint32_t token = 0; token < 4; ++token) {
    const TimePoint injected = at_share(token);
    const TimePoint finished = at_share(token + 1);
    const std::vector<std::int32_t> logits(run.network().population(*run.network().readout()).size);
    recorder.on_token({token, injected, finished, logits});
    recorder.note_actions(token + 1, part(token + 1));
  }
  recorder.finish({.totals = end, .accounts = {}, .run = {}, .volatile_provenance = {}});

  const Recording recording(folder / "run.h5");
  for (const std::uint64_t most : {1U, 2U, 3U, 100U}) {
    const LinkUtilisation use = link_utilisation(recording, 0, all_tokens, most);
    CHECK(use.windows.size() <= most);
    CHECK(use.time() == end.now.time_since_epoch());
    for (std::size_t link = 0; link < end.link_use.size(); ++link) {
      std::int64_t bits = 0;
      Duration busy{};
      for (const auto& window : use.windows) {
        bits += window.bits[link];
        busy += window.busy[link];
      }
      CHECK(bits == end.link_use[link].bits);
      CHECK(busy == end.link_use[link].busy);
    }
  }
  const LinkUtilisation middle = link_utilisation(recording, 1, 3, 100);
  REQUIRE(middle.windows.size() == 2);
  CHECK(middle.windows[0].begin == at_share(1));
  CHECK(middle.windows[1].end == at_share(3));
  CHECK(middle.windows[1].tokens == 3);
  CHECK_THROWS_AS(link_utilisation(recording, 50, 60, 100), ConfigError);
}

}  // namespace synfire
