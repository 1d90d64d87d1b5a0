// SPDX-License-Identifier: Apache-2.0
#include "analysis/export_perfetto.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "analysis/detail/trace_writer.hpp"
#include "analysis/link_utilisation.hpp"
#include "analysis/recorder.hpp"
#include "sim/error.hpp"
#include "sim/pending_file.hpp"
#include "topology/topologies.hpp"

namespace synfire {
namespace {

using detail::TraceTrack;
using detail::TraceWriter;

constexpr std::uint64_t rows_at_a_time = 1U << 18U;
constexpr std::uint64_t most_windows = 4096;
constexpr std::uint32_t host_process = 1;  // viewers give 0 a meaning of its own
constexpr std::uint32_t first_core_process = host_process + 1;

// Threads of a process; lanes of spans that overlap follow each other.
constexpr std::uint32_t first_step_lane = 1;
constexpr std::uint32_t sent_track = 1001;
constexpr std::uint32_t arrived_track = 1002;
constexpr std::uint32_t first_token_lane = 2001;

std::uint32_t process_of(CoreId core) {
  return core == host_core ? host_process : first_core_process + index(core);
}

std::int64_t count_of(TimePoint time) {
  return time.time_since_epoch().count();
}

/// A span of a process that is to get a lane of its own where it overlaps others.
struct Span {
  std::uint32_t process = 0;
  TimePoint begin{};
  TimePoint end{};
  std::string name;
  std::string arguments;
};

/// One end of a packet's way.
struct PacketEnd {
  TraceTrack track;
  TimePoint time{};
  std::uint64_t id = 0;
  bool is_arrival = false;
};

class Exporter {
 public:
  Exporter(const Recording& recording, const TraceSelection& selection)
      : recording_(recording), selection_(selection) {
    read_tokens();
    read_steps();
    read_packets();
    if (tokens_.empty() && steps_.empty()) {
      throw ConfigError("trace", "no step of these tokens was recorded; choose others");
    }
  }

  void write(TraceWriter& trace) const {
    trace.name_process(host_process, "host");
    write_spans(trace, tokens_, first_token_lane, "tokens");
    write_cores(trace);
    write_spans(trace, steps_, first_step_lane, "steps");
    write_packets(trace);
    write_links(trace);
  }

 private:
  bool is_selected(std::uint32_t token) const {
    return token >= selection_.first_token && token < selection_.end_token;
  }

  void reserve(std::uint64_t events) {
    events_ += events;
    if (events_ <= selection_.most_events) return;
    throw ConfigError("trace", fmt::format("more than {} events, which viewers do not bear; choose "
                                           "fewer tokens with --tokens i:j",
                                           selection_.most_events));
  }

  void read_tokens() {
    const Alphabet alphabet = recording_.alphabet();
    for (const RecordedToken& token : recording_.tokens()) {
      if (!is_selected(token.token)) continue;
      reserve(2);
      std::string name = fmt::format("token {}", token.token);
      if (token.id < alphabet.size()) name += fmt::format(" '{}'", alphabet[token.id]);
      tokens_.push_back(
          {host_process, token.injected, token.finished, name,
           fmt::format(R"("token":{},"is_given":{},"injected_ps":{},"finished_ps":{})", token.token,
                       token.is_given, count_of(token.injected), count_of(token.finished))});
    }
  }

  std::string slice_name(const PopulationSlice& slice) const {
    const RecordedPopulation& population = recording_.populations()[index(slice.population)];
    if (slice.end - slice.begin == population.size) return population.name;
    return fmt::format("{} [{}:{}]", population.name, slice.begin, slice.end);
  }

  void read_steps() {
    const std::uint64_t rows = recording_.step_count();
    for (std::uint64_t first = 0; first < rows; first += rows_at_a_time) {
      for (const StepRecord& step :
           recording_.steps(first, std::min(rows_at_a_time, rows - first))) {
        if (!is_selected(step.token)) continue;
        reserve(2);
        const PopulationSlice& slice = recording_.slices()[index(step.slice)];
        steps_.push_back(
            {process_of(slice.core), step.started, step.ended, slice_name(slice),
             fmt::format(R"("token":{},"time_step":{},"started_ps":{},"ended_ps":{})", step.token,
                         step.step, count_of(step.started), count_of(step.ended))});
      }
    }
  }

  void read_packets() {
    constexpr std::uint64_t events_a_packet = 6;
    const std::uint64_t rows = recording_.packet_count();
    for (std::uint64_t first = 0; first < rows; first += rows_at_a_time) {
      for (const PacketRecord& packet :
           recording_.packets(first, std::min(rows_at_a_time, rows - first))) {
        if (!is_selected(packet.token)) continue;
        reserve(events_a_packet);
        packets_.push_back(packet);
      }
    }
  }

  void write_cores(TraceWriter& trace) const {
    std::vector<std::uint32_t> processes;
    for (const PopulationSlice& slice : recording_.slices()) {
      if (slice.core != host_core) processes.push_back(process_of(slice.core));
    }
    std::ranges::sort(processes);
    const auto repeated = std::ranges::unique(processes);
    processes.erase(repeated.begin(), repeated.end());
    for (const std::uint32_t process : processes) {
      trace.name_process(process, fmt::format("neurocore {}", process - first_core_process));
    }
  }

