// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/reference_script.hpp"
#include "analysis/sweep.hpp"
#include "analysis/sweep_ranks.hpp"
#include "models/prompt.hpp"
#include "sim/app/dry_run.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/generation_display.hpp"
#include "sim/app/ranks.hpp"
#include "sim/app/support.hpp"
#include "sim/app/sweep_options.hpp"
#include "sim/byte_stream.hpp"

namespace synfire::app {
namespace {

namespace fs = std::filesystem;

/// A file beside the sweep's, if there is one of this name; else the name.
std::string beside(const std::string& sweep_file, const std::string& name) {
  std::error_code problem;
  const fs::path near = fs::path(sweep_file).parent_path() / name;
  return fs::is_regular_file(near, problem) ? near.string() : name;
}

/// Calls `work`; its errors get the line of the sweep file that is to blame.
template <typename Work>
decltype(auto) blaming(const std::string& place, const std::string& key, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    throw ConfigError(place, key, error.what());
  }
}

/// Of some rows of a sweep that are foreseen.
struct SweepForecast {
  std::size_t rows = 0;  ///< of the whole sweep, at most
  std::size_t samples = 0;
  std::size_t failed = 0;         ///< of the samples
  double seconds = 0;             ///< of all samples
  std::int64_t memory_bytes = 0;  ///< the most of a sample
};

/// `ranks` each have the threads of the arguments.
std::string forecast_text(const SweepForecast& forecast, const SweepArguments& arguments,
                          std::uint32_t ranks) {
  constexpr double mebibyte = 1024.0 * 1024.0;
  const auto share = [&](double count) { return count / static_cast<double>(forecast.samples); };
  const double seconds = share(forecast.seconds) * static_cast<double>(forecast.rows) /
                         static_cast<double>(arguments.threads * ranks);
  const std::int64_t bytes = forecast.memory_bytes * arguments.threads + program_bytes;
  return fmt::format("foreseen from {}, not run\n", counted(forecast.samples, "row")) +
         fmt::format("{:<22}{}; {:.0f} % fail\n", "rows", forecast.rows,
                     100 * share(static_cast<double>(forecast.failed))) +
         fmt::format("{:<22}{:.0f} MiB on {}{}\n", "memory", static_cast<double>(bytes) / mebibyte,
                     counted(static_cast<std::uint64_t>(arguments.threads), "thread"),
                     ranks == 1 ? "" : ", on each of " + counted(ranks, "rank")) +
         fmt::format("{:<22}{}", "wall time", duration_text(seconds));
}

/// Models of a sweep, each read once, and what they are given to do.
class Workloads {
 public:
  explicit Workloads(const SweepDefinition& definition) {
    for (const SweepWorkload& workload : definition.workloads) add(definition.file, workload);
  }
  /// Runs each workload once.
  std::vector<SweepWork> run() const {
    std::vector<SweepWork> works;
    for (const Prepared& prepared : prepared_) {
      works.push_back(
          {prepared.model, reference_script(prepared.model, prepared.prompt, prepared.generation)});
    }
    return works;
  }
  /// Adds what every workload would take at the point.
  void foresee(const SweepDefinition& definition, const SweepChip& chip, const SweepPoint& point,
               SweepForecast& forecast) const {
    for (const Prepared& prepared : prepared_) {
      ++forecast.samples;
      const std::size_t tokens = std::max<std::size_t>(
          prepared.model.presentations(), prepared.prompt.size() + prepared.generation.tokens);
      try {
        const CostPrediction cost = foresee_point(definition, chip, prepared.model, point);
        forecast.seconds += cost.seconds * static_cast<double>(tokens);
        forecast.memory_bytes = std::max(forecast.memory_bytes, cost.memory_bytes);
      } catch (const Error&) {
        ++forecast.failed;
      }
    }
  }
  std::vector<std::string> facts() const {
    std::vector<std::string> facts;
    for (const Prepared& prepared : prepared_) {
      facts.push_back("workloads." + prepared.name + ".identity: " + prepared.model.identity);
    }
    return facts;
  }

 private:
  struct Prepared {
    std::string name;
    const Model& model;
    std::vector<Token> prompt;
    GenerationOptions generation;
  };

  const Model& model_of(const fs::path& path) {
    const auto known = models_.find(path);
    return known != models_.end() ? known->second
                                  : models_.emplace(path, read_model(path)).first->second;
  }

