// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/model_file.hpp"
#include "models/training/ann_decoder.hpp"
#include "models/training/calibration.hpp"
#include "models/training/export.hpp"

namespace synfire::training {

/// A decoder of spike degree 0 or 1 as integers: 8-bit weights and activations, LayerNorm, softmax
/// and GELU in integers (neurons/), one time step a token. `ranges`: what its activations reach
/// (calibrate).
///
/// Source  Kim et al. 2021, I-BERT, arXiv 2101.01321. Differs: a stream of 2^-10 instead of 32-bit
///         scales, a table for GELU, 8-bit steps per channel in front of dense layers.
/// Throws  ConfigError if sums could leave their widths.
IntegerDecoder to_integers(const AnnDecoder& decoder, const Ranges& ranges);

/// The integers with the code of the characters, ready to be written.
Model to_model(const AnnDecoder& decoder, const Alphabet& alphabet, const Ranges& ranges);

}  // namespace synfire::training
