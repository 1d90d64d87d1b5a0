// SPDX-License-Identifier: Apache-2.0
#include "models/training/quantised_twin.hpp"

#include "models/training/ann_export.hpp"
#include "models/training/calibration.hpp"
#include "models/training/dense_export.hpp"

namespace synfire::training {

Model quantised_twin(const RealModel& twin, std::span<const Token> text) {
  AnnDecoder decoder = to_decoder(twin);
  return to_model(decoder, twin.alphabet, calibrate(decoder, text, twin.architecture.context));
}

}  // namespace synfire::training
