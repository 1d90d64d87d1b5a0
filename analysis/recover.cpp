// SPDX-License-Identifier: Apache-2.0
#include "analysis/recover.hpp"

#include "analysis/detail/recording_copy.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/pending_file.hpp"

namespace synfire {

void recover_recording(const std::filesystem::path& part, const std::filesystem::path& file) {
  const Hdf5File left = Hdf5File::open_interrupted(part);
  PendingFile pending(file);
  Hdf5File whole = Hdf5File::create(pending.path());
  detail::copy_part(left, whole, false);
  whole.close();
  pending.publish();
}

}  // namespace synfire
