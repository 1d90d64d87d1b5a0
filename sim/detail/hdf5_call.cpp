// SPDX-License-Identifier: Apache-2.0
#include "sim/detail/hdf5_call.hpp"

#include <cerrno>
#include <cstring>
#include <mutex>

#include "sim/error.hpp"

namespace synfire::detail {
namespace {

/// HDF5 keeps its state in globals, so the lock around it is one, too.
std::mutex& hdf5_mutex() {
  static std::mutex mutex;
  return mutex;
}

thread_local int calls_of_this_thread = 0;

/// HDF5's own exit handler tries to flush files again that a full disk already made fail, and can
/// hang there. Every identifier has an owner here, so nothing is left for it to do.
void keep_hdf5_from_exit_handler() {
  static const bool done = [] { return H5dont_atexit() >= 0; }();
  static_cast<void>(done);
}

/// The driver's message ends in `error message = '...'` if the operating system refused.
std::string system_message(const std::string& description) {
  static const std::string mark = "error message = '";
  const std::size_t begin = description.find(mark);
  if (begin == std::string::npos) return {};
  const std::size_t end = description.find('\'', begin + mark.size());
  return description.substr(begin + mark.size(), end - begin - mark.size());
}

struct Reasons {
  std::string innermost;
  std::string system;
};

herr_t collect_reason(unsigned /*depth*/, const H5E_error2_t* error, void* data) {
  auto& reasons = *static_cast<Reasons*>(data);
  const std::string description = error->desc == nullptr ? "" : error->desc;
  if (reasons.innermost.empty()) reasons.innermost = description;
  if (reasons.system.empty()) reasons.system = system_message(description);
  return 0;
}

std::string with_reason(const std::string& place, const std::string& fact) {
  const std::string reason = hdf5_reason();
  return (place.empty() ? "" : place + ": ") + fact + (reason.empty() ? "" : " (" + reason + ")");
}

}  // namespace

Hdf5Call::Hdf5Call() {
  if (calls_of_this_thread++ == 0) hdf5_mutex().lock();
  keep_hdf5_from_exit_handler();
  H5Eget_auto2(H5E_DEFAULT, &printer_, &printer_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Hdf5Call::~Hdf5Call() {
  H5Eset_auto2(H5E_DEFAULT, printer_, printer_data_);
  if (--calls_of_this_thread == 0) hdf5_mutex().unlock();
}

Hdf5FileState::~Hdf5FileState() {
  if (id < 0) return;
  const Hdf5Call call;
  H5Fclose(id);
}

std::string hdf5_reason() {
  Reasons reasons;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect_reason, &reasons);
  return reasons.system.empty() ? reasons.innermost : reasons.system;
}

void fail_hdf5(const std::filesystem::path& path, const std::string& place,
               const std::string& fact) {
  throw IoError(path.string(), with_reason(place, fact));
}

void fail_hdf5(const Hdf5FileState& file, const std::string& place, const std::string& fact) {
  if (file.is_output) throw WriteError(file.path.string(), with_reason(place, fact));
  fail_hdf5(file.path, place, fact);
}

Hdf5Handle checked(hid_t id, Hdf5Handle::Close close, const Hdf5FileState& file,
                   const std::string& place, const std::string& fact) {
  if (id < 0) fail_hdf5(file, place, fact);
  return {id, close};
}

std::vector<std::uint64_t> extents_of(hid_t space, const Hdf5FileState& file,
                                      const std::string& place) {
  constexpr std::uint64_t max_elements = std::uint64_t{1} << 62U;
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0 || H5Sget_simple_extent_type(space) == H5S_NULL) {
    fail_hdf5(file.path, place, "holds no values");
  }
  std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  std::uint64_t elements = 1;
  for (const hsize_t extent : extents) {
    if (extent != 0 && elements > max_elements / extent) {
      fail_hdf5(file.path, place, "claims more elements than any file can hold");
    }
    elements *= extent;
  }
  return {extents.begin(), extents.end()};
}

}  // namespace synfire::detail
