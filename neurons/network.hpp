// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "neurons/weights.hpp"
#include "sim/ids.hpp"

namespace synfire {

/// What the neurons of a population compute in a time step; each has a header of its own.
enum class NeuronModel : std::uint8_t {
  input,              ///< spikes given from outside (host)
  lif,                ///< leaky integrate-and-fire, tau = 2, hard reset; neurons/lif.hpp
  integrate_fire,     ///< integrate-and-fire, no leak, hard reset; neurons/integrate_fire.hpp
  residual,           ///< integer residual accumulator, graded output; neurons/residual.hpp
  normalization,      ///< graded integer scale and offset; neurons/normalization.hpp
  activation,         ///< graded look-up of a few bits, GELU or rounding; neurons/activation.hpp
  layer_norm,         ///< graded LayerNorm over the population; neurons/layer_norm.hpp
  attention,          ///< spiking self-attention followed by a LIF; neurons/spiking_attention.hpp
  softmax_attention,  ///< graded softmax self-attention; neurons/softmax_attention.hpp
  readout,            ///< sums over the steps of a token and hands logits to the host
};

std::string_view to_string(NeuronModel model);
/// Throws ConfigError for a name that is none of the models'.
NeuronModel neuron_model_from_string(std::string_view name);

/// True if the population sends one integer payload per neuron and step instead of spikes.
constexpr bool is_graded(NeuronModel model) {
  return model == NeuronModel::residual || model == NeuronModel::normalization ||
         model == NeuronModel::activation || model == NeuronModel::layer_norm ||
         model == NeuronModel::softmax_attention;
}

/// True if the population takes queries, keys and values.
constexpr bool attends(NeuronModel model) {
  return model == NeuronModel::attention || model == NeuronModel::softmax_attention;
}

/// True if the population has neurons that fire when their membrane potential reaches a threshold.
constexpr bool has_membrane(NeuronModel model) {
  return model == NeuronModel::lif || model == NeuronModel::integrate_fire ||
         model == NeuronModel::attention;
}

enum class AttentionKind : std::uint8_t {
  published,  ///< ((Q K^T) o tril) V, no softmax (SpikeDecoder)
  leaky,      ///< S -= S >> k per token, then S += k v^T; y = q S (ours)
};

std::string_view to_string(AttentionKind kind);
AttentionKind attention_kind_from_string(std::string_view name);

/// Parameters of an attention population. size = heads * head_dimension.
struct AttentionParameters {
  AttentionKind kind = AttentionKind::published;
  std::uint32_t heads = 1;
  std::vector<std::uint8_t> decay_shift;  ///< leaky: k per head, weight of an older token (1-2^-k)
  std::uint8_t fraction_bits = 0;  ///< leaky: F, fixed-point bits of the state S; softmax: of y
};

/// Parameters of the integer exponential of softmax attention; numbers in the unit of the scores.
struct SoftmaxParameters {
  std::int8_t score_shift = 0;  ///< arithmetic right shift of q . k
  std::int32_t ln2 = 1;         ///< ln 2, at least 1
  std::int32_t b = 0;           ///< of the polynomial ((p + b)^2 + c)
  std::int32_t c = 1;
  bool operator==(const SoftmaxParameters&) const = default;
};

/// A group of neurons with one model. Vectors hold one value per neuron or are empty if the model
/// has no use for them.
struct Population {
  std::string name;  ///< unique, for example `block0.attention.query`
  std::uint32_t size = 0;
  NeuronModel model = NeuronModel::lif;
  std::vector<std::int32_t> threshold;   ///< lif, integrate_fire, attention
  std::vector<std::int32_t> bias;        ///< all but input and attention
  std::vector<std::int8_t> shift;        ///< residual and what has a multiplier: right shift
  std::vector<std::int32_t> multiplier;  ///< normalization, activation, layer_norm
  std::vector<std::int32_t> gain;        ///< layer_norm
  std::vector<std::int32_t> offset;      ///< layer_norm
  std::int32_t epsilon = 0;              ///< layer_norm
  std::vector<std::int32_t> table;       ///< activation: 2^b entries, of all neurons
  bool fires_at_threshold = true;        ///< H >= threshold fires; false: H > threshold
  bool resets_each_token = true;         ///< membranes start anew at a token's first step
  /// Membrane potentials at the start: lif, integrate_fire; empty: 0.
  std::vector<std::int32_t> initial_potential;
  AttentionParameters attention;  ///< attention, softmax_attention (heads, fraction_bits)
  SoftmaxParameters softmax;      ///< softmax_attention
};

/// Which input of the target a projection feeds.
enum class Port : std::uint8_t {
  current,  ///< synaptic current (before a residual's shift)
  carry,    ///< residual only: added as it is
  query,
  key,
  value,
};

std::string_view to_string(Port port);
Port port_from_string(std::string_view name);

enum class Connectivity : std::uint8_t {
  dense,       ///< int8 weight per (source, target); a payload is multiplied by it
  one_to_one,  ///< neuron i to neuron i, weight 1 (a graded payload arrives unchanged)
};

std::string_view to_string(Connectivity connectivity);
Connectivity connectivity_from_string(std::string_view name);

/// End of a range of neurons that reaches to the last one.
inline constexpr std::uint32_t to_last_neuron = 0xffffffffU;

/// Synapses from one population to another.
///
/// Delay   what the source sends in time step s counts for the target in step s + delay; 0: in the
///         same step. Time steps go on from token to token, so that what is sent late in a token
///         counts in the next one. Payloads and spikes without delay must not go round in circles.
/// Shapes  dense weights: [source size][target size], row-major (a row is what one spike adds), or
///         [time steps][source size][target size] if `per_time_step`: by step of the target. Whole,
///         whatever the range.
struct Projection {
  PopulationId source{};
  PopulationId target{};
  Port port = Port::current;
  Connectivity connectivity = Connectivity::dense;
  std::uint32_t delay = 0;  ///< time steps, at most `max_delay`
  bool per_time_step = false;
  Weights weights;
  /// Dense: source neurons [source_begin, source_end) take part. All, unless split_fan_in has cut
  /// the projection; in a Network the end is a number.
  std::uint32_t source_begin = 0;
  std::uint32_t source_end = to_last_neuron;
};

/// Longest delay of a projection in time steps.
inline constexpr std::uint32_t max_delay = 1023;

/// Those of `spikes` (ascending ids) that take part in a dense projection of a network.
std::span<const std::uint32_t> taking_part(const Projection& projection,
                                           std::span<const std::uint32_t> spikes);

/// Populations joined by projections: what is computed, whatever the hardware.
class Network {
 public:
  /// Checks names, sizes, ports, models and that neither projections without delay nor payloads go
  /// round in a cycle.
  ///
  /// Throws  ConfigError naming the population or projection (`populations.NAME...`,
  ///         `projections.SOURCE->TARGET...`).
  Network(std::uint32_t time_steps, std::vector<Population> populations,
          std::vector<Projection> projections);

