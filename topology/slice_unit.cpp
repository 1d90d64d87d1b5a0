// SPDX-License-Identifier: Apache-2.0
#include "topology/slice_unit.hpp"

#include <algorithm>
#include <numeric>

#include "neurons/activation.hpp"
#include "neurons/integrate_fire.hpp"
#include "neurons/layer_norm.hpp"
#include "neurons/lif.hpp"
#include "neurons/normalization.hpp"
#include "neurons/residual.hpp"
#include "neurons/synaptic_sum.hpp"
#include "topology/slice_needs.hpp"

namespace synfire {
namespace {

template <typename T>
std::span<const T> part(const std::vector<T>& values, const PopulationSlice& slice) {
  return values.empty() ? std::span<const T>()
                        : std::span(values).subspan(slice.begin, slice.size());
}

}  // namespace

SliceUnit::SliceUnit(const Network& network, const PopulationSlice& slice, std::uint32_t buffers,
                     std::uint32_t context, AttentionRealisation realisation)
    : network_(network),
      population_(network.population(slice.population)),
      slice_(slice),
      buffer_count_(buffers),
      current_(slice.size(), 0),
      membrane_(slice.size(), 0) {
  for (const ProjectionId id : network.incoming(slice.population)) {
    Input& input = inputs_.emplace_back();
    const bool is_attention = attends(population_.model);
    input.projection = &network.projection(id);
    input.is_listed = input.projection->connectivity == Connectivity::dense || is_attention;
    input.first = is_attention ? slice.begin : 0;
    input.keeps_payloads = network.multiplies(*input.projection) ||
                           population_.model == NeuronModel::softmax_attention;
    input.spikes.resize(buffers);
    if (input.keeps_payloads) input.payloads.resize(buffers);
  }
  restart_membrane();
  Buffer empty;
  empty.current.assign(slice.size(), 0);
  empty.carry.assign(population_.model == NeuronModel::residual ? slice.size() : 0, 0);
  buffers_.assign(buffer_count_, empty);
  if (population_.model == NeuronModel::attention) {
    const std::uint32_t d = population_.size / population_.attention.heads;
    const AttentionShape shape{d, slice.begin / d, slice.size() / d, network.time_steps(), context};
    attention_.emplace(population_.attention, shape, realisation);
  }
  if (population_.model == NeuronModel::softmax_attention) {
    const std::uint32_t d = population_.size / population_.attention.heads;
    const AttentionShape shape{d, slice.begin / d, slice.size() / d, network.time_steps(), context};
    softmax_attention_.emplace(population_, shape, operand_bits(network, slice.population));
  }
}

void SliceUnit::sum_input(std::uint32_t step) {
  const std::uint32_t place = step % buffer_count_;
  current_ = buffers_[place].current;
  for (const Input& input : inputs_) {
    if (input.projection->connectivity != Connectivity::dense) continue;
    const auto rows = network_.weight_row(*input.projection, step % network_.time_steps(), 0);
    const auto sources = input.spikes[place].all();
    if (input.keeps_payloads) {
      add_products(rows.data() + slice_.begin, population_.size, sources,
                   input.payloads[place].all(), current_);
    } else {
      add_rows(rows.data() + slice_.begin, population_.size, sources, current_);
    }
  }
}

SliceUnit::AttentionSpikes SliceUnit::attention_spikes(std::uint32_t step) const {
  AttentionSpikes spikes;
  for (const Input& input : inputs_) {
    const Port port = input.projection->port;
    auto& list = port == Port::query ? spikes.query : port == Port::key ? spikes.key : spikes.value;
    list = input.spikes[step % buffer_count_].all();
  }
  return spikes;
}

void SliceUnit::attend_softly(StepOutput& output) {
  std::vector<std::int32_t> query(slice_.size()), key(slice_.size()), value(slice_.size());
  const std::uint32_t place = output.step % buffer_count_;
  for (const Input& input : inputs_) {
    const Port port = input.projection->port;
    auto& to = port == Port::query ? query : port == Port::key ? key : value;
    const auto neurons = input.spikes[place].all();
    const auto payloads = input.payloads[place].all();
    for (std::size_t i = 0; i < neurons.size(); ++i) to[neurons[i]] += payloads[i];
  }
  output.attention =
      softmax_attention_->step(output.step % network_.time_steps(), query, key, value, current_);
}

void SliceUnit::free_buffer(std::uint32_t place) {
  for (Input& input : inputs_) {
    input.spikes[place].clear();
    if (input.keeps_payloads) input.payloads[place].clear();
  }
  std::ranges::fill(buffers_[place].current, 0);
  std::ranges::fill(buffers_[place].carry, 0);
}

void SliceUnit::step(StepOutput& output) {
  const std::uint32_t step = output.step;
  if (step % network_.time_steps() == 0 && population_.resets_each_token) {
    restart_membrane();
  }
  if (population_.model == NeuronModel::attention) {
    const AttentionSpikes spikes = attention_spikes(output.step);
    output.attention = attention_->step(step % network_.time_steps(), spikes.query, spikes.key,
                                        spikes.value, current_);
  } else if (population_.model == NeuronModel::softmax_attention) {
    attend_softly(output);
  } else {
    sum_input(step);
  }
  update(output);
  free_buffer(output.step % buffer_count_);
}

void SliceUnit::replay(std::span<const std::uint32_t> fired, StepOutput& output) {
  const std::uint32_t within = output.step % network_.time_steps();
  switch (population_.model) {
    case NeuronModel::attention: {
      const AttentionSpikes spikes = attention_spikes(output.step);
      output.attention = attention_->count(within, spikes.query, spikes.key, spikes.value);
      output.neurons.assign(fired.begin(), fired.end());
      break;
    }
    case NeuronModel::softmax_attention:
      output.attention = softmax_attention_->count(within);
      send_payloads(output);
      break;
    case NeuronModel::residual:
    case NeuronModel::normalization:
    case NeuronModel::activation:
    case NeuronModel::layer_norm:
      send_payloads(output);
      break;
    case NeuronModel::readout:
      if (within + 1 == network_.time_steps()) send_payloads(output);
      break;
    case NeuronModel::lif:
    case NeuronModel::integrate_fire:
    case NeuronModel::input:
      output.neurons.assign(fired.begin(), fired.end());
      break;
  }
  free_buffer(output.step % buffer_count_);
}

/// Every neuron of the slice sends a payload, 0 to begin with.
void SliceUnit::send_payloads(StepOutput& output) const {
  output.neurons.resize(slice_.size());
  std::iota(output.neurons.begin(), output.neurons.end(), slice_.begin);
  output.payloads.assign(slice_.size(), 0);
}

void SliceUnit::update(StepOutput& output) {
  const FiringParameters firing{part(population_.bias, slice_), part(population_.threshold, slice_),
                                population_.fires_at_threshold};
  switch (population_.model) {
    case NeuronModel::lif:
    case NeuronModel::attention:
      update_lif(firing, current_, slice_.begin, membrane_, output.neurons);
      break;
    case NeuronModel::integrate_fire:
      update_integrate_fire(firing, current_, slice_.begin, membrane_, output.neurons);
      break;
    case NeuronModel::residual:
    case NeuronModel::normalization:
    case NeuronModel::activation:
      update_graded(output);
      break;
    case NeuronModel::layer_norm:
      send_payloads(output);
      layer_norm(population_, current_, output.payloads);
      break;
    case NeuronModel::softmax_attention:
      send_payloads(output);
      output.payloads = current_;
      break;
    case NeuronModel::readout:
      update_readout(output);
      break;
    case NeuronModel::input:
      break;
  }
}

void SliceUnit::update_graded(StepOutput& output) {
  const std::vector<std::int32_t>& carry = buffers_[output.step % buffer_count_].carry;
  send_payloads(output);
  for (std::uint32_t i = 0; i < slice_.size(); ++i) {
    const std::uint32_t neuron = slice_.begin + i;
    const std::int32_t bias = population_.bias[neuron];
    const std::int8_t shift = population_.shift[neuron];
    output.payloads[i] =
        population_.model == NeuronModel::residual
            ? residual_output(carry[i], current_[i], bias, shift)
        : population_.model == NeuronModel::normalization
            ? normalization_output(current_[i], population_.multiplier[neuron], bias, shift)
            : activation_output(current_[i], population_.multiplier[neuron], bias, shift,
                                population_.table);
  }
}

/// Logits leave after the last step of a token.
void SliceUnit::update_readout(StepOutput& output) {
  const std::uint32_t within = output.step % network_.time_steps();
  const auto bias = part(population_.bias, slice_);
  if (within == 0) std::ranges::copy(bias, membrane_.begin());
  for (std::uint32_t i = 0; i < slice_.size(); ++i) membrane_[i] += current_[i];
  if (within + 1 != network_.time_steps()) return;
  send_payloads(output);
  output.payloads = membrane_;
}

void SliceUnit::restart_membrane() {
  std::ranges::fill(membrane_, 0);
  std::ranges::copy(part(population_.initial_potential, slice_), membrane_.begin());
}

void SliceUnit::resume_after(const TokenPast& past) {
  if (softmax_attention_) softmax_attention_->resume(past.context_tokens);
  if (!attention_) return;
  const std::uint32_t heads = population_.attention.heads;
  const std::uint32_t d = population_.size / heads;
  const std::vector<std::int64_t>& of_heads = past.value_spikes[index(slice_.population)];
  std::vector<std::int64_t> value_spikes(network_.time_steps());
  for (std::size_t step = 0; step < value_spikes.size(); ++step) {
    const auto first = of_heads.begin() + static_cast<std::ptrdiff_t>(step * heads);
    value_spikes[step] =
        std::accumulate(first + slice_.begin / d, first + slice_.end / d, std::int64_t{0});
  }
  attention_->resume(past.context_tokens, value_spikes);
}

void SliceUnit::clear_context() {
  restart_membrane();
  for (std::uint32_t place = 0; place < buffer_count_; ++place) free_buffer(place);
  if (attention_) attention_->reset();
  if (softmax_attention_) softmax_attention_->reset();
}

}  // namespace synfire
