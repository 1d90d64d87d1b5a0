// SPDX-License-Identifier: Apache-2.0
#include "sim/hdf5_column.hpp"

#include <array>
#include <utility>

#include "sim/detail/hdf5_call.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

using detail::check;
using detail::checked;
using detail::Hdf5Call;
using detail::Hdf5Handle;

int rank_of(const Hdf5Column::Layout& layout) {
  return layout.is_matrix ? 2 : 1;
}

Hdf5Handle column_creation(const Hdf5Column::Layout& layout) {
  const std::array<hsize_t, 2> chunk{layout.chunk_rows, layout.width};
  Hdf5Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_chunk(creation.get(), rank_of(layout), chunk.data());
  H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER);
  H5Pset_obj_track_times(creation.get(), false);
  return creation;
}

}  // namespace

Hdf5Column::Hdf5Column(Hdf5File& file, const std::string& dataset, const Layout& layout)
    : file_(file.state_), name_(dataset), layout_(layout) {
  const Hdf5Call call;
  const std::array<hsize_t, 2> extents{0, layout.width};
  const std::array<hsize_t, 2> limits{H5S_UNLIMITED, layout.width};
  const Hdf5Handle space(H5Screate_simple(rank_of(layout), extents.data(), limits.data()),
                         H5Sclose);
  const Hdf5Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links.get(), 1);
  dataset_ =
      checked(H5Dcreate2(file_->id, dataset.c_str(), detail::file_type(layout.type), space.get(),
                         links.get(), column_creation(layout).get(), H5P_DEFAULT),
              H5Dclose, *file_, dataset, "cannot be created")
          .release();
}

Hdf5Column::~Hdf5Column() {
  if (dataset_ < 0) return;
  const Hdf5Call call;
  if (file_->id >= 0) H5Dclose(dataset_);
}

Hdf5Column::Hdf5Column(Hdf5Column&& other) noexcept
    : file_(other.file_),
      name_(std::move(other.name_)),
      layout_(other.layout_),
      dataset_(std::exchange(other.dataset_, -1)),
      rows_(other.rows_) {}

void Hdf5Column::append_raw(Hdf5Type type, std::uint64_t elements, const void* values) {
  SYNFIRE_ASSERT(type == layout_.type && elements % layout_.width == 0,
                 "a column takes whole rows of its own type");
  const std::uint64_t count = elements / layout_.width;
  if (count == 0) return;
  const Hdf5Call call;
  const std::array<hsize_t, 2> extents{rows_ + count, layout_.width};
  check(H5Dset_extent(dataset_, extents.data()), *file_, name_, "cannot grow");
  const std::array<hsize_t, 2> starts{rows_, 0};
  const std::array<hsize_t, 2> counts{count, layout_.width};
  const Hdf5Handle memory(H5Screate_simple(rank_of(layout_), counts.data(), nullptr), H5Sclose);
  const Hdf5Handle space(H5Dget_space(dataset_), H5Sclose);
  H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, starts.data(), nullptr, counts.data(), nullptr);
  check(
      H5Dwrite(dataset_, detail::memory_type(type), memory.get(), space.get(), H5P_DEFAULT, values),
      *file_, name_, "cannot be written");
  rows_ += count;
}

}  // namespace synfire
