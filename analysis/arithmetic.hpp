// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "neurons/network.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire {

/// Sizes of a SpikeDecoder that its energy formulas ask for.
struct DecoderShape {
  std::int64_t width = 0;         ///< E
  std::int64_t hidden_width = 0;  ///< neurons of the hidden layer; r * E in the papers
  std::int64_t blocks = 0;        ///< b
  std::int64_t vocabulary = 0;    ///< V
  std::int64_t time_steps = 0;    ///< T
};

/// Shape of a network with the population names of a decoder; empty if it is not one.
std::optional<DecoderShape> decoder_shape(const Network& network);

/// Mean spikes per neuron and time step that the formulas multiply with.
struct DecoderRates {
  double attention_input = 0;
  double query = 0;
  double attention_score = 0;  ///< nonzeros of the masked scores / (tokens * width)
  double attention = 0;
  double mlp_input = 0;
  double mlp_hidden = 0;
  double head_input = 0;
};

/// Rates that the reference program falls back to when it has measured none.
/// Source  SpikeDecoder (arXiv 2606.12287), program `model_GUI.py`, computeConsumption.
inline constexpr DecoderRates published_rates{0.27, 0.30, 0.16, 0.23, 0.29, 0.11, 0.40};

/// Rates of a run, mean over the blocks.
/// `score_nonzeros`: nonzeros of the masked attention scores, all blocks, heads and steps.
DecoderRates measured_rates(const Network& network, const SimulationTotals& totals,
                            std::int64_t score_nonzeros, std::int64_t tokens);

/// Energy in joules of one sequence of `tokens` tokens, arithmetic of matrix products only: no
/// neurons, norms, memory or network. 0.9 pJ an addition, 4.6 pJ a multiply-accumulate (45 nm).
///
/// Source   SpikeDecoder (arXiv 2606.12287), `computeConsumption`; Horowitz, ISSCC 2014.
/// Tested   golden/arithmetic_test: 1230.8, 6019.8, 14032.7 uJ (characters), 4751.3, 24761.4,
///          25928.4 uJ (words).
namespace arithmetic {

/// All-spiking network (`Strict Spikes`), as published: (2 nnz n + bias) * 0.9 pJ. An attention
/// score matrix is part of the formula; `attention_additions`, if given, replaces its term for
/// networks that have none (leaky attention).
double spiking(const DecoderShape& shape, const DecoderRates& rates, std::int64_t tokens,
               std::optional<std::int64_t> attention_additions = std::nullopt);

/// All spiking but the head, which is dense and charged as in artificial_corrected; the paper's
/// program has no formula for it.
double spiking_but_head(const DecoderShape& shape, const DecoderRates& rates, std::int64_t tokens);

/// Spiking attention, dense multilayer perceptron (`Performance Spikes`), as published: charges
/// one of the three Q, K, V projections and the head once instead of T times.
double partially_spiking(const DecoderShape& shape, const DecoderRates& rates, std::int64_t tokens);

/// The artificial counterpart as published: 4.6 pJ per FLOP. Two slips of the program are kept:
/// the second product of the multilayer perceptron multiplies with tokens where the width belongs,
/// and the head's `2E-1` reads as 0.2.
double artificial_as_published(const DecoderShape& shape, std::int64_t tokens);

/// The same with both slips mended.
double artificial_corrected(const DecoderShape& shape, std::int64_t tokens);

}  // namespace arithmetic

/// The `arithmetic` account of a run beside its artificial counterpart, in joules.
struct ArithmeticAccount {
  double spiking = 0;
  double artificial_as_published = 0;
  double artificial_corrected = 0;
  bool leaky_attention = false;  ///< the attention term counts the leaky form's additions
};

/// The account of the windows of tokens that a run put through the network, one after another.
/// Empty for a network that is not a SpikeDecoder.
std::optional<ArithmeticAccount> arithmetic_account(const Network& network,
                                                    const SimulationTotals& totals,
                                                    std::int64_t score_nonzeros,
                                                    const std::vector<std::int64_t>& windows);

}  // namespace synfire
