// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace synfire::test {

/// The beginning of a shell line that starts so many ranks, on however few processors and as
/// whatever user: `mpirun(2) + "\"$SYNFIRE\" sweep ..."`.
std::string mpirun(std::uint32_t ranks);

}  // namespace synfire::test
