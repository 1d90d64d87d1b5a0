// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "sim/app/dry_run.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/ranks.hpp"
#include "sim/app/run_options.hpp"
#include "sim/app/run_plan.hpp"
#include "sim/app/run_session.hpp"
#include "sim/app/support.hpp"
#include "topology/ranked_simulation.hpp"

namespace synfire::app {
namespace {

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
