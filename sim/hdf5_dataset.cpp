// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <string>

#include "sim/detail/hdf5_call.hpp"
#include "sim/error.hpp"
#include "sim/hdf5_file.hpp"

namespace synfire {
namespace {

using detail::check;
using detail::checked;
using detail::Hdf5Call;
using detail::Hdf5FileState;
using detail::Hdf5Handle;

/// Below this a dataset may claim more than it stores: values never written count as zeros.
constexpr std::uint64_t unchecked_bytes = std::uint64_t{1} << 20U;
/// Deflate, the densest common filter, shrinks at most 1032-fold (zlib technical details).
constexpr std::uint64_t max_compression = 1032;

struct OpenDataset {
  Hdf5Handle dataset;
  Hdf5Handle type;
  Hdf5Handle space;
};

OpenDataset open_dataset(const Hdf5FileState& file, const std::string& name) {
  Hdf5Handle dataset = checked(H5Dopen2(file.id, name.c_str(), H5P_DEFAULT), H5Dclose, file, name,
                               "is missing or damaged");
  Hdf5Handle type = checked(H5Dget_type(dataset.get()), H5Tclose, file, name, "has no type");
  Hdf5Handle space = checked(H5Dget_space(dataset.get()), H5Sclose, file, name, "has no shape");
  return {std::move(dataset), std::move(type), std::move(space)};
}

/// Refuses a dataset that claims far more bytes than the file stores for it.
void check_claim(const OpenDataset& open, const Hdf5Shape& shape, const Hdf5FileState& file,
                 const std::string& name) {
  const std::uint64_t element_bytes = H5Tget_size(open.type.get());
  const std::uint64_t elements = shape.elements();
  if (element_bytes == 0 || elements <= unchecked_bytes / element_bytes) return;
  std::error_code unreadable;
  const std::uint64_t file_bytes = std::filesystem::file_size(file.path, unreadable);
  const std::uint64_t stored =
      std::min<std::uint64_t>(H5Dget_storage_size(open.dataset.get()), unreadable ? 0 : file_bytes);
  if (elements / max_compression > stored / element_bytes) {
    throw IoError(file.path.string(), name + ": claims " + std::to_string(elements) +
                                          " elements of " + std::to_string(element_bytes) +
                                          " bytes but stores " + std::to_string(stored) +
                                          " bytes; the file is damaged");
  }
}

Hdf5Shape shape_of(const OpenDataset& open, const Hdf5FileState& file, const std::string& name) {
  Hdf5Shape shape{detail::classify(open.type.get()),
                  detail::extents_of(open.space.get(), file, name)};
  check_claim(open, shape, file, name);
  return shape;
}

/// Memory and file dataspaces of rows [first, first + count).
struct RowSelection {
  Hdf5Handle memory;
  Hdf5Handle file;
};

RowSelection select_rows(const OpenDataset& open, const Hdf5Shape& shape, std::uint64_t first,
                         std::uint64_t count, const Hdf5FileState& file, const std::string& name) {
  if (shape.extents.empty()) {
    return {Hdf5Handle(H5Screate(H5S_SCALAR), H5Sclose),
            Hdf5Handle(H5Scopy(open.space.get()), H5Sclose)};
  }
  std::vector<hsize_t> starts(shape.extents.size(), 0);
  std::vector<hsize_t> counts(shape.extents.begin(), shape.extents.end());
  starts.front() = first;
  counts.front() = count;
  Hdf5Handle memory = checked(H5Screate_simple(int(counts.size()), counts.data(), nullptr),
                              H5Sclose, file, name, "has an unusable shape");
  Hdf5Handle selected(H5Scopy(open.space.get()), H5Sclose);
  check(H5Sselect_hyperslab(selected.get(), H5S_SELECT_SET, starts.data(), nullptr, counts.data(),
                            nullptr),
        file, name, "has an unusable shape");
  return {std::move(memory), std::move(selected)};
}

/// Below this the index of chunks costs more than packing saves.
constexpr std::uint64_t smallest_packed_bytes = 4096;
constexpr std::uint64_t chunk_bytes = std::uint64_t{1} << 20U;
constexpr unsigned deflate_level = 9;

enum class Packing : std::uint8_t { none, deflated };

/// Whole rows in chunks of about `chunk_bytes`.
void pack(hid_t creation, const Hdf5Shape& shape) {
  const std::uint64_t row_bytes = shape.row_width() * size_of(shape.type);
  if (shape.extents.empty() || shape.rows() * row_bytes < smallest_packed_bytes) return;
  std::vector<hsize_t> chunk(shape.extents.begin(), shape.extents.end());
  chunk.front() = std::clamp<std::uint64_t>(chunk_bytes / row_bytes, 1, shape.rows());
  H5Pset_chunk(creation, int(chunk.size()), chunk.data());
  H5Pset_shuffle(creation);
  H5Pset_deflate(creation, deflate_level);
}

Hdf5Handle new_dataset(const Hdf5FileState& file, const std::string& name, hid_t type,
                       std::span<const std::uint64_t> extents, Packing packing = Packing::none) {
  const std::vector<hsize_t> dimensions(extents.begin(), extents.end());
  const Hdf5Handle space(dimensions.empty()
                             ? H5Screate(H5S_SCALAR)
                             : H5Screate_simple(int(dimensions.size()), dimensions.data(), nullptr),
                         H5Sclose);
  const Hdf5Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links.get(), 1);
  const Hdf5Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.get(), false);
  if (packing == Packing::deflated) {
    pack(creation.get(), {detail::classify(type), {extents.begin(), extents.end()}});
  }
  return checked(H5Dcreate2(file.id, name.c_str(), type, space.get(), links.get(), creation.get(),
                            H5P_DEFAULT),
                 H5Dclose, file, name, "cannot be created");
}

}  // namespace

