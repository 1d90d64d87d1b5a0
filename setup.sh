#!/bin/sh
# Builds Synfire and runs it (`run`) or its tests (`test`); installs what is missing on Debian.
set -eu
cd "$(dirname "$0")"

run_packages="g++ cmake ninja-build libboost-graph-dev libtbb-dev libhdf5-dev libyaml-cpp-dev \
libfmt-dev libcli11-dev libxxhash-dev nlohmann-json3-dev libmetis-dev zlib1g-dev"
test_packages="catch2 python3-h5py hdf5-tools gnuplot-nox libtorch-dev libopenblas0-pthread ccache \
libbenchmark-dev libopenmpi-dev openmpi-bin"

# Node.js builds the page of `synfire report`; Debian's packages collide with other installations.
command -v npm >/dev/null 2>&1 || run_packages="$run_packages nodejs npm"
# A browser tests it.
command -v chromium >/dev/null 2>&1 || test_packages="$test_packages chromium"

say() { printf '\n== %s\n' "$*"; }

usage() {
  cat <<TEXT
usage: ./setup.sh run [ARGUMENTS OF synfire run]   install what is missing, build, generate text
       ./setup.sh test                             the same for every test

On Debian 12 or newer missing packages are installed with apt-get (as root or through sudo).
On other systems install these first, by the names they have there (CMake 3.25, a C++20 compiler):
  to run:  $run_packages
  to test: $test_packages
TEXT
}

missing_packages() {
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' ||
      printf '%s ' "$package"
  done
}

install_packages() {
  if ! command -v apt-get >/dev/null 2>&1; then
    say "no apt-get here, so nothing is installed; needed are: $*"
    return
  fi
  missing=$(missing_packages "$@")
  if [ -z "$missing" ]; then
    say "all packages are installed"
    return
  fi
  as_root=""
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
      echo "setup.sh: packages: missing and neither root nor sudo at hand; install: $missing" >&2
      exit 2
    }
    as_root="sudo"
  fi
  say "installing: $missing"
  $as_root apt-get update -q
  # shellcheck disable=SC2086 # a list of words
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
}

jobs() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

run() {
  # shellcheck disable=SC2086
  install_packages $run_packages
  say "building into build/release"
  cmake --preset release -DSYNFIRE_TRAINING=OFF -DSYNFIRE_BUILD_TESTS=OFF >/dev/null
  cmake --build --preset release -j "$(jobs)"
  say "build/release/sim/app/synfire run $*"
  exec build/release/sim/app/synfire run "$@"
}

# test_build PRESET [CMAKE ARGUMENTS]: configures, builds and tests; remembers a failure.
failed=""
test_build() {
  preset=$1
  shift
  say "building $preset"
  cmake --preset "$preset" "$@" >/dev/null
  cmake --build --preset "$preset" -j "$(jobs)"
  say "testing $preset"
  ctest --preset "$preset" -j "$(jobs)" || failed="$failed $preset"
}

# A label without tests would pass unseen.
require_labels() {
  found=$(ctest --preset "$1" --print-labels)
  for label in unit property reference golden fuzz cli mpi report bench lint training; do
    echo "$found" | grep -q "^ *$label\$" || {
      echo "setup.sh: tests: label $label has no test in $1; see what the configuration left out" >&2
      exit 1
    }
  done
}

test_all() {
  # shellcheck disable=SC2086
  install_packages $run_packages $test_packages
  CMAKE_CXX_COMPILER_LAUNCHER=$(command -v ccache || true)
  export CMAKE_CXX_COMPILER_LAUNCHER
  test_build asan
  test_build tsan
  test_build ci
  require_labels ci
  if [ -n "$failed" ]; then
    say "FAILED:$failed (the lines above name the tests)"
    exit 1
  fi
}

case "${1:-}" in
  run) shift; run "$@" ;;
  test) shift; test_all ;;
  -h | --help | help) usage ;;
  *) usage >&2; exit 2 ;;
esac
