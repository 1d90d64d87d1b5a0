// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/alphabet.hpp"
#include "neurons/network.hpp"
#include "neurons/spike_train.hpp"

namespace synfire {

/// How text becomes spikes and logits become text.
///
/// Shapes  code: [groups][vocabulary][width], 0 or 1: the bits that group g shows for the token
///         g places back; before the start of the context a group is silent. Empty: one-hot, bit v
///         of width = vocabulary for token v.
///         position_code: [context][position_width], 0 or 1, appended after the groups; may be
///         empty.
///         The input population has groups * width + position_width neurons. A joint code has
///         neither table: of V * S neurons, token v at position n is neuron v * S + n (groups 1,
///         width V * S).
struct TextInterface {
  Alphabet alphabet;          ///< one symbol per token; empty: the model reads no text
  std::uint32_t context = 0;  ///< S, tokens the model was trained on
  std::uint32_t groups = 1;
  std::uint32_t width = 0;
  std::vector<std::uint8_t> code;
  std::uint32_t position_width = 0;
  std::vector<std::uint8_t> position_code;
  bool joint = false;        ///< a neuron for each token at each position
  double logit_scale = 1.0;  ///< real logit = integer logit * scale
  std::string input = "embedding";
  std::string readout = "readout";
};

/// Recorded input spikes that a network is run on instead of a text.
struct Stimulus {
  std::uint32_t duration = 0;      ///< time steps: whole presentations of Network::time_steps each
  std::vector<SpikeTrain> inputs;  ///< of each of Network::inputs

  /// The input spikes of one presentation of `time_steps` steps.
  std::vector<SpikeTrain> presentation(std::uint32_t number, std::uint32_t time_steps) const;
};

/// A spiking network as it lies in a model file: integers only, and where they come from. It reads
/// a text, or is run on a stimulus, or (to be described and mapped only) has neither.
struct Model {
  Network network;
  TextInterface text;
  std::map<std::string, std::string> architecture;  ///< free description, printed by `info`
  std::map<std::string, std::string> provenance;    ///< corpus, recipe, command, bits per character
  std::string identity;                             ///< model_identity(), set by read_model
  std::optional<Stimulus> stimulus;

  bool has_text() const { return !text.alphabet.empty(); }
  /// Of the stimulus; 0 without one.
  std::uint32_t presentations() const {
    return stimulus ? stimulus->duration / network.time_steps() : 0;
  }
  /// Tokens or presentations that run at most before all membranes and attention start anew.
  std::uint32_t context() const {
    if (has_text()) return text.context;
    return stimulus ? presentations() : 1;
  }
};

/// Throws ConfigError naming the model by `name` unless it reads text.
void require_text(const Model& model, const std::string& name);

/// Hash of what a model computes: network, text interface or stimulus, and architecture, not
/// provenance. 32 hexadecimal digits of XXH3-128 over all of it in a fixed order.
std::string model_identity(const Model& model);

/// Reads a model file (format: models/FORMAT.md).
///
/// Throws  IoError for a missing, truncated or foreign file, or one whose content is not what its
///         identity says; ConfigError for content that cannot be run (shape, NaN or non-integer
///         weights, unknown model, sums beyond int32). The message names the file and the dataset.
Model read_model(const std::filesystem::path& path);

/// Writes `model` with its identity to a temporary file beside `path` and renames it, so no half
/// file appears. Throws IoError if that fails.
void write_model(const Model& model, const std::filesystem::path& path);

}  // namespace synfire
