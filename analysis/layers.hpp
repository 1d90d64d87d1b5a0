// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "neurons/network.hpp"

namespace synfire {

class Recording;

/// The layer of every population in reports: layer_of its name, except that a population whose name
/// is itself a layer's (`block0.attention` beside `block0.attention.query`) belongs to that layer.
std::vector<std::string> layers_of(const Network& network);
std::vector<std::string> layers_of(std::span<const std::string> population_names);
std::vector<std::string> layers_of(const Recording& recording);

}  // namespace synfire
