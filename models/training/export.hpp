// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/corpus.hpp"
#include "models/model_file.hpp"
#include "models/spikedecoder/parameters.hpp"
#include "models/training/calibration.hpp"
#include "models/training/spiking_decoder.hpp"

namespace synfire::training {

/// A trained decoder as integers.
struct IntegerDecoder {
  DecoderParameters parameters;
  double logit_scale = 1.0;
};

/// Folds normalizations and rounds weights; `form` says where the normalizations go (LayerNorm is
/// always a population). `ranges`: what the dense MLPs of spike degree 2 reach (calibrate); no
/// other degree needs it.
///
/// Throws  ConfigError if a current could leave 32 bits.
IntegerDecoder to_integers(const SpikingDecoder& decoder, NormalizationForm form,
                           const Ranges& ranges = {});

/// The integers with the code of the alphabet's symbols, ready to be written.
Model to_model(const SpikingDecoder& decoder, NormalizationForm form,
               const Alphabet& alphabet = std::string(character_alphabet),
               const Ranges& ranges = {});

}  // namespace synfire::training
