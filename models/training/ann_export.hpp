// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/corpus.hpp"
#include "models/real_model.hpp"
#include "models/training/ann_decoder.hpp"

namespace synfire::training {

/// A trained twin, ready to be written: every value rounded to bfloat16 (single precision whose low
/// 16 bits are zero), which files pack to half of their size.
RealModel to_real_model(AnnDecoder& decoder,
                        const Alphabet& alphabet = std::string(character_alphabet));

/// The decoder of a real-valued model, in single precision.
AnnDecoder to_decoder(const RealModel& model);

}  // namespace synfire::training
