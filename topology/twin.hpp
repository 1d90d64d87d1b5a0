// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "neurons/network.hpp"
#include "topology/chip.hpp"

namespace synfire {

/// Dense counterparts of a spiking network: the same populations, projections and mapping, but one
/// pass a token in place of T time steps, and a vector in place of spikes.
///
/// They say what the same shapes cost without spikes. Their function is not that of the network:
/// bit-equality with a quantised network holds for integrate-and-fire neurons with soft reset,
/// not for leaky ones with hard reset.
/// Source  Yan et al., arXiv 2409.08290 (a T-step spiking network against a quantised one of
///         ceil(log2(T + 1)) bits).
enum class TwinKind : std::uint8_t {
  quantised,   ///< activations of ceil(log2(T + 1)) bits, attention realised as on the chip
  artificial,  ///< activations of 8 bits, softmax over cached keys and values, LayerNorm, GELU
};

/// `twin` or `ann`, as on the command line, in JSON and in recordings.
std::string_view to_string(TwinKind kind);
/// Throws ConfigError for a name that is neither.
TwinKind twin_kind_from_string(std::string_view name);
/// For people.
std::string_view title_of(TwinKind kind);

/// Bits of an activation: the least that hold a count of 0 .. T, or 8.
std::int64_t activation_bits(TwinKind kind, std::uint32_t time_steps);

/// Throws  ConfigError naming a number that only twins and dense parts of a network need and that
///         the chip's file leaves out, so that nothing is free of charge by mistake. `who` needs
///         it; `otherwise`: what to do without it.
void require_dense_numbers(const ChipDescription& chip, const std::string& who = "its dense twins",
                           const std::string& otherwise = "leave --compare out");

/// Throws  ConfigError if twins of the network cannot be run: they need one input and one readout
///         population, and no delays.
void require_twins(const Network& network);

}  // namespace synfire
