// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>

namespace spicebench::qxl {

// The name of a field within a command, such as "copy.src.palette". It becomes text only when a
// refusal needs it: most commands are in order, and building names would cost as much as reading
// them.
class FieldPath {
 public:
  // From literals, or what lives as long.
  FieldPath(const char* field) { append(field); }  // NOLINT: a name is a path of one step
  FieldPath(const FieldPath& parent, const char* field) : FieldPath(parent) { append(field); }
  std::string text() const {
    std::string out;
    for (std::size_t i = 0; i < steps_; ++i) {
      if (i != 0) out += '.';
      out += fields_[i];
    }
    return out;
  }

 private:
  void append(const char* field) {
    assert(steps_ < fields_.size());
    fields_[steps_++] = field;
  }
  std::array<std::string_view, 4> fields_;
  std::size_t steps_ = 0;
};

}  // namespace spicebench::qxl
