# Fails on an include against the arrow
#   sim <- neurons <- topology <- models <- analysis <- sim/app
# and on a third-party header outside its one home. Run: cmake -DROOT=<tree> -P include_direction.cmake
set(arrow sim neurons topology models analysis)
set(findings "")

# Header patterns and the only files that may include them.
set(homes
  "hdf5.*|H5[A-Za-z]*\\.h"  "^sim/(detail/)?hdf5"
  "boost/graph/.*"          "^topology/(graph|graphml|channel_dependency)\\.cpp$"
  "(oneapi/)?tbb.*"         "^sim/parallel"
  "mpi.*\\.h|mpi/.*"        "^sim/mpi_session\\.cpp$"
  "(torch|ATen|c10)/.*"     "^(models|tests)/training/")

function(check_line file line)
  string(REGEX MATCH "[<\"]([^>\"]+)[>\"]" _ "${line}")
  set(included "${CMAKE_MATCH_1}")
  string(REGEX MATCH "^(sim/app|[a-z]+)/" _ "${file}")
  set(folder "${CMAKE_MATCH_1}")
  if(NOT folder MATCHES "^(sim/app|tests)$" AND included MATCHES "^(sim/app|[a-z]+)/[a-z_0-9/]+\\.hpp$")
    list(FIND arrow "${folder}" own)
    list(FIND arrow "${CMAKE_MATCH_1}" other)
    if(CMAKE_MATCH_1 MATCHES "^(sim/app|tests)$" OR other GREATER own)
      list(APPEND findings "${file}: includes ${included} against the arrow, ${folder}/ may not know it")
    endif()
  endif()
  set(rest ${homes})
  while(rest)
    list(POP_FRONT rest header home)
    if(included MATCHES "^(${header})$" AND NOT file MATCHES "${home}")
      list(APPEND findings "${file}: includes ${included}, only ${home} may")
    endif()
  endwhile()
  set(findings "${findings}" PARENT_SCOPE)
endfunction()

set(files "")
foreach(folder IN LISTS arrow ITEMS tests)
  file(GLOB_RECURSE found RELATIVE "${ROOT}" "${ROOT}/${folder}/*.hpp" "${ROOT}/${folder}/*.cpp")
  list(APPEND files ${found})
endforeach()
foreach(file IN LISTS files)
  file(STRINGS "${ROOT}/${file}" lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
  foreach(line IN LISTS lines)
    check_line("${file}" "${line}")
  endforeach()
endforeach()

list(LENGTH files count)
if(findings)
  list(JOIN findings "\n" text)
  message(FATAL_ERROR "${text}")
endif()
message(STATUS "${count} files follow the arrow")
