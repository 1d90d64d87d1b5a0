// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "sim/units.hpp"

namespace synfire::detail {

/// A line of a trace viewer: a thread of a process.
struct TraceTrack {
  std::uint32_t process = 0;
  std::uint32_t thread = 0;
};

/// Writes events of the trace-event format one after another.
class TraceWriter {
 public:
  /// Keeps the reference. `note` is shown among the trace's facts.
  TraceWriter(std::ostream& output, const std::string& note);

  void name_process(std::uint32_t process, const std::string& name);
  void name_track(TraceTrack track, const std::string& name);
  /// `arguments`: members of a JSON object, without its braces.
  void begin(TraceTrack track, TimePoint time, const std::string& name,
             const std::string& arguments);
  void end(TraceTrack track, TimePoint time);
  /// From the span that is open on one track to that on another, joined by `id`.
  void flow_start(TraceTrack track, TimePoint time, std::uint64_t id);
  void flow_end(TraceTrack track, TimePoint time, std::uint64_t id);
  void count(std::uint32_t process, TimePoint time, const std::string& name, double value);

  /// Ends the file.
  void finish();
  std::uint64_t events() const { return events_; }

 private:
  void open_event(char phase, TraceTrack track);
  void flow(char phase, TraceTrack track, TimePoint time, std::uint64_t id);

  std::ostream& output_;
  std::uint64_t events_ = 0;
};

/// A JSON string, quotes included.
std::string json_text(const std::string& text);

}  // namespace synfire::detail
