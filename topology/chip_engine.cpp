// SPDX-License-Identifier: Apache-2.0
#include "topology/chip_engine.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "sim/error.hpp"
#include "topology/channel_dependency.hpp"
#include "topology/detail/alike_cores.hpp"
#include "topology/detail/chip_engine_fires.hpp"
#include "topology/detail/chip_engine_packets.hpp"
#include "topology/detail/chip_engine_queued.hpp"
#include "topology/detail/chip_engine_ranks.hpp"
#include "topology/detail/chip_engine_receive.hpp"
#include "topology/detail/chip_engine_resume.hpp"
#include "topology/detail/chip_engine_steps.hpp"
#include "topology/link_timing.hpp"
#include "topology/operating_point.hpp"
#include "topology/routing.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

TrafficPlan plan_on(const RouterGraph& graph, const Network& network, const Mapping& mapping,
                    const ChipDescription& chip) {
  const auto routing = make_routing(graph, chip);
  check_deadlock_freedom(graph, *routing, chip);
  return plan_traffic(network, mapping, *routing, chip);
}

/// Steps before it wait for nobody's end of step.
std::uint32_t first_step_with_input(const std::vector<std::uint32_t>& ends_due) {
  const auto first = std::ranges::find_if(ends_due, [](std::uint32_t due) { return due != 0; });
  return first == ends_due.end() ? std::numeric_limits<std::uint32_t>::max()
                                 : static_cast<std::uint32_t>(first - ends_due.begin());
}

}  // namespace

template <typename Queue>
QueuedChipEngine<Queue>::QueuedChipEngine(const Network& network, const ChipDescription& chip,
                                          Mapping mapping, SimulationOptions options, Probe& probe)
    : network_(network),
      chip_(at_operating_point(chip)),
      mapping_(std::move(mapping)),
      options_(std::move(options)),
      probe_(probe),
      graph_(at_operating_point(build_graph(chip), chip.operating_point)),
      host_index_(graph_.core_count()),
      plan_(plan_on(graph_, network, mapping_, chip_)),
      kernel_(static_cast<std::uint32_t>(graph_.core_count() + 1 + graph_.links().size())),
      workers_(options_.threads),
      bits_(packet_bits(chip_.format)),
      network_on_chip_(graph_, chip_, bits_, plan_.nodes, kernel_, *this),
      charges_(link_charges(graph_)),
      crossings_(graph_, mapping_.slices.size()),
      receptions_(plan_),
      run_ahead_(static_cast<std::uint32_t>(chip_.synchronisation.window) + 1),
      buffers_(run_ahead_ + network.greatest_delay()),
      update_lanes_(static_cast<std::uint32_t>(chip_.neurocore.update_lanes)) {
  if (options_.share != nullptr) network_on_chip_.share(*options_.share);
  make_slices();
  receptions_.connect(units_);
  make_faults();
  foresee_deliveries();
}

