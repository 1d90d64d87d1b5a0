// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "analysis/recording.hpp"

namespace synfire {

/// What to show of a run in a trace, and how much at most.
struct TraceSelection {
  std::uint32_t first_token = 0;
  std::uint32_t end_token = 0xffffffffU;  ///< exclusive
  /// About a hundred bytes each; more make viewers slow.
  std::uint64_t most_events = 1'000'000;
};

/// Writes a recording as a trace in the trace-event format (JSON), which Perfetto and
/// chrome://tracing open. The file gets its name when it is whole.
///
/// Processes and tracks
///   host        tokens from injection to logits; steps of inputs
///   neurocore   steps of the slices that lie on it; packets as they leave and arrive, and a flow
///               from the one to the other, if packets were recorded (run --record packets)
///   router      utilisation [%] of each link that leaves it or joins it to a neurocore, or, on a
///               chip of unlimited bandwidth, bits per window
/// Spans are pairs of B and E events, so that readers which round times to nanoseconds find
/// neighbours apart; spans that overlap lie on tracks of their own. `ts` is in microseconds with
/// six decimals, that is, exact.
///
/// Returns  the number of events.
/// Source   Duff and others, "Trace Event Format", Google, 2016; Perfetto's JSON importer takes it
///          (perfetto.dev/docs/getting-started/other-formats).
/// Throws   ConfigError if the selection holds nothing or too many events; IoError for a damaged
///          recording; WriteError if the disk does not take the trace.
std::uint64_t export_perfetto(const Recording& recording, const TraceSelection& selection,
                              const std::filesystem::path& output);

}  // namespace synfire
