// SPDX-License-Identifier: Apache-2.0
// Sweep tables as HDF5: SweepWriter, read_sweep_table, read_sweep_part.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "analysis/sweep_keys.hpp"
#include "analysis/sweep_table.hpp"
#include "sim/error.hpp"
#include "sim/hdf5_column.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/pending_file.hpp"
#include "topology/chip_parameters.hpp"

namespace synfire {
namespace {

constexpr const char* format_name = "synfire-sweep";
constexpr std::uint32_t format_version = 1;
constexpr const char* group = "/synfire";
constexpr const char* committed_rows = "/synfire/recovery";
constexpr const char* ids_dataset = "/rows/ids";
constexpr const char* values_dataset = "/rows/parameters";
constexpr const char* metrics_dataset = "/rows/metrics";
constexpr const char* errors_dataset = "/rows/errors";
constexpr const char* front_dataset = "/rows/is_on_front";
constexpr std::uint64_t ids = 3;            ///< round, point, workload
constexpr std::uint64_t error_bytes = 400;  ///< longer ones are cut

std::filesystem::path part_of_sweep(const std::filesystem::path& file) {
  std::filesystem::path part = file;
  part += ".part";
  return part;
}

void write_units(Hdf5File& file, const std::string& dataset, const std::string& units) {
  file.write_string_attribute(dataset, "units", units);
}

void write_texts(Hdf5File& file, const std::string& dataset,
                 const std::vector<std::string>& texts) {
  file.write_strings(dataset, texts);
  write_units(file, dataset, "text");
}

void write_header(Hdf5File& file, const SweepHeader& header, bool is_complete) {
  file.create_group(group);
  file.write_string_attribute(group, "format", format_name);
  file.write_attribute(group, "version", format_version);
  file.write_attribute<std::uint8_t>(group, "complete", is_complete ? 1 : 0);
  write_texts(file, "/synfire/facts", header.facts);
  file.write_string("/synfire/chip_yaml", header.chip_yaml);
  write_units(file, "/synfire/chip_yaml", "text");
  write_texts(file, "/synfire/parameters", header.parameters);
  write_texts(file, "/synfire/parameter_units", header.units);
  write_texts(file, "/synfire/workloads", header.workloads);
  write_texts(file, "/synfire/metrics", header.metrics);
  write_texts(file, "/synfire/metric_units", header.metric_units);
  write_texts(file, "/synfire/objectives", header.objectives);
}

SweepHeader read_header(const Hdf5File& file) {
  return {.facts = file.read_strings("/synfire/facts"),
          .chip_yaml = file.read_string("/synfire/chip_yaml"),
          .parameters = file.read_strings("/synfire/parameters"),
          .units = file.read_strings("/synfire/parameter_units"),
          .workloads = file.read_strings("/synfire/workloads"),
          .metrics = file.read_strings("/synfire/metrics"),
          .metric_units = file.read_strings("/synfire/metric_units"),
          .objectives = file.read_strings("/synfire/objectives")};
}

[[noreturn]] void refuse(const Hdf5File& file, const std::string& fact) {
  throw IoError(file.path().string(), fact);
}

void check_signature(const Hdf5File& file) {
  if (!file.contains(group) || !file.has_attribute(group, "format") ||
      file.read_string_attribute(group, "format") != format_name) {
    refuse(file, "is no table of synfire sweep; give the file that its -o named");
  }
  const auto version = file.read_attribute<std::uint32_t>(group, "version");
  if (version.size() != 1 || version.front() != format_version) {
    refuse(file, "is of another version of synfire; make the sweep again");
  }
}

/// The unit is what this version takes for the parameter, so that values mean the same.
bool is_known_unit(const std::string& key_path, const std::string& unit) {
  const auto known = std::ranges::find(chip_parameters(), key_path, &ParameterInfo::key_path);
  return known == chip_parameters().end() || sweep_unit(*known) == unit;
}

void check_header(const Hdf5File& file, const SweepHeader& header) {
  const auto is_metric = [&](const std::string& name) {
    return std::ranges::find(header.metrics, name) != header.metrics.end();
  };
  const bool is_whole = !header.parameters.empty() && !header.workloads.empty() &&
                        !header.objectives.empty() &&
                        header.units.size() == header.parameters.size() &&
                        header.metric_units.size() == header.metrics.size() &&
                        std::ranges::all_of(header.objectives, is_metric);
  if (!is_whole) refuse(file, "/synfire: names and units do not match; the file is damaged");
  for (std::size_t i = 0; i < header.parameters.size(); ++i) {
    if (is_known_unit(header.parameters[i], header.units[i])) continue;
    refuse(file, "/synfire/parameter_units: are not those of " + header.parameters[i] +
                     "; the file is damaged, or of another version");
  }
}

void check_row(const Hdf5File& file, const SweepHeader& header, const SweepRow& row) {
  if (row.workload >= header.workloads.size()) {
    refuse(file, std::string(ids_dataset) + ": names a workload that is not there");
  }
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    const std::string& unit = header.units[i];
    const auto words = std::ranges::count(unit, '|') + 1;
    if (!is_choice(unit) || (row.values[i] >= 0 && row.values[i] < words)) continue;
    refuse(file, std::string(values_dataset) + ": " + header.parameters[i] + " has no word " +
                     std::to_string(row.values[i]) + "; the file is damaged");
  }
  const auto is_finite = [](double metric) { return std::isfinite(metric); };
  if (!row.has_failed() && !std::ranges::all_of(row.metrics, is_finite)) {
    refuse(file, std::string(metrics_dataset) +
                     ": a point that did not fail lacks a number; the "
                     "file is damaged");
  }
}

/// Rows of a dataset of `width` columns; throws if it has another width or fewer rows.
void check_width(const Hdf5File& file, const std::string& dataset, std::uint64_t width,
                 std::uint64_t rows) {
  const Hdf5Shape shape = file.shape(dataset);
  if (shape.row_width() != width || shape.rows() < rows) {
    refuse(file, dataset + ": has not the rows and columns of the table; the file is damaged");
  }
}

std::string text_of(std::span<const std::uint8_t> bytes) {
  const auto end = std::ranges::find(bytes, 0);
  return {bytes.begin(), end};
}

std::vector<SweepRow> read_rows(const Hdf5File& file, const SweepHeader& header,
                                std::uint64_t rows) {
  const std::size_t width = header.parameters.size();
  const std::size_t metrics = header.metrics.size();
  check_width(file, ids_dataset, ids, rows);
  check_width(file, values_dataset, width, rows);
  check_width(file, metrics_dataset, metrics, rows);
  check_width(file, errors_dataset, error_bytes, rows);
  const auto id = file.read_rows<std::uint32_t>(ids_dataset, 0, rows);
  const auto value = file.read_rows<std::int64_t>(values_dataset, 0, rows);
  const auto metric = file.read_rows<double>(metrics_dataset, 0, rows);
  const auto error = file.read_rows<std::uint8_t>(errors_dataset, 0, rows);
  std::vector<SweepRow> result(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    SweepRow& row = result[i];
    row.round = id[i * ids];
    row.point = id[i * ids + 1];
    row.workload = id[i * ids + 2];
    row.values.assign(value.begin() + static_cast<std::ptrdiff_t>(i * width),
                      value.begin() + static_cast<std::ptrdiff_t>((i + 1) * width));
    row.metrics.assign(metric.begin() + static_cast<std::ptrdiff_t>(i * metrics),
                       metric.begin() + static_cast<std::ptrdiff_t>((i + 1) * metrics));
    row.error = text_of(std::span(error).subspan(i * error_bytes, error_bytes));
    check_row(file, header, row);
  }
  return result;
}

SweepTable read_table(const Hdf5File& file, bool is_complete) {
  check_signature(file);
  SweepTable table;
  table.header = read_header(file);
  check_header(file, table.header);
  const std::uint64_t rows = is_complete ? file.shape(ids_dataset).rows()
                                         : file.read_scalar<std::uint64_t>(committed_rows);
  table.rows = read_rows(file, table.header, rows);
  table.is_on_front = rows_on_front(table.header, table.rows);
  table.is_complete = is_complete;
  return table;
}

Hdf5Column::Layout layout(Hdf5Type type, std::uint64_t width) {
  constexpr std::uint64_t chunk_rows = 64;
  return {.type = type, .width = width, .is_matrix = true, .chunk_rows = chunk_rows};
}

/// The columns of a table that grows.
struct RowColumns {
  RowColumns(Hdf5File& file, const SweepHeader& header)
      : id(file, ids_dataset, layout(Hdf5Type::uint32, ids)),
        value(file, values_dataset, layout(Hdf5Type::int64, header.parameters.size())),
        metric(file, metrics_dataset, layout(Hdf5Type::float64, header.metrics.size())),
        error(file, errors_dataset, layout(Hdf5Type::uint8, error_bytes)) {
    write_units(file, ids_dataset, "round, point, workload");
    write_units(file, values_dataset, "/synfire/parameter_units");
    write_units(file, metrics_dataset, "/synfire/metric_units");
    write_units(file, errors_dataset, "text");
  }

