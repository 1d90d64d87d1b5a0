// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "neurons/network.hpp"
#include "sim/units.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"

namespace synfire::test {

/// Networks of a few neurons in which one thing at a time can be made more: one token of one step
/// runs through them. Neurocore c of tile t is t * cores_per_tile + c.

/// input (on the host) -> cells -> readout, joined densely. Input spikes weigh 0; what fires, fires
/// by its bias.
struct MicroChain {
  std::uint32_t spikes = 0;  ///< of 8 input channels
  std::uint32_t cells = 1;
  std::uint32_t firing = 0;  ///< of the cells
  std::uint32_t cells_core = 0;
  std::vector<std::uint32_t> readout_cores = {1};  ///< readout neuron i lies on readout_cores[i]
};

/// input -> attention of one head -> readout; each of `spikes` input spikes is query, key and
/// value.
struct MicroAttention {
  std::uint32_t spikes = 0;
  std::uint32_t head_dimension = 8;
  bool is_leaky = false;  ///< decay shift 4, no fraction bits
};

/// input -> residual -> normalization -> lif -> readout, each on a neurocore of its own; `width`
/// payloads from the residual and from the normalization.
struct MicroGraded {
  std::uint32_t width = 1;
};

struct MicroRun {
  Energy energy;        ///< dynamic
  Duration finished{};  ///< when the token reached the host
  std::int64_t barriers = 0;
};

MicroRun measure(const MicroChain& chain, const ChipDescription& chip);
MicroRun measure(const MicroAttention& attention, const ChipDescription& chip);
MicroRun measure(const MicroGraded& graded, const ChipDescription& chip);

}  // namespace synfire::test
