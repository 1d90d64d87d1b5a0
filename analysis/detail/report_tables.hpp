// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "analysis/detail/report_blob.hpp"
#include "analysis/recording.hpp"

namespace synfire::detail {

using ReportJson = nlohmann::ordered_json;

ReportJson json_of(const BlobPiece& piece);

/// The end of what was recorded: last spike, step or logits, in picoseconds; at least 1.
std::int64_t end_of(const Recording& recording);

/// Spikes of all populations: per population blocks of rows (time, neuron, token, time step) with
/// their range of times, and a grid of counts [rows][bins] for looking from far; for all slices
/// together the spikes of each token. `advance` is called with the rows that were read.
ReportJson write_spikes(const Recording& recording, ReportBlob& blob,
                        const std::function<void(std::uint64_t)>& advance);

/// Recorded potentials in blocks of rows (time, neuron, token, time step, potential).
ReportJson write_potentials(const Recording& recording, ReportBlob& blob,
                            const std::function<void(std::uint64_t)>& advance);

/// Steps of populations, from the start of the first slice to the end of the last, in blocks of
/// rows (token, population, time step, started, ended); per token and layer the same over all its
/// populations; per token the critical path.
ReportJson write_steps(const Recording& recording, ReportBlob& blob,
                       const std::function<void(std::uint64_t)>& advance);

/// What every layer did between tokens: rows (tokens handed in until then, time, and the counts of
/// each layer's actions); null if it was not recorded.
ReportJson write_layer_actions(const Recording& recording, ReportBlob& blob);

/// What every link carried between moments: rows (time, bits of each link, picoseconds that each was
/// busy); null if it was not recorded. Neighbouring rows become one where there are more numbers
/// than a page should hold.
ReportJson write_link_use(const Recording& recording, ReportBlob& blob);

}  // namespace synfire::detail
