// SPDX-License-Identifier: Apache-2.0
#include "models/training/ablation_table.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include "sim/error.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/pending_file.hpp"

namespace synfire::training {
namespace {

constexpr const char* kMagic = "synfire-ablation";
constexpr std::uint32_t kVersion = 1;

struct TextColumn {
  const char* name;
  std::string AblationResult::*field;
};
constexpr TextColumn kTexts[] = {{"name", &AblationResult::name},
                                 {"settings", &AblationResult::settings},
                                 {"note", &AblationResult::note}};

struct CountColumn {
  const char* name;
  std::int64_t AblationResult::*field;
};
constexpr CountColumn kCounts[] = {{"parameters", &AblationResult::parameters},
                                   {"trained_characters", &AblationResult::trained_characters}};

struct NumberColumn {
  const char* name;
  double AblationResult::*field;
};
constexpr NumberColumn kNumbers[] = {{"held_out_bits", &AblationResult::held_out_bits},
                                     {"held_out_accuracy", &AblationResult::held_out_accuracy},
                                     {"training_bits", &AblationResult::training_bits},
                                     {"training_accuracy", &AblationResult::training_accuracy},
                                     {"integer_bits", &AblationResult::integer_bits},
                                     {"arithmetic_energy_j", &AblationResult::arithmetic_energy},
                                     {"chip_energy_j", &AblationResult::chip_energy},
                                     {"chip_time_s", &AblationResult::chip_time}};

std::string dataset(const char* column) {
  return std::string("/rows/") + column;
}

void require_length(const std::filesystem::path& path, bool fits) {
  if (!fits) throw IoError(path.string(), "has columns of different lengths; it is damaged");
}

void read_firing(const Hdf5File& file, std::vector<AblationResult>& rows) {
  const auto row = file.read<std::uint32_t>("/firing/row");
  const std::vector<std::string> population = file.read_strings("/firing/population");
  const auto mean = file.read<double>("/firing/mean");
  const auto silent = file.read<double>("/firing/silent");
  require_length(file.path(), population.size() == row.size() && mean.size() == row.size() &&
                                  silent.size() == row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    require_length(file.path(), row[i] < rows.size());
    rows[row[i]].firing.push_back({population[i], mean[i], silent[i]});
  }
}

std::vector<AblationResult> read_rows(const Hdf5File& file) {
  std::vector<AblationResult> rows(file.shape(dataset("parameters")).rows());
  const auto fill = [&](const auto& column, const auto& values) {
    require_length(file.path(), values.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*column.field = values[i];
  };
  for (const TextColumn& column : kTexts) fill(column, file.read_strings(dataset(column.name)));
  for (const CountColumn& column : kCounts) {
    fill(column, file.read<std::int64_t>(dataset(column.name)));
  }
  for (const NumberColumn& column : kNumbers) fill(column, file.read<double>(dataset(column.name)));
  read_firing(file, rows);
  return rows;
}

template <class Value, class Field>
std::vector<Value> column_of(const std::vector<AblationResult>& rows, Field field) {
  std::vector<Value> values;
  for (const AblationResult& row : rows) values.push_back(row.*field);
  return values;
}

void write_firing(Hdf5File& file, const std::vector<AblationResult>& rows) {
  std::vector<std::uint32_t> index;
  std::vector<std::string> population;
  std::vector<double> mean;
  std::vector<double> silent;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const FiringRate& rate : rows[i].firing) {
      index.push_back(static_cast<std::uint32_t>(i));
      population.push_back(rate.population);
      mean.push_back(rate.mean);
      silent.push_back(rate.silent);
    }
  }
  file.write("/firing/row", index);
  file.write_strings("/firing/population", population);
  file.write("/firing/mean", mean);
  file.write("/firing/silent", silent);
}

/// Quoted if it must be.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_number(double value) {
  if (std::isnan(value)) return "";
  std::ostringstream out;
  out.precision(6);
  out << value;
  return out.str();
}

std::string firing_text(const std::vector<FiringRate>& firing) {
  std::ostringstream out;
  out.precision(3);
  for (const FiringRate& rate : firing) {
    out << (out.tellp() > 0 ? " " : "") << rate.population << '=' << 100.0 * rate.mean;
  }
  return out.str();
}

}  // namespace

AblationTable::AblationTable(std::filesystem::path path, std::string measured_on)
    : path_(std::move(path)), measured_on_(std::move(measured_on)) {
  if (!std::filesystem::exists(path_)) return;
  const Hdf5File file = Hdf5File::open(path_);
  if (!file.has_attribute("/", "magic") || file.read_string_attribute("/", "magic") != kMagic) {
    throw IoError(path_.string(), "is no ablation table; name another file with --out");
  }
  if (file.read_attribute<std::uint32_t>("/", "version") != std::vector{kVersion}) {
    throw IoError(path_.string(), "is a table of another version of synfire; name another file");
  }
  // Tables of earlier programs do not say it.
  const std::string before = file.has_attribute("/rows", "measured_on")
                                 ? file.read_string_attribute("/rows", "measured_on")
                                 : measured_on_;
  if (before != measured_on_) {
    throw IoError(path_.string(), "was measured on " + before + ", not on " + measured_on_ +
                                      "; give the same --chip and --chip-characters, or another "
                                      "--out");
  }
  rows_ = read_rows(file);
}

std::optional<AblationResult> AblationTable::find(const std::string& name,
                                                  const std::string& settings) const {
  const auto found = std::ranges::find_if(rows_, [&](const AblationResult& row) {
    return row.name == name && row.settings == settings;
  });
  return found == rows_.end() ? std::nullopt : std::optional(*found);
}

void AblationTable::put(AblationResult result) {
  const auto found = std::ranges::find(rows_, result.name, &AblationResult::name);
  if (found == rows_.end()) {
    rows_.push_back(std::move(result));
  } else {
    *found = std::move(result);
  }
  write();
}

void AblationTable::write() const {
  PendingFile pending(path_);
  {
    Hdf5File file = Hdf5File::create(pending.path());
    file.write_string_attribute("/", "magic", kMagic);
    file.write_attribute("/", "version", kVersion);
    file.create_group("/rows");
    file.write_string_attribute("/rows", "measured_on", measured_on_);
    for (const TextColumn& column : kTexts) {
      file.write_strings(dataset(column.name), column_of<std::string>(rows_, column.field));
    }
    for (const CountColumn& column : kCounts) {
      file.write(dataset(column.name), column_of<std::int64_t>(rows_, column.field));
    }
    for (const NumberColumn& column : kNumbers) {
      file.write(dataset(column.name), column_of<double>(rows_, column.field));
    }
    write_firing(file, rows_);
    file.close();
  }
  pending.publish();
}

std::string to_csv(const std::vector<AblationResult>& rows) {
  std::ostringstream out;
  const char* separator = "";
  const auto head = [&](const char* name) {
    out << separator << name;
    separator = ",";
  };
  for (const TextColumn& column : kTexts) head(column.name);
  for (const CountColumn& column : kCounts) head(column.name);
  for (const NumberColumn& column : kNumbers) head(column.name);
  out << ",firing_percent\n";
  for (const AblationResult& row : rows) {
    for (const TextColumn& column : kTexts) out << csv_field(row.*column.field) << ',';
    for (const CountColumn& column : kCounts) out << row.*column.field << ',';
    for (const NumberColumn& column : kNumbers) out << csv_number(row.*column.field) << ',';
    out << csv_field(firing_text(row.firing)) << '\n';
  }
  return out.str();
}

}  // namespace synfire::training
