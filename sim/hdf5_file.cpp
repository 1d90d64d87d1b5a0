// SPDX-License-Identifier: Apache-2.0
#include "sim/hdf5_file.hpp"

#include <algorithm>

#include "sim/detail/hdf5_call.hpp"
#include "sim/error.hpp"
#include "sim/hdf5_inspection.hpp"

namespace synfire {
namespace {

using detail::check;
using detail::checked;
using detail::Hdf5Call;
using detail::Hdf5FileState;
using detail::Hdf5Handle;

/// Closing a file closes what is still open in it.
/// Metadata with a wrong checksum is read once: no writer is at work that would mend it, and by
/// default a reader of a streamed file tries 100 times, each time after twice the sleep, which
/// never ends (HDF5 1.10.8, H5C_protect).
Hdf5Handle access_properties() {
  Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
  H5Pset_metadata_read_attempts(access.get(), 1);
  return access;
}

std::shared_ptr<Hdf5FileState> new_state(const std::filesystem::path& path) {
  auto state = std::make_shared<Hdf5FileState>();
  state->path = path;
  return state;
}

/// No cache of chunks: a flush writes new rows alone, not their whole chunks again, and nothing
/// grows with the file. Set for the file, because the start of streaming opens all datasets anew,
/// with 1 MiB of cache each whatever they asked for (HDF5 1.10.8, H5Fstart_swmr_write).
Hdf5Handle streaming_properties() {
  Hdf5Handle access = access_properties();
  constexpr int unused = 0;
  constexpr double any_policy = 0;
  [[maybe_unused]] const herr_t status = H5Pset_cache(access.get(), unused, 0, 0, any_policy);
  SYNFIRE_ASSERT(status >= 0, "a file may go without a cache of chunks");
  return access;
}

/// Metadata in aligned pages: a kill ends a write between two pages of memory, so what lies in one
/// is written whole or not at all, and what a commit needs stays readable.
Hdf5Handle paged_creation() {
  Hdf5Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  constexpr bool keeps_free_space = false;
  constexpr hsize_t memory_page = 4096;
  H5Pset_file_space_strategy(creation.get(), H5F_FSPACE_STRATEGY_PAGE, keeps_free_space, 1);
  H5Pset_file_space_page_size(creation.get(), memory_page);
  return creation;
}

std::shared_ptr<Hdf5FileState> create_file(const std::filesystem::path& path, H5F_libver_t oldest,
                                           hid_t creation, const Hdf5Handle& access) {
  const Hdf5Call call;
  auto state = new_state(path);
  H5Pset_libver_bounds(access.get(), oldest, H5F_LIBVER_LATEST);
  state->id = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access.get());
  if (state->id < 0) detail::fail_hdf5(path, "", "cannot be created");
  state->is_output = true;
  return state;
}

herr_t collect_name(hid_t /*group*/, const char* name, const H5L_info_t* /*info*/, void* data) {
  static_cast<std::vector<std::string>*>(data)->emplace_back(name);
  return 0;
}

}  // namespace

std::uint64_t Hdf5Shape::row_width() const {
  std::uint64_t width = 1;
  for (std::size_t i = 1; i < extents.size(); ++i) width *= extents[i];
  return width;
}

Hdf5File::Hdf5File(std::shared_ptr<Hdf5FileState> state) : state_(std::move(state)) {}

Hdf5File Hdf5File::open(const std::filesystem::path& path) {
  inspect_hdf5_file(path, Hdf5Writer::finished);
  return open_uninspected(path, Hdf5Writer::finished);
}

Hdf5File Hdf5File::open_interrupted(const std::filesystem::path& path) {
  inspect_hdf5_file(path, Hdf5Writer::killed);
  return open_uninspected(path, Hdf5Writer::killed);
}

Hdf5File Hdf5File::open_uninspected(const std::filesystem::path& path, Hdf5Writer writer) {
  const Hdf5Call call;
  auto state = new_state(path);
  const Hdf5Handle access = access_properties();
  state->id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get());
  if (state->id < 0 && writer == Hdf5Writer::killed) {
    state->id = H5Fopen(path.c_str(), H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, access.get());
  }
  if (state->id < 0) {
    detail::fail_hdf5(path, "", "is not a whole HDF5 file; it may be cut off or still be written");
  }
  return Hdf5File(std::move(state));
}

Hdf5File Hdf5File::create(const std::filesystem::path& path) {
  const Hdf5Call call;
  return Hdf5File(create_file(path, H5F_LIBVER_EARLIEST, H5P_DEFAULT, access_properties()));
}

Hdf5File Hdf5File::create_streaming(const std::filesystem::path& path) {
  const Hdf5Call call;
  return Hdf5File(
      create_file(path, H5F_LIBVER_LATEST, paged_creation().get(), streaming_properties()));
}

const std::filesystem::path& Hdf5File::path() const {
  return state_->path;
}

bool Hdf5File::contains(const std::string& object) const {
  const Hdf5Call call;
  std::size_t end = object.find_first_not_of('/');
  while (end != std::string::npos && end < object.size()) {
    end = object.find('/', end);
    if (H5Lexists(state_->id, object.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
    end = object.find_first_not_of('/', end);
  }
  return H5Oexists_by_name(state_->id, object.empty() ? "/" : object.c_str(), H5P_DEFAULT) > 0;
}

bool Hdf5File::is_group(const std::string& object) const {
  const Hdf5Call call;
  const Hdf5Handle opened = checked(H5Oopen(state_->id, object.c_str(), H5P_DEFAULT), H5Oclose,
                                    *state_, object, "is missing");
  return H5Iget_type(opened.get()) == H5I_GROUP;
}

std::vector<std::string> Hdf5File::children(const std::string& group) const {
  const Hdf5Call call;
  const Hdf5Handle opened = checked(H5Gopen2(state_->id, group.c_str(), H5P_DEFAULT), H5Gclose,
                                    *state_, group, "is not a readable group");
  std::vector<std::string> names;
  check(H5Literate(opened.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collect_name, &names),
        *state_, group, "cannot be listed");
  std::ranges::sort(names);
  return names;
}

void Hdf5File::create_group(const std::string& group) {
  const Hdf5Call call;
  const Hdf5Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links.get(), 1);
  checked(H5Gcreate2(state_->id, group.c_str(), links.get(), H5P_DEFAULT, H5P_DEFAULT), H5Gclose,
          *state_, group, "cannot be created");
}

void Hdf5File::start_streaming() {
  const Hdf5Call call;
  check(H5Fstart_swmr_write(state_->id), *state_, "", "cannot be streamed to");
}

void Hdf5File::flush() {
  const Hdf5Call call;
  check(H5Fflush(state_->id, H5F_SCOPE_LOCAL), *state_, "", "cannot be written");
}

void Hdf5File::close() {
  const Hdf5Call call;
  const hid_t id = std::exchange(state_->id, H5I_INVALID_HID);
  if (id >= 0) check(H5Fclose(id), *state_, "", "cannot be written to its end");
}

void Hdf5File::abandon() {
  state_->id = H5I_INVALID_HID;
}

}  // namespace synfire
