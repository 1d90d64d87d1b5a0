// SPDX-License-Identifier: Apache-2.0
#include "tests/support/forged_model.hpp"

#include <utility>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "sim/hdf5_copy.hpp"

namespace synfire::test {
namespace {

Hdf5File written(const Model& model, const std::filesystem::path& path) {
  write_model(model, path);
  return Hdf5File::open(path);
}

}  // namespace

ForgedModel::ForgedModel(const Model& valid, std::set<std::string> without)
    : without_(std::move(without)),
      valid_(written(valid, folder_ / "valid.h5")),
      file_(Hdf5File::create(folder_ / "forged.h5")) {
  without_.insert("/@identity");
  copy("/");
}

std::string ForgedModel::refusal() {
  file_.close();
  try {
    read_model(folder_ / "forged.h5");
  } catch (const ConfigError& error) {
    const std::string prefix = (folder_ / "forged.h5").string() + ":";
    CHECK(error.key_path.starts_with(prefix));
    return std::string(error.what()).substr(prefix.size());
  } catch (const IoError& error) {
    return std::string("IoError ") + error.what();
  }
  return "accepted";
}

void ForgedModel::copy(const std::string& group) {
  if (group != "/") file_.create_group(group);
  for (const std::string& name : valid_.attributes(group)) {
    if (!without_.contains(group + "@" + name)) copy_attribute(group, name);
  }
  for (const std::string& name : valid_.children(group)) {
    const std::string object = (group == "/" ? "" : group) + "/" + name;
    if (without_.contains(object)) continue;
    if (valid_.is_group(object)) {
      copy(object);
    } else if (valid_.shape(object).type == Hdf5Type::string) {
      file_.write_strings(object, valid_.read_strings(object));
    } else {
      copy_rows(valid_, object, valid_.shape(object).rows(), file_);
    }
  }
}

void ForgedModel::copy_attribute(const std::string& group, const std::string& name) {
  const Hdf5Type type = valid_.attribute_shape(group, name).type;
  if (type == Hdf5Type::string) {
    file_.write_string_attribute(group, name, valid_.read_string_attribute(group, name));
  } else if (type == Hdf5Type::float64) {
    file_.write_attribute(group, name, valid_.read_attribute<double>(group, name).front());
  } else {
    file_.write_attribute(group, name, valid_.read_attribute<std::int64_t>(group, name).front());
  }
}

}  // namespace synfire::test
