// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/training/decoder_shape.hpp"
#include "models/training/settings.hpp"

namespace synfire::app {

/// Energy in joules a character of a trained decoder by the arithmetic of the SpikeDecoder paper
/// (analysis/arithmetic.hpp), with firing rates measured on text; NaN for leaky attention, whose
/// additions that formula does not know.
///
/// Spike degrees 0 and 1: the artificial formula with its slips mended; 2: spiking attention, dense
/// MLP; 3 and 4: all spiking, in which the head counts for little.
double arithmetic_energy(const training::DecoderShape& shape,
                         const std::vector<training::FiringRate>& firing);

}  // namespace synfire::app
