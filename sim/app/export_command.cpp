// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "analysis/export_csv.hpp"
#include "analysis/export_perfetto.hpp"
#include "analysis/export_sonata.hpp"
#include "analysis/grouped.hpp"
#include "analysis/recording.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/support.hpp"
#include "sim/app/token_range.hpp"
#include "sim/error.hpp"

namespace synfire::app {
namespace {

constexpr const char* teaching =
    "Formats\n"
    "  perfetto  one JSON file for ui.perfetto.dev or chrome://tracing: a process for the host, "
    "for\n"
    "            every neurocore (its steps; packets as they leave and arrive, joined by flows, "
    "if\n"
    "            they were recorded with run --record packets) and for every router (utilisation "
    "of\n"
    "            its links). At most a million events: choose tokens with --tokens\n"
    "  csv       a new folder of tables for pandas: spikes, steps, tokens, links, energy,\n"
    "            link_windows, potentials, packets; names of columns end in their units\n"
    "  sonata    a bare SONATA file, spikes only (the recording itself is one, too, with more in "
    "it)\n"
    "\n"
    "A run that was cut short is exported as far as it went.\n"
    "\n"
    "Examples\n"
    "  synfire run --tokens 10 --out run.h5 --record packets\n"
    "  synfire export run.h5 --format perfetto -o trace.json --tokens 3:4\n"
    "  synfire export run.h5 --format csv -o tables\n"
    "    python3 -c \"import pandas; print(pandas.read_csv('tables/spikes.csv').describe())\"\n"
    "  synfire export run.h5 --format sonata -o spikes.h5";

struct ExportOptions {
  std::string recording;
  std::string format;
  std::string output;
  std::string tokens;
  bool quiet = false;
};

TraceSelection selection_of(const ExportOptions& options) {
  TraceSelection selection;
  if (options.tokens.empty()) return selection;
  if (options.format != "perfetto") {
    throw ConfigError(
        "--tokens", "is nothing that --format " + options.format + " takes; it writes all tokens");
  }
  const TokenRange range = parse_token_range(options.tokens);
  selection.first_token = range.first;
  selection.end_token = range.end;
  return selection;
}

/// Writes, and says what was written.
std::string write_export(const Recording& recording, const ExportOptions& options,
                         const TraceSelection& selection) {
  if (options.format == "perfetto") {
    const std::uint64_t events = export_perfetto(recording, selection, options.output);
    return fmt::format("{} events; open it in ui.perfetto.dev{}",
                       grouped(static_cast<std::int64_t>(events)),
                       recording.packet_count() > 0 ? "" : " (no packets: run --record packets)");
  }
  if (options.format == "csv") {
    std::string names;
    for (const std::string& name : export_csv(recording, options.output)) {
      names += (names.empty() ? "" : ", ") + name;
    }
    return names;
  }
  export_sonata(recording, options.output);
  return grouped(static_cast<std::int64_t>(recording.total_spike_count())) + " spikes";
}

void run_export(const ExportOptions& options) {
  const TraceSelection selection = selection_of(options);
  if (options.format != "csv") check_writable(options.output);
  check_distinct(options.output, {options.recording});
  const Recording recording(options.recording);
  const std::string written = write_export(recording, options, selection);
  if (options.quiet) return;
  write_text("-", options.output + ": " + written);
  if (!recording.is_complete()) {
    write_text("-", options.recording + ": the run was cut short; this is what was recorded");
  }
}

}  // namespace

void add_export_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App* command = parser.add_subcommand(
      "export", "Write a recording for other programs: Perfetto, pandas, SONATA");
  command->add_option("recording", options->recording, "Recording of synfire run --out")
      ->required();
  command->add_option("--format", options->format, "What to write; see below")
      ->required()
      ->check(CLI::IsMember({"perfetto", "csv", "sonata"}));
  command->add_option("-o,--output", options->output, "File, or for csv a new folder")->required();
  command->add_option("--tokens", options->tokens, "i:j, tokens i to j-1; perfetto only");
  command->add_flag("--quiet", options->quiet, "No closing line");
  command->footer(teaching);
  command->callback([options, &exit_code] {
    run_export(*options);
    exit_code = success;
  });
}

}  // namespace synfire::app