  void add(const std::string& file, const SweepWorkload& workload) {
    const std::string key = "workloads." + workload.name;
    const std::string place = workload.place.empty() ? file : workload.place;
    const Model& model = blaming(place, key + ".model", [&]() -> const Model& {
      return model_of(find_model(beside(file, workload.model)));
    });
    Prepared prepared{workload.name, model, {}, {}};
    prepared.generation = {
        .tokens = workload.tokens, .temperature = workload.temperature, .seed = workload.seed};
    if (!model.stimulus) {
      prepared.prompt = blaming(place, key + ".prompt", [&] {
        require_text(model, workload.model);
        std::vector<Token> prompt = encode_prompt(Tokenizer(model.text.alphabet), workload.prompt);
        if (prompt.size() > model.text.context) {
          throw ConfigError("prompt", std::to_string(prompt.size()) +
                                          " characters do not fit the " +
                                          std::to_string(model.text.context) +
                                          " of the trained context; shorten it");
        }
        return prompt;
      });
    }
    prepared_.push_back(std::move(prepared));
  }

  std::map<fs::path, Model> models_;
  std::vector<Prepared> prepared_;
};

/// All that decides the rows, one `key: value` each.
std::vector<std::string> facts_of(const SweepDefinition& definition, const SweepChip& chip,
                                  const Workloads& workloads) {
  std::vector<std::string> facts{std::string("synfire: ") + SYNFIRE_VERSION};
  for (const WrittenValue& written : definition.written) {
    if (written.key_path == "name" || written.key_path == "description") continue;
    facts.push_back(written.key_path + ": " + written.value);
  }
  for (const WrittenValue& written : read_yaml_values(chip.yaml, definition.chip)) {
    facts.push_back("chip " + written.key_path + ": " + written.value);
  }
  const std::vector<std::string> models = workloads.facts();
  facts.insert(facts.end(), models.begin(), models.end());
  return facts;
}

void check_same_sweep(const std::string& file, const SweepHeader& begun, const SweepHeader& now) {
  const std::string difference = fact_difference(begun.facts, now.facts);
  if (difference.empty()) return;
  throw IoError(
      file, "is of another sweep: " + difference + "; put that back, or name another file with -o");
}

SweepChip chip_of(const SweepDefinition& definition) {
  const auto written = std::ranges::find(definition.written, "chip", &WrittenValue::key_path);
  const std::string place = written == definition.written.end() ? definition.file : written->place;
  return blaming(place, "chip", [&] {
    ChipDescription chip = load_chip(beside(definition.file, definition.chip));
    if (chip.faults.any()) {
      throw ConfigError("faults", "what fires would depend on the chip; set them to 0");
    }
    return SweepChip(std::move(chip));
  });
}

/// What every rank reads for itself.
struct Preparation {
  SweepDefinition definition;
  SweepChip chip;
  Workloads workloads;
  SweepHeader header;
};

void show(const SweepTable& table, const SweepArguments& arguments) {
  const bool is_alone = arguments.csv == "-" || arguments.json == "-";
  if (!arguments.quiet && !is_alone) write_text("-", sweep_text(table));
  if (!arguments.csv.empty()) write_text(arguments.csv, to_csv(table));
  if (!arguments.json.empty()) write_text(arguments.json, sweep_json(table));
}

/// `resumed` rows were there before.
std::string progress_text(std::size_t done, std::size_t total, std::size_t resumed,
                          double seconds) {
  const double each = seconds / static_cast<double>(std::max<std::size_t>(done - resumed, 1));
  return fmt::format("sweep: {} of {} rows; {:.2f} s each; {} left", done, total, each,
                     duration_text(each * static_cast<double>(total - done)));
}

/// Foresees some points all over the sweep, and the whole by them.
void show_dry_run(const Preparation& sweep, const SweepArguments& arguments, std::uint32_t ranks) {
  const SweepDefinition& definition = sweep.definition;
  const SweepChip& chip = sweep.chip;
  constexpr std::size_t most_samples = 40;
  const std::vector<SweepPoint> points = first_points(definition, chip.description);
  const std::size_t samples = std::min(points.size(), most_samples);
  SweepForecast forecast;
  for (std::size_t i = 0; i < samples; ++i) {
    sweep.workloads.foresee(definition, chip, points[i * points.size() / samples], forecast);
  }
  const std::size_t later = std::size_t{definition.narrowing.rounds} * definition.narrowing.points;
  forecast.rows = (points.size() + later) * definition.workloads.size();
  write_text("-", forecast_text(forecast, arguments, ranks));
}

SweepTable run(const Preparation& sweep, std::vector<SweepRow> rows,
               const SweepArguments& arguments, Communicator* ranks) {
  const std::size_t resumed = rows.size();
  const std::vector<SweepPoint> first = first_points(sweep.definition, sweep.chip.description);
  const std::vector<SweepWork> works = sweep.workloads.run();
  SweepWriter writer(arguments.out, sweep.header, std::move(rows));
  GenerationDisplay display(GenerationDisplay::Text::hidden, arguments.quiet);
  const Stopwatch stopwatch;
  const std::string remedy =
      "safe in " + arguments.out + ".part; the same command goes on with them";
  if (ranks == nullptr) {
    watch_for_interrupt();
  } else {
    end_on_interrupt("synfire: sweep: interrupted; finished rows are " + remedy);
  }
  const SweepOptions options{
      .threads = static_cast<std::uint32_t>(arguments.threads),
      .is_stopped = is_interrupted,
      .on_row =
          [&](std::size_t done, std::size_t total) {
            display.show_progress(progress_text(done, total, resumed, stopwatch.seconds()));
          },
      .ranks = ranks};
  const bool is_whole = run_sweep(sweep.definition, sweep.chip, first, works, writer, options);
  display.finish();
  if (!is_whole) {
    throw RunFailure("sweep: interrupted after " + counted(writer.rows().size(), "row") +
                     ", which are " + remedy);
  }
  return writer.finish();
}

void check_outputs(const SweepArguments& arguments, const SweepDefinition& definition) {
  const std::vector<std::string> inputs{arguments.file, beside(arguments.file, definition.chip)};
  if (arguments.csv == "-" && arguments.json == "-") {
    throw ConfigError("--json", "standard output takes one of --csv and --json; name a file");
  }
  for (const std::string& output : {arguments.out, arguments.csv, arguments.json}) {
    check_writable(output);
    check_distinct(output, inputs);
  }
  check_distinct(arguments.csv, {arguments.out});
  check_distinct(arguments.json, {arguments.out, arguments.csv});
}

Preparation prepare(const SweepArguments& arguments, bool is_first) {
  checked_count("--threads", arguments.threads, 1, most_threads);
  if (arguments.out == "-") throw ConfigError("--out", "is a table in HDF5; name a file");
  SweepDefinition definition = read_sweep(arguments.file);
  if (is_first) check_outputs(arguments, definition);
  SweepChip chip = chip_of(definition);
  Workloads workloads(definition);
  SweepHeader header = sweep_header(definition, chip, facts_of(definition, chip, workloads));
  return {std::move(definition), std::move(chip), std::move(workloads), std::move(header)};
}

/// Ranks on other machines may see other files under the same names.
void check_same_on_ranks(Communicator* ranks, const std::string& file, const SweepHeader& header) {
  if (ranks == nullptr) return;
  ByteWriter writer;
  for (const std::string& fact : header.facts) writer.put(fact);
  Bytes bytes = writer.bytes();
  ranks->broadcast(bytes);
  together(ranks, [&] {
    std::vector<std::string> facts;
    for (ByteReader reader(bytes); !reader.is_empty();) facts.push_back(reader.take_text());
    const std::string difference = fact_difference(facts, header.facts);
    if (difference.empty()) return true;
    throw IoError(file, "is not the same sweep on rank " + std::to_string(ranks->rank()) +
                            " as on rank 0: " + difference + "; give all ranks the same files");
  });
}

/// What is there of a sweep before it is begun.
struct Beginning {
  std::optional<SweepTable> finished;
  std::vector<SweepRow> rows;  ///< of one that was interrupted
};

Beginning find_beginning(const std::string& out, const SweepHeader& header) {
  if (fs::exists(out)) {
    SweepTable table = read_sweep_table(out);
    check_same_sweep(out, table.header, header);
    return {.finished = std::move(table), .rows = {}};
  }
  const std::string part = out + ".part";
  if (!fs::exists(part)) return {};
  SweepTable begun = read_sweep_part(part);
  check_same_sweep(part, begun.header, header);
  return {.finished = {}, .rows = std::move(begun.rows)};
}

int sweep_on(const SweepArguments& arguments, Communicator* ranks) {
  const bool first = is_first(ranks);
  const Preparation sweep = together(ranks, [&] { return prepare(arguments, first); });
  check_same_on_ranks(ranks, arguments.file, sweep.header);
  if (arguments.dry_run) {
    if (first) show_dry_run(sweep, arguments, ranks == nullptr ? 1 : ranks->size());
    return success;
  }
  Beginning beginning = together(
      ranks, [&] { return first ? find_beginning(arguments.out, sweep.header) : Beginning{}; });
  if (holds_on_first(ranks, beginning.finished.has_value())) {
    if (first) show(*beginning.finished, arguments);
    return success;
  }
  if (first) {
    show(run(sweep, std::move(beginning.rows), arguments, ranks), arguments);
  } else {
    make_rows(sweep.definition, sweep.chip, sweep.workloads.run(), *ranks,
              static_cast<std::uint32_t>(arguments.threads));
  }
  return success;
}

}  // namespace

int sweep(const SweepArguments& arguments) {
  return on_ranks([&](Communicator* ranks) { return sweep_on(arguments, ranks); });
}

}  // namespace synfire::app
