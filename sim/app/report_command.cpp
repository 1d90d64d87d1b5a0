// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "analysis/report.hpp"
#include "analysis/sweep_page.hpp"
#include "analysis/sweep_table.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/generation_display.hpp"
#include "sim/app/support.hpp"
#include "sim/error.hpp"

namespace synfire::app {
namespace {

constexpr const char* teaching =
    "The report is one HTML file for any browser, without a network: every spike to zoom into,\n"
    "energy by layer and action, latency with the critical path, sparsity, traffic on the\n"
    "network-on-chip, the text. Click a token, or drag over a time, and every view follows.\n"
    "\n"
    "Examples\n"
    "  synfire run --out run.h5 --record 'potentials:block0.attention.query[0:4]'\n"
    "  synfire report run.h5                            writes run.html\n"
    "  synfire run --chip horowitz-45nm --out other.h5\n"
    "  synfire report run.h5 other.h5 -o both.html      side by side\n"
    "  synfire report chips.h5                          a table of synfire sweep: Pareto front,\n"
    "                                                   parallel coordinates, sensitivity, map";

struct ReportOptions {
  std::vector<std::string> recordings;
  std::string output;
  bool quiet = false;
};

/// The page that was built from analysis/report: beside an installed program, or where it was
/// built.
std::filesystem::path report_page() {
  std::error_code error;
  const auto executable = std::filesystem::read_symlink("/proc/self/exe", error);
  auto installed = executable.parent_path().parent_path() / "share/synfire/report.html";
  if (std::filesystem::is_regular_file(installed, error)) return installed;
  std::filesystem::path built = SYNFIRE_REPORT_PAGE;
  if (std::filesystem::is_regular_file(built, error)) return built;
  throw RunFailure(
      "report: the page was not built with this program; install Node.js 18 or newer with npm, "
      "and configure and build again (cmake -DSYNFIRE_REPORT=ON says what is missing)");
}

void say_written(const std::string& output, const ReportOptions& options) {
  if (options.quiet) return;
  constexpr double megabyte = 1e6;
  write_text("-", fmt::format("{}: {:.1f} MB; open it in a browser", output,
                              static_cast<double>(std::filesystem::file_size(output)) / megabyte));
}

void run_report(const ReportOptions& options) {
  const std::string output =
      options.output.empty()
          ? std::filesystem::path(options.recordings.front()).replace_extension(".html").string()
          : options.output;
  for (const std::string& name : options.recordings) {
    if (!name.ends_with(".part")) continue;
    throw ConfigError(name,
                      "is what a run has written so far, or what a kill left; make it "
                      "readable with synfire info --recover, and report that");
  }
  check_writable(output);
  check_distinct(output, options.recordings);
  if (options.recordings.size() == 1 && is_sweep_table(options.recordings.front())) {
    const std::filesystem::path sweep = options.recordings.front();
    write_sweep_page(read_sweep_table(sweep), sweep.filename().string(), report_page(), output);
    say_written(output, options);
    return;
  }
  GenerationDisplay display(GenerationDisplay::Text::hidden, options.quiet);
  const std::vector<std::filesystem::path> recordings(options.recordings.begin(),
                                                      options.recordings.end());
  constexpr int bar_width = 40;
  constexpr int percent = 100;
  write_report(recordings, report_page(), output, [&](double share) {
    const auto filled = static_cast<std::size_t>(share * bar_width);
    display.show_progress(fmt::format("report: [{}{}] {:.0f} %", std::string(filled, '#'),
                                      std::string(bar_width - filled, '.'), share * percent));
  });
  display.finish();
  say_written(output, options);
}

}  // namespace

void add_report_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<ReportOptions>();
  CLI::App* command =
      parser.add_subcommand("report", "Write a recording as an HTML report to explore");
  command
      ->add_option(
          "recordings", options->recordings,
          "Recordings of synfire run --out, several are compared; or table of synfire sweep")
      ->required();
  command->add_option("-o,--output", options->output,
                      "HTML file; default: the first recording's name, ending in .html");
  command->add_flag("--quiet", options->quiet, "No progress line, no closing line");
  command->footer(teaching);
  command->callback([options, &exit_code] {
    run_report(*options);
    exit_code = success;
  });
}

}  // namespace synfire::app
