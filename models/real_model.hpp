// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/alphabet.hpp"

namespace synfire {

/// Sizes of an artificial decoder: the twin of a spiking one, without spikes and time steps.
struct RealArchitecture {
  bool has_attention = true;    ///< softmax; false: blocks hold only the MLP
  std::uint32_t blocks = 1;     ///< B
  std::uint32_t embedding = 0;  ///< E, width of the residual stream; a multiple of heads
  std::uint32_t heads = 1;      ///< h; 1 without attention
  std::uint32_t hidden = 0;     ///< channels inside a block's MLP
  std::uint32_t groups = 1;     ///< last tokens that the embedding shows
  std::uint32_t context = 0;    ///< S, tokens the model was trained on
};

/// Row-major values under a name.
struct RealTensor {
  std::string name;
  std::vector<std::uint64_t> extents;
  std::vector<float> values;

  std::uint64_t elements() const;
};

/// A trained artificial decoder: what spiking ones are compared with. No chip runs it.
struct RealModel {
  RealArchitecture architecture;
  Alphabet alphabet;                ///< one symbol per token
  std::vector<RealTensor> tensors;  ///< named and shaped as real_tensors() says, in its order
  std::map<std::string, std::string> provenance;
  std::string identity;  ///< real_model_identity(), set by read_real_model
};

/// Names and extents of the tensors of an artificial decoder, without values:
/// embedding.weight [groups * V][E]; per block b attention.query, .key, .value, .output, each with
/// weight [E][E] and bias, gain, offset [E]; mlp.hidden.weight [hidden][E], .bias [hidden];
/// mlp.output.weight [E][hidden], .bias [E]; head.weight [V][E], head.bias [V]. Weights are
/// [out][in].
std::vector<RealTensor> real_tensors(const RealArchitecture& architecture, std::size_t vocabulary);

/// Hash of what a real-valued model computes, without provenance; as model_identity().
std::string real_model_identity(const RealModel& model);

/// Whether an HDF5 file says that it holds a real-valued model.
///
/// Throws  IoError for a missing or damaged file.
bool is_real_model(const std::filesystem::path& path);

/// Reads a file of a real-valued model (format: models/FORMAT.md).
///
/// Throws  IoError for a missing, truncated or foreign file, or one whose content is not what its
///         identity says; ConfigError for content that is no such decoder (unknown, missing or
///         misshapen tensors, NaN, infinity). The message names the file and the dataset.
RealModel read_real_model(const std::filesystem::path& path);

/// Writes `model` with its identity beside `path` and renames it. Throws IoError if that fails.
void write_real_model(const RealModel& model, const std::filesystem::path& path);

}  // namespace synfire