  void append(const SweepRow& row) {
    id.append<std::uint32_t>(std::vector<std::uint32_t>{row.round, row.point, row.workload});
    value.append<std::int64_t>(row.values);
    metric.append<double>(row.metrics);
    std::vector<std::uint8_t> bytes(error_bytes, 0);
    std::copy_n(row.error.begin(), std::min<std::size_t>(row.error.size(), error_bytes),
                bytes.begin());
    error.append<std::uint8_t>(bytes);
  }

  Hdf5Column id;
  Hdf5Column value;
  Hdf5Column metric;
  Hdf5Column error;
};

}  // namespace

bool is_sweep_table(const std::filesystem::path& path) {
  const Hdf5File file = Hdf5File::open(path);
  return file.contains(group) && file.has_attribute(group, "format") &&
         file.read_string_attribute(group, "format") == format_name;
}

SweepTable read_sweep_table(const std::filesystem::path& file) {
  return read_table(Hdf5File::open(file), true);
}

SweepTable read_sweep_part(const std::filesystem::path& part) {
  return read_table(Hdf5File::open_interrupted(part), false);
}

struct SweepWriter::Impl {
  Impl(std::filesystem::path destination_file, SweepHeader table_header, PendingFile& pending)
      : destination(std::move(destination_file)),
        part(part_of_sweep(destination)),
        header(std::move(table_header)),
        file(Hdf5File::create_streaming(pending.path())) {
    write_header(file, header, false);
    columns.emplace(file, header);
    file.write(committed_rows, std::vector<std::uint64_t>{0});
    write_units(file, committed_rows, "1");
    file.start_streaming();
  }

