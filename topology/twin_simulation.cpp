// SPDX-License-Identifier: Apache-2.0
#include "topology/twin_simulation.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "sim/error.hpp"
#include "topology/channel_dependency.hpp"
#include "topology/detail/twin_engine.hpp"
#include "topology/detail/twin_engine_packets.hpp"
#include "topology/detail/twin_engine_steps.hpp"
#include "topology/operating_point.hpp"
#include "topology/routing.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

TwinPlan plan_on(const RouterGraph& graph, const Network& network, const Mapping& mapping,
                 const ChipDescription& chip, const TwinRules& rules) {
  const auto routing = make_routing(graph, chip);
  check_deadlock_freedom(graph, *routing, chip);
  return plan_twin(network, mapping, *routing, chip, rules);
}

}  // namespace

template <typename Queue>
QueuedTwinEngine<Queue>::QueuedTwinEngine(const Network& network, const ChipDescription& chip,
                                          Mapping mapping, TwinOptions options, Probe& probe)
    : network_(network),
      chip_(at_operating_point(chip)),
      mapping_(std::move(mapping)),
      options_(options),
      probe_(probe),
      graph_(at_operating_point(build_graph(chip), chip.operating_point)),
      rules_(network, options.kind, chip_, options.context),
      plan_(plan_on(graph_, network, mapping_, chip_, rules_)),
      kernel_(static_cast<std::uint32_t>(graph_.core_count() + 1 + graph_.links().size())),
      network_on_chip_(graph_, chip_, plan_.bits, plan_.traffic.nodes, kernel_, *this),
      charges_(link_charges(graph_)),
      packets_worth_(graph_.links().size(), 0),
      buffers_(static_cast<std::uint32_t>(chip_.synchronisation.window) + 1) {
  make_slices();
}

template <typename Queue>
void QueuedTwinEngine<Queue>::make_slices() {
  NeurocoreDescription core = chip_.neurocore;
  core.accumulate_latency = chip_.dense.mac_latency;
  cores_.resize(graph_.core_count() + 1);
  for (std::uint32_t i = 0; i < graph_.core_count(); ++i) cores_[i].input = InputPipeline(core);
  states_.resize(mapping_.slices.size());
  std::vector<bool> is_used(cores_.size(), false);
  for (std::uint32_t i = 0; i < mapping_.slices.size(); ++i) {
    const PopulationSlice& slice = mapping_.slices[i];
    core_of_slice_.push_back(slice.core == host_core ? host_index() : index(slice.core));
    states_[i].arrived.assign(buffers_, 0);
    states_[i].acks.assign(buffers_, 0);
    states_[i].begun.assign(buffers_, TimePoint::max());
    const NeuronModel model = network_.population(slice.population).model;
    if (model == NeuronModel::input) input_slice_ = i;
    if (model == NeuronModel::readout) ++readout_slices_;
    if (slice.core != host_core && !is_used[core_of_slice_[i]]) first_slices_.push_back(i);
    is_used[core_of_slice_[i]] = true;
  }
  totals_.core_use.resize(cores_.size());
  totals_.slices.resize(mapping_.slices.size());
  totals_.links.resize(graph_.links().size());
}

template <typename Queue>
void QueuedTwinEngine<Queue>::run(std::span<const HostCall> calls) {
  for (const HostCall call : calls) {
    switch (call) {
      case HostCall::push_token:
        push_token();
        break;
      case HostCall::await_logits:
        run_until_finished(static_cast<std::uint32_t>(tokens_.size()) - 1);
        break;
      case HostCall::clear_context:
        drain();
        context_tokens_ = 0;
        break;
    }
  }
  drain();
}

template <typename Queue>
void QueuedTwinEngine<Queue>::push_token() {
  if (context_tokens_ == options_.context) {
    throw ConfigError("context", "all " + std::to_string(options_.context) +
                                     " tokens are used; clear the context or stop");
  }
  tokens_.push_back({.pushed = kernel_.now(), .position = context_tokens_++});
  try_compute(input_slice_);
}

