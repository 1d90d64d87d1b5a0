// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/trace_writer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace synfire::detail {
namespace {

/// Microseconds, exact.
std::string timestamp(TimePoint time) {
  constexpr std::int64_t picoseconds_a_microsecond = 1'000'000;
  const std::int64_t count = time.time_since_epoch().count();
  return fmt::format("{}.{:06}", count / picoseconds_a_microsecond,
                     count % picoseconds_a_microsecond);
}

}  // namespace

std::string json_text(const std::string& text) {
  using Json = nlohmann::json;
  return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
}

TraceWriter::TraceWriter(std::ostream& output, const std::string& note) : output_(output) {
  output_ << "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"about\":" << json_text(note)
          << "},\"traceEvents\":[";
}

void TraceWriter::open_event(char phase, TraceTrack track) {
  output_ << (events_++ == 0 ? "\n" : ",\n") << "{\"ph\":\"" << phase
          << "\",\"pid\":" << track.process << ",\"tid\":" << track.thread;
}

void TraceWriter::name_process(std::uint32_t process, const std::string& name) {
  open_event('M', {process, 0});
  output_ << R"(,"name":"process_name","args":{"name":)" << json_text(name) << "}}";
  open_event('M', {process, 0});
  output_ << R"(,"name":"process_sort_index","args":{"sort_index":)" << process << "}}";
}

void TraceWriter::name_track(TraceTrack track, const std::string& name) {
  open_event('M', track);
  output_ << R"(,"name":"thread_name","args":{"name":)" << json_text(name) << "}}";
}

void TraceWriter::begin(TraceTrack track, TimePoint time, const std::string& name,
                        const std::string& arguments) {
  open_event('B', track);
  output_ << ",\"ts\":" << timestamp(time) << ",\"name\":" << json_text(name) << ",\"args\":{"
          << arguments << "}}";
}

void TraceWriter::end(TraceTrack track, TimePoint time) {
  open_event('E', track);
  output_ << ",\"ts\":" << timestamp(time) << "}";
}

void TraceWriter::flow(char phase, TraceTrack track, TimePoint time, std::uint64_t id) {
  open_event(phase, track);
  output_ << ",\"ts\":" << timestamp(time) << R"(,"name":"packet","cat":"packet","id":)" << id
          << (phase == 'f' ? ",\"bp\":\"e\"}" : "}");
}

void TraceWriter::flow_start(TraceTrack track, TimePoint time, std::uint64_t id) {
  flow('s', track, time, id);
}

void TraceWriter::flow_end(TraceTrack track, TimePoint time, std::uint64_t id) {
  flow('f', track, time, id);
}

void TraceWriter::count(std::uint32_t process, TimePoint time, const std::string& name,
                        double value) {
  open_event('C', {process, 0});
  output_ << ",\"ts\":" << timestamp(time) << ",\"name\":" << json_text(name)
          << fmt::format(",\"args\":{{\"value\":{:.9g}}}}}", value);
}

void TraceWriter::finish() {
  output_ << "\n]}\n";
}

}  // namespace synfire::detail
