// SPDX-License-Identifier: Apache-2.0
#include "sim/app/ranks.hpp"

#include <string>

#include "sim/app/failure.hpp"
#include "sim/mpi_session.hpp"

namespace synfire::app {
namespace {

/// Thrown on all ranks: they end with the same exit status, and the one that failed tells why.
struct AgreedFailure {
  Failure failure;  ///< without a message on the other ranks
};

}  // namespace

int on_ranks(const std::function<int(Communicator* ranks)>& work) {
  const MpiLaunch launch = mpi_launch();
  const bool is_alone = launch.size == 1 && mpi_library().empty();
  if (!launch.is_launched || is_alone) return work(nullptr);
  MpiSession ranks;
  try {
    return work(&ranks);
  } catch (const AgreedFailure& agreed) {
    if (!agreed.failure.message.empty()) print_failure(agreed.failure.message);
    return agreed.failure.exit_code;
  } catch (...) {
    const Failure failure = describe(std::current_exception());
    const std::string rank = ranks.rank() == 0 ? "" : "rank " + std::to_string(ranks.rank()) + ": ";
    print_failure(rank + failure.message);
    ranks.abort(failure.exit_code);
  }
}

bool is_first(const Communicator* ranks) {
  return ranks == nullptr || ranks->rank() == 0;
}

bool holds_on_first(Communicator* ranks, bool is_true) {
  if (ranks == nullptr) return is_true;
  return ranks->reduced(is_first(ranks) && is_true ? 1 : 0, Reduction::maximum) == 1;
}

void agree(Communicator* ranks, const std::exception_ptr& failure) {
  if (ranks == nullptr) {
    if (failure) std::rethrow_exception(failure);
    return;
  }
  const std::int64_t own = ranks->rank();
  const std::int64_t lowest = ranks->reduced(failure ? own : ranks->size(), Reduction::minimum);
  if (lowest == ranks->size()) return;
  Failure agreed;
  if (own == lowest) agreed = describe(failure);
  agreed.exit_code = static_cast<int>(ranks->reduced(agreed.exit_code, Reduction::maximum));
  throw AgreedFailure{agreed};
}

}  // namespace synfire::app