template <typename Queue>
void QueuedTwinEngine<Queue>::run_until_finished(std::uint32_t token) {
  while (!tokens_[token].is_finished) {
    if (!advance()) report_deadlock();
  }
}

template <typename Queue>
void QueuedTwinEngine<Queue>::drain() {
  while (advance()) {
  }
  if (!std::ranges::all_of(tokens_, &TokenState::is_finished)) report_deadlock();
}

/// Handles one event, or passes the barrier; false if nothing can move any more.
template <typename Queue>
bool QueuedTwinEngine<Queue>::advance() {
  if (kernel_.is_idle()) {
    if (at_barrier_.empty() || network_on_chip_.in_flight() != 0) return false;
    release_barrier();
  }
  kernel_.step([this](const Event& event) { handle(event); });
  return true;
}

template <typename Queue>
void QueuedTwinEngine<Queue>::handle(const Event& event) {
  if (event.kind() < first_engine_kind) {
    network_on_chip_.handle(event);
    return;
  }
  switch (static_cast<Kind>(event.kind())) {
    case read:
      on_read(event.argument());
      break;
    case send:
      on_send(event.argument());
      break;
    case compute:
      on_compute(event.argument());
      break;
    case token_done:
      on_token_done(event.argument());
      break;
  }
}

template <typename Queue>
void QueuedTwinEngine<Queue>::report_deadlock() const {
  const auto first = std::ranges::find(tokens_, false, &TokenState::is_finished);
  throw DeadlockError(std::string(title_of(options_.kind)) + ": token " +
                      std::to_string(first - tokens_.begin()) + " cannot finish; " +
                      network_on_chip_.blocked());
}

template <typename Queue>
const SimulationTotals& QueuedTwinEngine<Queue>::totals() {
  totals_.now = kernel_.now();
  totals_.events = kernel_.event_count();
  totals_.packets_in_flight = totals_.deliveries_due - totals_.packets_delivered;
  const auto use = network_on_chip_.link_use();
  totals_.link_use.assign(use.begin(), use.end());
  totals_.hops = 0;
  for (std::size_t i = 0; i < use.size(); ++i) {
    const std::int64_t control_bits =
        use[i].control_packets * plan_.bits[size_class(PacketKind::step_credit)];
    totals_.links[i] = {};
    charges_[i].add({packets_worth_[i], use[i].bits - control_bits, use[i].control_packets},
                    totals_.links[i]);
    if (charges_[i].is_between_routers()) totals_.hops += use[i].packets;
  }
  totals_.max_queue_depth = 0;
  for (std::size_t i = 0; i < cores_.size(); ++i) {
    cores_[i].input.report(totals_.core_use[i]);
    totals_.max_queue_depth =
        std::max(totals_.max_queue_depth, totals_.core_use[i].max_queue_depth);
  }
  return totals_;
}

template class QueuedTwinEngine<BinaryHeapQueue>;
template class QueuedTwinEngine<RadixHeapQueue>;

TwinSimulation::TwinSimulation(const Network& network, const ChipDescription& chip, Mapping mapping,
                               TwinOptions options, Probe& probe) {
  require_twins(network);
  require_dense_numbers(chip);
  if (options.queue == QueueKind::binary_heap) {
    engine_ = std::make_unique<QueuedTwinEngine<BinaryHeapQueue>>(network, chip, std::move(mapping),
                                                                  options, probe);
  } else {
    engine_ = std::make_unique<QueuedTwinEngine<RadixHeapQueue>>(network, chip, std::move(mapping),
                                                                 options, probe);
  }
}
TwinSimulation::~TwinSimulation() = default;

void TwinSimulation::run(std::span<const HostCall> calls) {
  engine_->run(calls);
}

const SimulationTotals& TwinSimulation::totals() const {
  return engine_->totals();
}

}  // namespace synfire