  /// Each span lies on the first lane of its process that is free.
  static void write_spans(TraceWriter& trace, std::vector<Span> spans, std::uint32_t first_lane,
                          const std::string& name) {
    std::ranges::stable_sort(spans, [](const Span& a, const Span& b) {
      return std::tuple(a.process, a.begin, a.end) < std::tuple(b.process, b.begin, b.end);
    });
    std::uint32_t process = 0;
    std::vector<TimePoint> lanes;  // when each is free
    for (const Span& span : spans) {
      if (span.process != process) lanes.clear();
      process = span.process;
      const auto free =
          std::ranges::find_if(lanes, [&](TimePoint end) { return end <= span.begin; });
      const auto lane = static_cast<std::uint32_t>(free - lanes.begin());
      const TraceTrack track{process, first_lane + lane};
      if (free == lanes.end()) {
        lanes.push_back(span.end);
        trace.name_track(track, lane == 0 ? name : fmt::format("{} ({})", name, lane + 1));
      } else {
        *free = span.end;
      }
      trace.begin(track, span.begin, span.name, span.arguments);
      trace.end(track, span.end);
    }
  }

  void write_packets(TraceWriter& trace) const {
    std::vector<PacketEnd> ends;
    for (std::uint64_t i = 0; i < packets_.size(); ++i) {
      const PacketRecord& packet = packets_[i];
      const CoreId from = recording_.slices()[index(packet.source)].core;
      ends.push_back({{process_of(from), sent_track}, packet.sent, i, false});
      ends.push_back({{process_of(packet.destination), arrived_track}, packet.arrived, i, true});
    }
    std::ranges::stable_sort(ends, [](const PacketEnd& a, const PacketEnd& b) {
      return std::tuple(a.track.process, a.track.thread, a.time, a.id) <
             std::tuple(b.track.process, b.track.thread, b.time, b.id);
    });
    TraceTrack named;
    for (const PacketEnd& end : ends) {
      if (end.track.process != named.process || end.track.thread != named.thread) {
        trace.name_track(end.track, end.is_arrival ? "packets that arrive" : "packets that leave");
        named = end.track;
      }
      write_packet_end(trace, end);
    }
  }

  /// Spans without length, for the flow to hold on to.
  void write_packet_end(TraceWriter& trace, const PacketEnd& end) const {
    const PacketRecord& packet = packets_[end.id];
    const PopulationSlice& slice = recording_.slices()[index(packet.source)];
    trace.begin(
        end.track, end.time,
        fmt::format("{} {}", recording_.populations()[index(slice.population)].name, packet.neuron),
        fmt::format(R"("token":{},"time_step":{},"sent_ps":{},"arrived_ps":{})", packet.token,
                    packet.step, count_of(packet.sent), count_of(packet.arrived)));
    if (end.is_arrival) {
      trace.flow_end(end.track, end.time, end.id + 1);
    } else {
      trace.flow_start(end.track, end.time, end.id + 1);
    }
    trace.end(end.track, end.time);
  }

  void write_links(TraceWriter& trace) const {
    if (recording_.link_window_count() == 0) return;
    const LinkUtilisation use =
        link_utilisation(recording_, selection_.first_token, selection_.end_token, most_windows);
    const std::uint32_t first_process = first_core_process + use.graph.core_count();
    std::vector<bool> is_named(use.graph.router_count(), false);
    for (std::size_t link = 0; link < use.names.size(); ++link) {
      const auto carries = [&](const auto& window) { return window.bits[link] > 0; };
      if (std::ranges::none_of(use.windows, carries)) continue;
      const std::uint32_t router = index(use.graph.links()[link].from);
      if (!is_named[router]) {
        trace.name_process(first_process + router, "router " + use.graph.label(RouterId{router}));
        is_named[router] = true;
      }
      write_link(trace, use, link, first_process + router);
    }
  }

  static void write_link(TraceWriter& trace, const LinkUtilisation& use, std::size_t link,
                         std::uint32_t process) {
    const bool is_busy = std::ranges::any_of(
        use.windows, [&](const auto& window) { return window.busy[link].count() > 0; });
    const std::string name = use.names[link] + (is_busy ? " [% of the time]" : " [bit]");
    constexpr double percent = 100;
    for (const LinkUtilisation::Window& window : use.windows) {
      const auto busy = static_cast<double>(window.busy[link].count());
      const auto time = static_cast<double>((window.end - window.begin).count());
      trace.count(process, window.begin, name,
                  is_busy ? percent * busy / time : static_cast<double>(window.bits[link]));
    }
    trace.count(process, use.windows.back().end, name, 0);
  }

  const Recording& recording_;
  const TraceSelection& selection_;
  std::uint64_t events_ = 0;
  std::vector<Span> tokens_;
  std::vector<Span> steps_;
  std::vector<PacketRecord> packets_;
};

}  // namespace

std::uint64_t export_perfetto(const Recording& recording, const TraceSelection& selection,
                              const std::filesystem::path& output) {
  const Exporter exporter(recording, selection);
  PendingFile pending(output);
  std::ofstream file(pending.path(), std::ios::binary);
  std::string about = recording.path().filename().string() + " on " + recording.chip_name();
  if (!recording.is_complete()) about += "; the run was cut short";
  TraceWriter trace(file, about);
  exporter.write(trace);
  trace.finish();
  file.close();
  if (!file) throw WriteError(output.string(), "cannot be written; is the disk full?");
  pending.publish();
  return trace.events();
}

}  // namespace synfire
