// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "neurons/network.hpp"

namespace synfire::bench {

/// Sizes of a decoder without training; by default those of GPT-2 small (Radford et al. 2019,
/// "Language Models are Unsupervised Multitask Learners", table 2), without positions.
struct SyntheticShape {
  std::uint32_t blocks = 12;
  std::uint32_t embedding = 768;  ///< E; neurons of the input population, too
  std::uint32_t hidden = 3072;
  std::uint32_t heads = 12;  ///< divide E
  std::uint32_t vocabulary = 50'257;
  std::uint32_t time_steps = 4;
  std::uint64_t seed = 1;
};

/// Share of neurons that fire in a time step, of inputs and of what thresholds are calibrated to.
inline constexpr double synthetic_rate = 0.15;
/// Tokens after which attention is in its steady state.
inline constexpr std::uint32_t synthetic_warm_up = 2;

/// A spiking decoder with random weights in which about 15 % of the neurons of every population
/// fire in every step: what a trained one of that size costs, not what it says.
///
/// Populations  as build_decoder's: embedding (one-to-one into residual0), per block attention
///              (leaky, half of an older token each) and MLP, head.input, readout.
///              Differs: the head's weights are the same in every step, their sums accumulate.
/// Weights      uniform over the odd numbers -127 .. 127, drawn by keys, so equal on every machine.
/// Thresholds   one a population, by bisection while random tokens run through the layers.
/// Range        residual sums are shifted by 2 and stay within 24 bits at 12 blocks, for any input.
/// Cost         one second and the synapses' memory at GPT-2's size.
/// Throws       ConfigError if a population could overflow 32 bits.
Network synthetic_decoder(const SyntheticShape& shape);

/// The input spikes of token `token`: every neuron with probability 15 %.
std::vector<std::uint32_t> synthetic_token(const SyntheticShape& shape, std::uint32_t token);

/// Names and rates of populations outside 13 .. 17 % over 16 tokens for which nothing was
/// calibrated, by the dense reference; empty if there are none.
std::string rates_outside_goal(const Network& network, const SyntheticShape& shape);

}  // namespace synfire::bench