template <typename Queue>
void QueuedChipEngine<Queue>::make_slices() {
  NeurocoreState neurocore;
  neurocore.input = InputPipeline(chip_.neurocore, chip_.dense.mac_latency);
  cores_.assign(graph_.core_count(), neurocore);
  cores_.emplace_back();
  units_.reserve(mapping_.slices.size());
  states_.resize(mapping_.slices.size());
  input_of_slice_.assign(mapping_.slices.size(), 0);
  std::vector<bool> is_used(cores_.size(), false);
  for (std::uint32_t i = 0; i < mapping_.slices.size(); ++i) {
    const CoreId core = mapping_.slices[i].core;
    core_of_slice_.push_back(core == host_core ? host_index() : index(core));
    PopulationSlice slice = mapping_.slices[i];
    if (is_here(core)) {
      slices_here_.push_back(i);
    } else {
      slice.end = slice.begin;  // what other ranks simulate takes no memory here
    }
    units_.emplace_back(network_, slice, buffers_, options_.context, chip_.attention.realisation);
    for (std::uint32_t step = 0; step < buffers_; ++step) {
      const std::uint32_t due = plan_.slices[i].ends_due_at(step);
      ends_missing_.push_back(due != 0 ? due : plan_.slices[i].ends_due_at(step + buffers_));
      acks_missing_.push_back(plan_.slices[i].target_slices);
    }
    states_[i].whole_steps = first_step_with_input(plan_.slices[i].ends_due);
    const NeuronModel model = population_of(i).model;
    if (model == NeuronModel::input) {
      const auto place = std::ranges::find(network_.inputs(), mapping_.slices[i].population);
      input_of_slice_[i] = static_cast<std::uint32_t>(place - network_.inputs().begin());
    }
    if (model == NeuronModel::readout) ++readout_slices_;
    if (core != host_core && is_here(core) && !is_used[core_of_slice_[i]]) {
      first_slices_.push_back(i);
    }
    is_used[core_of_slice_[i]] = true;
  }
  totals_.core_use.resize(cores_.size());
  totals_.slices.resize(mapping_.slices.size());
  totals_.links.resize(graph_.links().size());
  totals_.spikes_per_population.assign(network_.populations().size(), 0);
  totals_.neuron_steps_per_population.assign(network_.populations().size(), 0);
  for (const Population& population : network_.populations()) {
    totals_.spikes_per_neuron.emplace_back(population.size, 0);
  }
}

template <typename Queue>
bool QueuedChipEngine<Queue>::is_here(CoreId core) const {
  const RankShare* share = options_.share;
  return share == nullptr || share->rank_of_router[index(graph_.router_of(core))] == share->rank;
}

template <typename Queue>
void QueuedChipEngine<Queue>::make_faults() {
  if (!chip_.faults.any()) return;
  faults_.emplace(chip_.faults, graph_, network_, mapping_);
  for (const LinkId link : faults_->dead_links()) network_on_chip_.kill(link);
  for (const CoreId core : faults_->dead_cores()) cores_[index(core)].is_dead = true;
}

/// Wherever a core sends nothing to itself, so that all it gets comes over one link.
template <typename Queue>
void QueuedChipEngine<Queue>::foresee_deliveries() {
  std::vector<bool> sends_to_itself(cores_.size(), false);
  const auto look_at = [&](std::uint32_t slice, const TreeRoots& roots) {
    for (const std::uint32_t root : roots) {
      if (plan_.nodes[root].destination != no_destination) {
        sends_to_itself[core_of_slice_[slice]] = true;
      }
    }
  };
  for (std::uint32_t i = 0; i < plan_.slices.size(); ++i) {
    look_at(i, plan_.slices[i].end_of_token);
    look_at(i, plan_.slices[i].credits);
  }
  for (std::uint32_t core = 0; core < cores_.size(); ++core) {
    if (!sends_to_itself[core]) network_on_chip_.foresee_deliveries(core);
  }
  join_alike_cores(sends_to_itself);
}