Hdf5Shape Hdf5File::shape(const std::string& dataset) const {
  const Hdf5Call call;
  return shape_of(open_dataset(*state_, dataset), *state_, dataset);
}

bool Hdf5File::is_chunked(const std::string& dataset) const {
  const Hdf5Call call;
  const OpenDataset open = open_dataset(*state_, dataset);
  const Hdf5Handle creation(H5Dget_create_plist(open.dataset.get()), H5Pclose);
  return H5Pget_layout(creation.get()) == H5D_CHUNKED;
}

std::size_t Hdf5File::checked_elements(const std::string& dataset, const Hdf5Shape& stored,
                                       std::uint64_t first, std::uint64_t count) const {
  if (first > stored.rows() || count > stored.rows() - first) {
    throw IoError(state_->path.string(), dataset + ": has " + std::to_string(stored.rows()) +
                                             " rows, not " + std::to_string(first) + " and " +
                                             std::to_string(count) + " more");
  }
  return count * stored.row_width();
}

void Hdf5File::require_single(const std::string& dataset) const {
  const std::uint64_t elements = shape(dataset).elements();
  if (elements == 1) return;
  throw IoError(state_->path.string(),
                dataset + ": holds " + std::to_string(elements) + " values instead of one");
}

void Hdf5File::read_block(const std::string& dataset, Hdf5Type type, std::uint64_t first,
                          std::uint64_t count, void* values) const {
  const Hdf5Call call;
  const OpenDataset open = open_dataset(*state_, dataset);
  const Hdf5Shape stored = shape_of(open, *state_, dataset);
  if (!detail::fits(stored.type, type)) {
    throw IoError(state_->path.string(), dataset + ": is " + std::string(to_string(stored.type)) +
                                             " where " + std::string(to_string(type)) +
                                             " is needed");
  }
  if (stored.elements() == 0 || count == 0) return;
  const RowSelection rows = select_rows(open, stored, first, count, *state_, dataset);
  check(H5Dread(open.dataset.get(), detail::memory_type(type), rows.memory.get(), rows.file.get(),
                H5P_DEFAULT, values),
        *state_, dataset, "cannot be read");
}

void Hdf5File::create_dataset(const std::string& dataset, Hdf5Type type,
                              std::span<const std::uint64_t> extents) {
  const Hdf5Call call;
  new_dataset(*state_, dataset, detail::file_type(type), extents);
}

void Hdf5File::create_packed_dataset(const std::string& dataset, Hdf5Type type,
                                     std::span<const std::uint64_t> extents) {
  const Hdf5Call call;
  new_dataset(*state_, dataset, detail::file_type(type), extents, Packing::deflated);
}

void Hdf5File::write_block(const std::string& dataset, Hdf5Type type, std::uint64_t first,
                           std::uint64_t elements, const void* values) {
  const Hdf5Call call;
  const OpenDataset open = open_dataset(*state_, dataset);
  const Hdf5Shape stored{type, detail::extents_of(open.space.get(), *state_, dataset)};
  const std::uint64_t width = stored.row_width();
  const std::uint64_t count = width == 0 ? 0 : elements / width;
  SYNFIRE_ASSERT(count * width == elements && first + count <= stored.rows(),
                 "rows written must be whole and lie inside the dataset");
  if (count == 0) return;
  const RowSelection rows = select_rows(open, stored, first, count, *state_, dataset);
  check(H5Dwrite(open.dataset.get(), detail::memory_type(type), rows.memory.get(), rows.file.get(),
                 H5P_DEFAULT, values),
        *state_, dataset, "cannot be written");
}

std::vector<std::string> Hdf5File::read_strings(const std::string& dataset) const {
  const Hdf5Call call;
  const OpenDataset open = open_dataset(*state_, dataset);
  const Hdf5Shape stored = shape_of(open, *state_, dataset);
  if (stored.type != Hdf5Type::string) {
    throw IoError(state_->path.string(),
                  dataset + ": is " + std::string(to_string(stored.type)) + ", not text");
  }
  const auto read = [&](hid_t type, void* values) {
    return H5Dread(open.dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  };
  return detail::read_string_block(open.type.get(), open.space.get(), stored.elements(), read,
                                   *state_, dataset);
}

std::string Hdf5File::read_string(const std::string& dataset) const {
  require_single(dataset);
  return read_strings(dataset).front();
}

void Hdf5File::write_string_dataset(const std::string& dataset,
                                    std::span<const std::uint64_t> extents,
                                    std::span<const std::string> values) {
  std::size_t length = 1;
  for (const std::string& value : values) {
    detail::check_text(value, *state_, dataset);
    length = std::max(length, value.size());
  }
  std::string block(length * values.size(), '\0');
  for (std::size_t i = 0; i < values.size(); ++i) values[i].copy(&block[i * length], length);
  const Hdf5Call call;
  const Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), length);
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  const Hdf5Handle created = new_dataset(*state_, dataset, type.get(), extents);
  if (values.empty()) return;
  check(H5Dwrite(created.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, block.data()), *state_,
        dataset, "cannot be written");
}

void Hdf5File::write_strings(const std::string& dataset, std::span<const std::string> values) {
  const std::uint64_t count = values.size();
  write_string_dataset(dataset, std::span(&count, 1), values);
}

void Hdf5File::write_string(const std::string& dataset, const std::string& value) {
  write_string_dataset(dataset, {}, std::span(&value, 1));
}

}  // namespace synfire
