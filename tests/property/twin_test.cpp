// SPDX-License-Identifier: Apache-2.0
// Conservation (I2), causality (I3) and determinism (I5) of dense twins on random chips.
#include <catch2/catch.hpp>

#include "analysis/twin_report.hpp"
#include "sim/random.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

/// A prompt, generated tokens, and a context begun anew.
std::vector<HostCall> random_calls(std::uint64_t seed, std::uint32_t context) {
  RandomStream random(seed, 21);
  std::vector<HostCall> calls(1 + random.below(4), HostCall::push_token);
  for (std::uint64_t i = random.below(4); i > 0; --i) {
    calls.push_back(HostCall::await_logits);
    calls.push_back(HostCall::push_token);
  }
  REQUIRE(calls.size() <= context);
  calls.push_back(HostCall::clear_context);
  calls.push_back(HostCall::push_token);
  calls.push_back(HostCall::push_token);
  calls.push_back(HostCall::await_logits);
  return calls;
}

/// A random decoder's twin on a random chip.
struct TwinCase {
  Model model;
  ChipDescription chip;
  Mapping mapping;
  std::vector<HostCall> calls;

  TwinCase(std::uint64_t seed, const NetworkKind& kind)
      : model(random_decoder(seed, all_spiking(random_architecture(seed))).model),
        chip(random_chip(seed, kind)),
        mapping(random_mapping(seed, model.network, chip)),
        calls(random_calls(seed, model.text.context)) {
    chip.dense = {static_cast<std::int64_t>(1 + seed % 5), picoseconds(400), picoseconds(900)};
  }
  std::int64_t tokens() const { return std::ranges::count(calls, HostCall::push_token); }
  TwinReport run(TwinKind kind, QueueKind queue) const {
    const TwinOptions options{.kind = kind, .queue = queue, .context = model.text.context};
    return run_twin(model.network, chip, mapping, options, calls);
  }
};

template <typename Parts, typename Value>
std::int64_t sum_of(const Parts& parts, Value value) {
  std::int64_t sum = 0;
  for (const auto& part : parts) sum += value(part);
  return sum;
}

std::int64_t dense_products(const Network& network) {
  return sum_of(network.projections(), [&](const Projection& projection) {
    if (projection.connectivity != Connectivity::dense) return std::int64_t{0};
    return std::int64_t{network.population(projection.source).size} *
           network.population(projection.target).size;
  });
}

void check_conservation(const TwinCase& twin, const TwinReport& report) {
  const SimulationTotals& totals = report.totals;
  CHECK(totals.deliveries_due == totals.packets_delivered);
  CHECK(totals.arrivals == totals.packets_delivered);
  CHECK(totals.packets_in_flight == 0);
  CHECK(total_count(totals, Action::multiply_accumulate) ==
        twin.tokens() * dense_products(twin.model.network));
  const std::int64_t dynamic = report.energy.dynamic.in_attojoules();
  const auto energy = [](const auto& part) { return part.energy.in_attojoules(); };
  const auto attojoules = [](Energy part) { return part.in_attojoules(); };
  CHECK(sum_of(report.energy.by_action, attojoules) == dynamic);
  CHECK(sum_of(report.energy.by_component, attojoules) == dynamic);  // links counted at the links
  CHECK(sum_of(report.energy.by_population, energy) == dynamic);
  CHECK(sum_of(report.energy.by_layer, energy) == dynamic);
}

void check_causality(const TwinReport& report) {
  CHECK(report.totals.least_waiting >= Duration{});
  for (const LinkUse& use : report.totals.link_use) {
    CHECK(use.busy <= report.totals.now.time_since_epoch());
  }
  TimePoint last{};
  for (const TwinTokenTimes& token : report.tokens) {
    CHECK(token.injected < token.finished);
    CHECK(token.finished >= last);
    last = token.finished;
  }
}

}  // namespace

TEST_CASE("Twins: what is sent arrives, energy adds up, nothing is too fast, queues agree") {
  const auto kinds = all_network_kinds();
  for (std::uint64_t i = 0; i < kinds.size(); ++i) {
    const std::uint64_t seed = base_seed() + i;
    INFO("SYNFIRE_SEED=" << seed << ", " << to_string(kinds[i]));
    const TwinCase twin(seed, kinds[i]);
    for (const TwinKind kind : {TwinKind::quantised, TwinKind::artificial}) {
      const TwinReport report = twin.run(kind, QueueKind::radix_heap);
      REQUIRE(std::ssize(report.tokens) == twin.tokens());
      check_conservation(twin, report);
      check_causality(report);
      const TwinReport again = twin.run(kind, QueueKind::binary_heap);
      CHECK(again.totals == report.totals);
      CHECK(again.tokens == report.tokens);
    }
  }
}

TEST_CASE("Twins: where slices lie changes neither products nor functions nor attention") {
  for (std::uint64_t seed = base_seed(); seed < base_seed() + 8; ++seed) {
    INFO("SYNFIRE_SEED=" << seed);
    TwinCase twin(seed, all_network_kinds()[seed % all_network_kinds().size()]);
    const TwinReport here = twin.run(TwinKind::artificial, QueueKind::radix_heap);
    twin.mapping = random_mapping(seed + 1000, twin.model.network, twin.chip);
    const TwinReport there = twin.run(TwinKind::artificial, QueueKind::radix_heap);
    for (const Action action : {Action::multiply_accumulate, Action::multiply_accumulate_bit,
                                Action::attention_multiply_accumulate, Action::function_evaluation,
                                Action::neuron_update, Action::payload_accumulate}) {
      INFO(to_string(action));
      CHECK(total_count(here.totals, action) == total_count(there.totals, action));
    }
  }
}

}  // namespace synfire::test