/// Unless faults make a difference between them, credits run between their links and pipelines, or
/// every packet is recorded, in the order of links.
template <typename Queue>
void QueuedChipEngine<Queue>::join_alike_cores(const std::vector<bool>& sends_to_itself) {
  const bool has_credits = chip_.flow_control.kind == FlowControl::credit;
  if (faults_ || has_credits || options_.packets) return;
  const auto alike = alike_cores(graph_, plan_, receptions_, sends_to_itself);
  receptions_.join(alike);
  for (std::uint32_t core = 0; core < alike.size(); ++core) {
    cores_[core].alike = alike[core];
    cores_[core].ejection = graph_.ejection_link(CoreId{core});
    if (alike[core] > 1) network_on_chip_.serve_alike(core, alike[core]);
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::push_token(std::span<const std::uint32_t> input_spikes) {
  if (network_.inputs().size() != 1 || !network_.readout()) {
    throw ConfigError("populations", "tokens need exactly one input and one readout population");
  }
  next_token_.is_repeated = true;
  next_token_.input_spikes.resize(1);
  SpikeTrain& train = next_token_.input_spikes.front();
  train.steps.assign(input_spikes.size(), 0);
  train.neurons.assign(input_spikes.begin(), input_spikes.end());
  check_spike_train(train, network_.population(network_.inputs().front()).size, 1, "input_spikes");
  push_next_token();
}

template <typename Queue>
void QueuedChipEngine<Queue>::push_stimulus(std::span<const SpikeTrain> inputs) {
  check_presentation(network_, inputs);
  next_token_.is_repeated = false;
  next_token_.input_spikes.assign(inputs.begin(), inputs.end());
  push_next_token();
}

/// Slices that only spikes of earlier steps reach may begin the token at once, as inputs do; a tick
/// later if anything has happened at this time already, which may have later keys than theirs.
template <typename Queue>
void QueuedChipEngine<Queue>::push_next_token() {
  if (context_tokens_ == options_.context) {
    throw ConfigError("context", "all " + std::to_string(options_.context) +
                                     " tokens are used; clear the context or stop");
  }
  ++context_tokens_;
  const auto has_ended = [&](const TokenState& old) {
    return (old.progress.is_finished || !is_here(host_core)) &&
           old.progress.ended_slices == slices_here_.size();
  };
  for (; !tokens_.empty() && has_ended(tokens_.front()); ++first_token_) tokens_.pop();
  std::swap(tokens_.push(), next_token_);
  TokenState& token = tokens_.back();
  token.progress = {.pushed = kernel_.now(),
                    .injected = network_.inputs().empty() ? kernel_.now() : TimePoint::max()};
  if (const auto readout = network_.readout()) {
    token.logits.assign(network_.population(*readout).size, 0);
  }
  pushed_steps_ += network_.time_steps();
  const bool is_first = kernel_.event_count() == 0 && !has_begun_ && first_token_ == 0;
  const Duration tick{is_first ? 0 : 1};
  for (const std::uint32_t slice : slices_here_) {
    try_step(slice, core_of_slice_[slice] == host_index() ? Duration{0} : tick);
  }
}

template <typename Queue>
std::span<const std::int32_t> QueuedChipEngine<Queue>::run_until_readout(std::uint32_t token) {
  SYNFIRE_ASSERT(token >= first_token_ && token - first_token_ < tokens_.size(),
                 "waits for a token that was never pushed, or was finished before a later push");
  const TokenState& state = token_state(token);  // no token comes or goes meanwhile
  while (!state.progress.is_finished) {
    if (!advance()) report_deadlock(token);
  }
  return state.logits;
}

template <typename Queue>
void QueuedChipEngine<Queue>::drain() {
  while (advance()) {
  }
  flush_records();
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    if (!tokens_[i].progress.is_finished) report_deadlock(first_token_ + i);
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::clear_context() {
  drain();
  forget_context();
}

template <typename Queue>
void QueuedChipEngine<Queue>::forget_context() {
  for (SliceUnit& unit : units_) unit.clear_context();
  context_tokens_ = 0;
}

/// Handles one event, or passes the barrier; false if nothing can move any more. A chip whose
/// packets stand still is not quiet, so it passes no barrier.
template <typename Queue>
bool QueuedChipEngine<Queue>::advance() {
  if (kernel_.is_idle() && last_read_ > kernel_.now()) {
    kernel_.schedule(last_read_, Phase::process, host_index(), all_read, 0);
  }
  if (kernel_.is_idle()) {
    if (at_barrier_.empty() || network_on_chip_.in_flight() != 0) return false;
    release_barrier();
    ++totals_.barriers;
  }
  kernel_.step([this](const Event& event) { handle(event); });
  return true;
}

template <typename Queue>
void QueuedChipEngine<Queue>::handle(const Event& event) {
  if (event.kind() < first_engine_kind) {
    network_on_chip_.handle(event);
    return;
  }
  switch (static_cast<Kind>(event.kind())) {
    case input_whole:
      ++states_[event.argument()].whole_steps;
      try_step(event.argument());
      break;
    case step_acked:
      ++states_[event.argument()].acked_steps;
      try_step(event.argument());
      break;
    case all_read:
      break;
    case fire:
      on_fire(event.argument());
      break;
    case resume:
      on_resume(event.argument());
      break;
    case step_end:
      on_step_end(event.argument());
      break;
    case step_start:
      on_step_start(event.argument());
      break;
    case token_done:
      on_token_done(event.argument());
      break;
  }
}

template <typename Queue>
std::string QueuedChipEngine<Queue>::waiting_slices(std::uint32_t token) const {
  std::string who;
  constexpr int most_named = 4;
  int named = 0;
  for (const std::uint32_t i : slices_here_) {
    if (named == most_named) break;
    const std::uint32_t core = core_of_slice_[i];
    const bool is_stalled = cores_[core].stalled.contains(i);
    if (!is_stalled && token_of(states_[i].next_step) > token) continue;
    const bool waits_for_input = !has_all_input(i);
    if (!is_stalled && !waits_for_input && has_credit(i)) continue;
    ++named;
    who += "; " + population_of(i).name + " on " +
           (core == host_index() ? "the host" : "neurocore " + std::to_string(core)) +
           " waits at time step " + std::to_string(states_[i].next_step) + " for ";
    who += is_stalled        ? "the network to take its packets"
           : waits_for_input ? "the end of step of its sources"
                             : "credits of its targets";
  }
  return who;
}

template <typename Queue>
void QueuedChipEngine<Queue>::report_deadlock(std::uint32_t token) const {
  throw DeadlockError("token " + std::to_string(token) + " cannot finish" + obstacles(token));
}

template <typename Queue>
const SimulationTotals& QueuedChipEngine<Queue>::totals() {
  flush_records();
  crossings_.charge(bits_, totals_.slices);
  receptions_.charge(host_index(), totals_.slices);
  totals_.now = kernel_.now();
  totals_.events = kernel_.event_count();
  totals_.packets_in_flight =
      totals_.deliveries_due - totals_.packets_delivered - totals_.lost.total();
  const auto use = network_on_chip_.link_use();
  totals_.link_use.assign(use.begin(), use.end());
  totals_.hops = 0;
  for (std::size_t i = 0; i < use.size(); ++i) {
    const std::int64_t control_bits = use[i].control_packets * bits_of(PacketKind::end_of_step);
    totals_.links[i] = {};
    charges_[i].add({use[i].packets, use[i].bits - control_bits, use[i].control_packets},
                    totals_.links[i]);
    if (charges_[i].is_between_routers()) totals_.hops += use[i].packets;
  }
  totals_.max_queue_depth = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < cores_.size(); ++i) {
    count_stall(static_cast<std::uint32_t>(i));
    if (cores_[i].alike != 0) first = i;
    cores_[first].input.report(totals_.core_use[i]);
    totals_.max_queue_depth =
        std::max(totals_.max_queue_depth, totals_.core_use[i].max_queue_depth);
  }
  return totals_;
}

template class QueuedChipEngine<BinaryHeapQueue>;
template class QueuedChipEngine<RadixHeapQueue>;

std::unique_ptr<ChipEngine> make_chip_engine(const Network& network, const ChipDescription& chip,
                                             Mapping mapping, SimulationOptions options,
                                             Probe& probe) {
  return make_rank_engine(network, chip, std::move(mapping), std::move(options), probe);
}

std::unique_ptr<RankEngine> make_rank_engine(const Network& network, const ChipDescription& chip,
                                             Mapping mapping, SimulationOptions options,
                                             Probe& probe) {
  if (options.queue == QueueKind::binary_heap) {
    return std::make_unique<QueuedChipEngine<BinaryHeapQueue>>(network, chip, std::move(mapping),
                                                               std::move(options), probe);
  }
  return std::make_unique<QueuedChipEngine<RadixHeapQueue>>(network, chip, std::move(mapping),
                                                            std::move(options), probe);
}

}  // namespace synfire
