// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
// clang-format off: jpeglib.h wants FILE before it
#include <jpeglib.h>

#include <cstdio>
// clang-format on

#include <csetjmp>
#include <string>

// The way out of libjpeg: its error handler may not return, so it jumps. For the two files that
// hold the library; nothing with a destructor may live between enter() and the library's call.
namespace spicebench::image {

struct JpegErrors {
  jpeg_error_mgr manager{};  // first: the library hands out its address
  std::jmp_buf way_out{};
  bool ended_early = false;  // the input was too short, and nothing else is known to be wrong

  JpegErrors() {
    jpeg_std_error(&manager);
    manager.error_exit = [](j_common_ptr library) {
      std::longjmp(reinterpret_cast<JpegErrors*>(library->err)->way_out, 1);
    };
    manager.output_message = [](j_common_ptr) {};  // never on somebody's terminal
  }
  // True: the call went through.
  template <class Call>
  bool enter(Call&& call) {
    if (setjmp(way_out) != 0) return false;
    call();
    return true;
  }
  // The library's sentence for what went wrong.
  template <class Library>
  std::string text(Library& library) {
    char message[JMSG_LENGTH_MAX];
    manager.format_message(reinterpret_cast<j_common_ptr>(&library), message);
    return message;
  }
};

}  // namespace spicebench::image
