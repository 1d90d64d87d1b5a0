// SPDX-License-Identifier: Apache-2.0
#include "topology/chip_engine.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "sim/error.hpp"
#include "topology/detail/chip_engine_packets.hpp"
#include "topology/detail/chip_engine_steps.hpp"

namespace synfire {
namespace {

const LinkDescription& description_of(const ChipDescription& chip, LinkKind kind) {
  switch (kind) {
    case LinkKind::horizontal:
      return chip.horizontal;
    case LinkKind::vertical:
      return chip.vertical;
    case LinkKind::injection:
    case LinkKind::ejection:
      break;
  }
  return chip.local;
}

RouterGraph make_graph(const ChipDescription& chip) {
  return RouterGraph::mesh(static_cast<std::uint32_t>(chip.grid.width),
                           static_cast<std::uint32_t>(chip.grid.height),
                           static_cast<std::uint32_t>(chip.grid.cores_per_tile));
}

}  // namespace

// Ids of components in event keys: neurocores, the host, then links.
template <typename Queue>
QueuedChipEngine<Queue>::QueuedChipEngine(const Network& network, const ChipDescription& chip,
                                          Mapping mapping, SimulationOptions options, Probe& probe)
    : network_(network),
      chip_(chip),
      mapping_(std::move(mapping)),
      options_(std::move(options)),
      probe_(probe),
      graph_(make_graph(chip)),
      plan_(plan_traffic(network, mapping_, graph_)),
      kernel_(static_cast<std::uint32_t>(graph_.core_count() + 1 + graph_.links().size())),
      workers_(options_.threads),
      buffers_(static_cast<std::uint32_t>(chip.synchronisation.window) + 1),
      cores_(graph_.core_count() + 1) {
  check_network();
  make_links();
  make_slices();
}

template <typename Queue>
void QueuedChipEngine<Queue>::check_network() {
  const auto count = [&](NeuronModel model) {
    return std::ranges::count(network_.populations(), model, &Population::model);
  };
  if (count(NeuronModel::input) != 1 || count(NeuronModel::readout) != 1) {
    throw ConfigError("populations", "a chip needs exactly one input and one readout population");
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::make_links() {
  for (const Link& link : graph_.links()) {
    links_.emplace_back(description_of(chip_, link.kind));
  }
  for (const LinkId link : {graph_.injection_link(host_core), graph_.ejection_link(host_core)}) {
    LinkDescription host = chip_.local;
    host.megabits_per_second = chip_.host.megabits_per_second;
    links_[index(link)] = LinkServer(host);
  }
  totals_.links.resize(links_.size());
  totals_.link_use.resize(links_.size());
}

template <typename Queue>
void QueuedChipEngine<Queue>::make_slices() {
  units_.reserve(mapping_.slices.size());
  states_.resize(mapping_.slices.size());
  for (std::uint32_t i = 0; i < mapping_.slices.size(); ++i) {
    units_.emplace_back(network_, mapping_.slices[i], buffers_, options_.context,
                        chip_.attention.realisation);
    states_[i].ends.assign(buffers_, 0);
    states_[i].acks.assign(buffers_, 0);
    if (is_input(i)) input_slice_ = i;
    if (population_of(i).model == NeuronModel::readout) ++readout_slices_;
  }
  totals_.slices.resize(mapping_.slices.size());
  totals_.spikes_per_population.assign(network_.populations().size(), 0);
  totals_.neuron_steps_per_population.assign(network_.populations().size(), 0);
  for (const Population& population : network_.populations()) {
    totals_.spikes_per_neuron.emplace_back(population.size, 0);
  }
}

template <typename Queue>
void QueuedChipEngine<Queue>::push_token(std::span<const std::uint32_t> input_spikes) {
  if (context_tokens_ == options_.context) {
    throw ConfigError("context", "all " + std::to_string(options_.context) +
                                     " tokens are used; clear the context or stop");
  }
  ++context_tokens_;
  for (; !tokens_.empty() && tokens_.front().is_finished; ++first_token_) tokens_.pop_front();
  TokenState token;
  token.input_spikes.assign(input_spikes.begin(), input_spikes.end());
  const PopulationSlice& input = mapping_.slices[input_slice_];
  if (!token.input_spikes.empty() && token.input_spikes.back() >= input.size()) {
    throw ConfigError("input_spikes", "name a neuron beyond the input population");
  }
  const Population& readout =
      *std::ranges::find(network_.populations(), NeuronModel::readout, &Population::model);
  token.logits.assign(readout.size, 0);
  token.pushed = kernel_.now();
  tokens_.push_back(std::move(token));
  try_step(input_slice_);
}

template <typename Queue>
std::span<const std::int32_t> QueuedChipEngine<Queue>::run_until_readout(std::uint32_t token) {
  SYNFIRE_ASSERT(token >= first_token_ && token - first_token_ < tokens_.size(),
                 "waits for a token that was never pushed, or was finished before a later push");
  while (!token_state(token).is_finished) {
    if (!advance()) report_deadlock(token);
  }
  return token_state(token).logits;
}

template <typename Queue>
void QueuedChipEngine<Queue>::drain() {
  while (advance()) {
  }
  flush_records();
}

template <typename Queue>
void QueuedChipEngine<Queue>::clear_context() {
  drain();
  for (SliceUnit& unit : units_) unit.clear_context();
  context_tokens_ = 0;
}

/// Handles one event, or passes the barrier; false if nothing is left to do.
template <typename Queue>
bool QueuedChipEngine<Queue>::advance() {
  if (kernel_.is_idle()) {
    if (at_barrier_.empty()) return false;
    release_barrier();
  }
  kernel_.step([this](const Event& event) { handle(event); });
  return true;
}

template <typename Queue>
void QueuedChipEngine<Queue>::handle(const Event& event) {
  switch (static_cast<Kind>(event.kind())) {
    case hop:
      on_hop(event.argument());
      break;
    case process:
      on_process(event.argument());
      break;
    case fire:
      on_fire(event.argument());
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

/// The chip is quiet: every population that is ready makes its next step, and no more than that.
template <typename Queue>
void QueuedChipEngine<Queue>::release_barrier() {
  ++totals_.barriers;
  std::ranges::sort(at_barrier_);
  const TimePoint release = kernel_.now() + chip_.synchronisation.barrier_latency;
  for (const std::uint32_t slice : at_barrier_) {
    const std::uint32_t core = core_index(slice);
    kernel_.schedule(std::max(release, cores_[core].update_free), Phase::step, core, step_start,
                     slice);
  }
  at_barrier_.clear();
}

template <typename Queue>
void QueuedChipEngine<Queue>::report_deadlock(std::uint32_t token) const {
  std::string who;
  constexpr int most_named = 4;
  int named = 0;
  for (std::uint32_t i = 0; i < states_.size() && named < most_named; ++i) {
    if (token_of(states_[i].next_step) > token) continue;
    const bool waits_for_input = !has_all_input(i);
    if (!waits_for_input && has_credit(i)) continue;
    ++named;
    who += "; " + population_of(i).name + " on neurocore " + std::to_string(core_index(i)) +
           " waits at time step " + std::to_string(states_[i].next_step) + " for " +
           (waits_for_input ? "the end of step of its sources" : "credits of its targets");
  }
  throw DeadlockError("token " + std::to_string(token) + " cannot finish" + who);
}

template <typename Queue>
const SimulationTotals& QueuedChipEngine<Queue>::totals() {
  flush_records();
  totals_.now = kernel_.now();
  totals_.events = kernel_.event_count();
  totals_.packets_in_flight = static_cast<std::int64_t>(packets_.in_flight()) - control_in_flight_;
  for (std::size_t i = 0; i < links_.size(); ++i) totals_.link_use[i].busy = links_[i].busy();
  return totals_;
}

template <typename Queue>
void QueuedChipEngine<Queue>::flush_records() {
  if (!spike_batch_.empty()) probe_.on_spikes(spike_batch_);
  if (!step_batch_.empty()) probe_.on_steps(step_batch_);
  spike_batch_.clear();
  step_batch_.clear();
}

template class QueuedChipEngine<BinaryHeapQueue>;
template class QueuedChipEngine<RadixHeapQueue>;

std::unique_ptr<ChipEngine> make_chip_engine(const Network& network, const ChipDescription& chip,
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
