// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "neurons/network.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// A mapping as YAML, one line a slice, in the order of the slices:
///
///     slices:
///       - {population: embedding, neurons: "0:111", neurocore: host}
///       - {population: residual0, neurons: "0:192", neurocore: 0}
///
/// `neurons` a:b are those from a to b - 1; `neurocore` counts from 0 in order of routers.
std::string to_yaml(const Mapping& mapping, const Network& network);

/// Reads such a text for a network and a chip; lines may come in any order. `name` stands for the
/// file in messages.
///
/// Throws  ConfigError (file:line: slices[i].key: fact; remedy) for anything that is no mapping of
///         this network onto this chip: unknown keys, populations and neurocores; neurons that are
///         missing, doubled or not there; a head of attention that is split; inputs that are not
///         whole on the host, others that are; a neurocore that holds more than it can.
///         MappingError for number formats, as map_network.
Mapping parse_mapping(const std::string& yaml, const std::string& name, const Network& network,
                      const ChipDescription& chip, std::uint32_t context);

/// parse_mapping of a file. Throws IoError if it cannot be read.
Mapping read_mapping(const std::filesystem::path& file, const Network& network,
                     const ChipDescription& chip, std::uint32_t context);

}  // namespace synfire
