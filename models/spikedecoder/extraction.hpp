// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/model_file.hpp"
#include "models/spikedecoder/parameters.hpp"

namespace synfire {

/// The parameters that build_decoder would make this model's network of: what the whole-sequence
/// reference needs to run a model file.
///
/// Throws  ConfigError `network` naming the first population or projection that a decoder of this
///         kind does not have.
DecoderParameters decoder_parameters(const Model& model);

}  // namespace synfire