  /// First the rows, then the number that declares them safe.
  void commit() {
    file.flush();
    file.write_rows<std::uint64_t>(committed_rows, 0,
                                   std::vector<std::uint64_t>{std::uint64_t{rows.size()}});
    file.flush();
  }

  std::filesystem::path destination;
  std::filesystem::path part;
  SweepHeader header;
  std::vector<SweepRow> rows;
  Hdf5File file;
  std::optional<RowColumns> columns;
};

SweepWriter::SweepWriter(const std::filesystem::path& file, SweepHeader header,
                         std::vector<SweepRow> rows) {
  PendingFile pending(part_of_sweep(file));
  impl_ = std::make_unique<Impl>(file, std::move(header), pending);
  for (const SweepRow& row : rows) impl_->columns->append(row);
  impl_->rows = std::move(rows);
  impl_->commit();
  pending.publish();
}

SweepWriter::~SweepWriter() = default;

void SweepWriter::append(const SweepRow& row) {
  try {
    impl_->columns->append(row);
    impl_->rows.push_back(row);
    impl_->commit();
  } catch (const Error&) {
    impl_->file.abandon();
    throw;
  }
}

const std::vector<SweepRow>& SweepWriter::rows() const {
  return impl_->rows;
}

SweepTable SweepWriter::finish() {
  impl_->columns.reset();
  impl_->file.close();
  SweepTable table{.header = impl_->header,
                   .rows = impl_->rows,
                   .is_on_front = rows_on_front(impl_->header, impl_->rows),
                   .is_complete = true};
  PendingFile pending(impl_->destination);
  {
    Hdf5File file = Hdf5File::create(pending.path());
    write_header(file, table.header, true);
    RowColumns columns(file, table.header);
    for (const SweepRow& row : table.rows) columns.append(row);
    file.write(front_dataset,
               std::vector<std::uint8_t>(table.is_on_front.begin(), table.is_on_front.end()));
    write_units(file, front_dataset, "1");
    file.close();
  }
  pending.publish();
  std::error_code ignored;
  std::filesystem::remove(impl_->part, ignored);
  return table;
}

}  // namespace synfire