  std::uint32_t time_steps() const { return time_steps_; }
  std::span<const Population> populations() const { return populations_; }
  std::span<const Projection> projections() const { return projections_; }
  const Population& population(PopulationId id) const { return populations_[index(id)]; }
  const Projection& projection(ProjectionId id) const { return projections_[index(id)]; }
  /// Projections that end in `target`, in ascending order of id.
  std::span<const ProjectionId> incoming(PopulationId target) const;
  /// Projections that start at `source`, in ascending order of id.
  std::span<const ProjectionId> outgoing(PopulationId source) const;
  /// Every population after all its sources without delay and all that send it payloads; among
  /// equals in ascending order of id.
  std::span<const PopulationId> evaluation_order() const { return order_; }
  /// Populations of model input, ascending.
  std::span<const PopulationId> inputs() const { return inputs_; }
  /// The population of model readout, if there is one.
  std::optional<PopulationId> readout() const { return readout_; }
  /// Longest delay of any projection.
  std::uint32_t greatest_delay() const { return greatest_delay_; }
  std::optional<PopulationId> find(std::string_view name) const;
  /// True for a dense projection of payloads: products are added, not weights.
  bool multiplies(const Projection& projection) const {
    return projection.connectivity == Connectivity::dense &&
           is_graded(population(projection.source).model);
  }
  /// The weights that one spike of neuron `source` adds at `step`; target size entries.
  std::span<const std::int8_t> weight_row(const Projection& projection, std::uint32_t step,
                                          std::uint32_t source) const;

  /// Frees the weights of a projection for good, of this copy of the network: for who simulates
  /// other parts of it alone. weight_row may not be asked for them any more.
  void free_weights(ProjectionId id) { projections_[index(id)].weights = {}; }

 private:
  std::uint32_t time_steps_;
  std::vector<Population> populations_;
  std::vector<Projection> projections_;
  std::vector<std::vector<ProjectionId>> incoming_;
  std::vector<std::vector<ProjectionId>> outgoing_;
  std::vector<PopulationId> order_;
  std::vector<PopulationId> inputs_;
  std::optional<PopulationId> readout_;
  std::uint32_t greatest_delay_ = 0;
};

/// Whether some of it does not spike: payloads that are multiplied, activations, LayerNorm,
/// softmax.
bool has_dense_parts(const Network& network);

/// The name of a population that sums a part of the inputs of another one (split_fan_in):
/// `NAME.partial3`.
std::string partial_sum_name(std::string_view population, std::uint32_t part);
/// NAME of a name made by partial_sum_name; any other name itself.
std::string_view whole_of(std::string_view population_name);

/// The layer that a population belongs to in reports: its name up to the last dot for
/// `block3.attention.query`, the name itself otherwise. Partial sums are in the layer of the whole.
std::string_view layer_of(std::string_view population_name);

}  // namespace synfire
