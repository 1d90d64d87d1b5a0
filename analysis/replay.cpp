// SPDX-License-Identifier: Apache-2.0
#include "analysis/replay.hpp"

namespace synfire {
namespace {

void replay_text(const RunScript& script, ChipSimulation& simulation,
                 const ReplayOptions& options) {
  std::uint32_t pushed = 0;
  for (const HostCall call : script.calls) {
    switch (call) {
      case HostCall::push_token:
        if (options.before_push) options.before_push(script.pushed[pushed]);
        simulation.push_token(script.input_spikes[pushed++]);
        break;
      case HostCall::await_logits:
        simulation.run_until_readout(pushed - 1);
        break;
      case HostCall::clear_context:
        simulation.clear_context();
        break;
    }
  }
}

}  // namespace

SimulationTotals replay(const RunScript& script, const Network& network,
                        const ChipDescription& chip, const Mapping& mapping, Probe& probe,
                        const ReplayOptions& options) {
  const SimulationOptions simulated{
      .queue = options.queue, .context = options.context, .replay = &script.fired};
  ChipSimulation simulation(network, chip, mapping, simulated, probe);
  if (options.on_start) options.on_start(simulation);
  replay_text(script, simulation, options);
  for (const auto& presentation : script.presentations) simulation.push_stimulus(presentation);
  simulation.drain();
  return simulation.totals();
}

}  // namespace synfire
