// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/decode.hpp"

#include <fmt/format.h>

#include <algorithm>

// Bytes → object. Every count, size and offset is compared with what is left before anything is
// allocated. A failing leaf notes offset and reason, every level on the way out adds its name: the
// good path formats nothing.
namespace spicebench::wire {
namespace {

class Decoder {
 public:
  Decoder(const SharedBytes& body, const Context& context, DecodeTrace* trace)
      : body_(body),
        bytes_(body.data()),
        context_(context),
        trace_(trace),
        work_left_(8 * std::uint64_t{body.size()} + 64) {}

  bool run(const Layout& layout, void* object) {
    Cursor cursor{0, body_.size()};
    if (!fields(layout, object, nullptr, cursor)) return false;
    used_ = std::max(used_, cursor.at);
    return true;
  }
  std::size_t used() const { return used_; }
  Error error() && { return std::move(error_); }

 private:
  struct Cursor {
    std::size_t at, end;
    std::size_t left() const { return end - at; }
  };
  using Counts = std::uint64_t[max_slots];

  [[gnu::cold]] bool failed(ErrorCode code, std::size_t offset, std::string detail) {
    error_ = Error{code, offset, {}, std::move(detail)};
    return false;
  }
  [[gnu::cold]] bool too_short(const Cursor& cursor, std::uint64_t needed) {
    return failed(ErrorCode::truncated, cursor.at,
                  fmt::format("{} bytes needed, {} left", needed, cursor.left()));
  }
  [[gnu::cold]] bool inside(std::string_view name) {
    error_ = std::move(error_).within(name);
    return false;
  }
  // Precondition: so many bytes are left.
  void copy_run(void* to, std::size_t size, Cursor& cursor) {
    if (size > 0) std::memcpy(to, bytes_ + cursor.at, size);
    cursor.at += size;
  }
  // Total work is bounded, however often pointers overlap.
  bool spend(std::uint64_t bytes, const Cursor& cursor) {
    if (bytes > work_left_) [[unlikely]]
      return failed(ErrorCode::out_of_range, cursor.at,
                    "overlapping pointers read the body too often");
    work_left_ -= bytes;
    return true;
  }
  void ended(const Cursor& cursor, std::uint64_t number = 0, BytesView run = {}) {
    if (trace_) [[unlikely]]
      trace_->end(cursor.at, number, run);
  }

  bool fields(const Layout& layout, void* object, const Scope* outer, Cursor& cursor) {
    if (layout.flat_bytes != 0 && cursor.left() >= layout.flat_bytes && trace_ == nullptr) {
      copy_run(object, layout.flat_bytes, cursor);
      return true;
    }
    Counts counts{};
    const Scope scope{object, outer};
    for (const Field& field : layout.fields) {
      if (!is_there(field, object, context_)) continue;
      if (trace_) [[unlikely]]
        trace_->begin(field, cursor.at);
      const bool plain = field.kind == Kind::scalar && field.place == Place::inlined &&
                         field.limits != Enforced::always && trace_ == nullptr;
      if (plain && cursor.left() >= field.width) {
        copy_scalar(member_at(object, field.offset), bytes_ + cursor.at, field.width);
        cursor.at += field.width;
        continue;
      }
      if (!one(field, scope, member_at(object, field.offset), counts, cursor)) [[unlikely]]
        return inside(field.name);
    }
    if (layout.bound != nullptr) [[unlikely]]
      return bounded(layout, scope, cursor);
    return true;
  }
  bool bounded(const Layout& layout, const Scope& scope, const Cursor& cursor) {
    std::string wrong = layout.bound(scope);
    if (wrong.empty()) [[likely]]
      return true;
    failed(ErrorCode::out_of_range, cursor.at, std::move(wrong));
    return scope.outer != nullptr ? false : inside(layout.name);
  }

  bool one(const Field& field, const Scope& scope, void* member, Counts& counts, Cursor& cursor) {
    if (field.place != Place::inlined) return pointer(field, scope, member, counts, cursor);
    if (field.kind == Kind::scalar) return number(field, member, cursor);
    if (field.kind == Kind::count || field.kind == Kind::jump) {
      std::uint64_t value = 0;
      if (!number(field, &value, cursor)) return false;
      if (field.kind == Kind::count)
        counts[field.slot] = value;
      else
        return leap(value, counts, cursor);
      return true;
    }
    if (field.optional != nullptr) member = field.optional->emplace(member);
    return content(field, scope, member, counts, cursor);
  }

  bool number(const Field& field, void* member, Cursor& cursor) {
    if (cursor.left() < field.width) [[unlikely]]
      return too_short(cursor, field.width);
    copy_scalar(member, bytes_ + cursor.at, field.width);
    if (field.limits == Enforced::always || trace_) [[unlikely]] {
      const std::uint64_t value = load_member(member, field.width, field.is_signed);
      if (field.limits == Enforced::always && !within_limits(field, value))
        return failed(ErrorCode::out_of_range, cursor.at, limits_text(field, value));
      cursor.at += field.width;
      ended(cursor, value);
      return true;
    }
    cursor.at += field.width;
    return true;
  }

  bool leap(std::uint64_t offset, const Counts& counts, Cursor& cursor) {
    if (std::ranges::all_of(counts, [](std::uint64_t count) { return count == 0; })) return true;
    if (offset < cursor.at || offset > cursor.end)
      return failed(ErrorCode::out_of_range, cursor.at - 4,
                    fmt::format("offset {}, allowed {} to {}", offset, cursor.at, cursor.end));
    cursor.at = offset;
    return true;
  }

  bool pointer(const Field& field, const Scope& scope, void* member, Counts& counts,
               Cursor& cursor) {
    if (cursor.left() < 4) return too_short(cursor, 4);
    const std::size_t position = cursor.at;
    std::uint32_t offset;
    std::memcpy(&offset, bytes_ + position, 4);
    cursor.at += 4;
    if (offset == 0) {
      if (field.place == Place::required_pointer)
        return failed(ErrorCode::malformed, position, "a null pointer that must not be null");
      ended(cursor, 0);
      return true;
    }
    if (offset >= body_.size())
      return failed(ErrorCode::out_of_range, position,
                    fmt::format("offset {}, the body has {} bytes", offset, body_.size()));
    if (field.optional != nullptr) member = field.optional->emplace(member);
    Cursor target{offset, body_.size()};
    if (trace_) trace_->begin_target(field, offset);
    if (!content(field, scope, member, counts, target)) return false;
    used_ = std::max(used_, target.at);
    ended(cursor, offset);
    return true;
  }

  bool content(const Field& field, const Scope& scope, void* member, Counts& counts,
               Cursor& cursor) {
    switch (field.kind) {
      case Kind::scalar:
        return number(field, member, cursor);
      case Kind::array: {
        const std::size_t size = field.width * field.fixed;
        if (cursor.left() < size) return too_short(cursor, size);
        std::memcpy(member, bytes_ + cursor.at, size);
        const BytesView run{bytes_ + cursor.at, size};
        cursor.at += size;
        ended(cursor, field.fixed, run);
        return true;
      }
      case Kind::structure:
        if (!spanned(field, counts, cursor,
                     [&](Cursor& part) { return fields(*field.nested, member, &scope, part); }))
          return false;
        ended(cursor);
        return true;
      case Kind::choice: {
        const Case* one = selected(field.choice, scope.object);
        if (one == nullptr || one->layout == nullptr) {
          // Nothing is there; a counted part is skipped all the same.
          if (!spanned(field, counts, cursor, [](Cursor&) { return true; })) return false;
        } else {
          void* value = field.choice.variant->emplace(member, one->alternative);
          if (!spanned(field, counts, cursor,
                       [&](Cursor& part) { return fields(*one->layout, value, &scope, part); }))
            return false;
        }
        ended(cursor);
        return true;
      }
      case Kind::list:
        return list(field, scope, member, counts, cursor);
      case Kind::bytes:
        return run_of_bytes(field, scope, member, counts, cursor);
      case Kind::count:
      case Kind::jump:
        break;
    }
    return failed(ErrorCode::internal, cursor.at, "a derived field has no content");
  }

  // Reads a part whose size in bytes may have been counted before; what it leaves is skipped.
  template <class Read>
  bool spanned(const Field& field, Counts& counts, Cursor& cursor, Read read) {
    if (field.extent != Extent::counted) return read(cursor);
    const std::uint64_t size = counts[field.slot];
    if (size > cursor.left()) return too_short(cursor, size);
    Cursor part{cursor.at, cursor.at + static_cast<std::size_t>(size)};
    if (!read(part)) return false;
    cursor.at = part.end;
    return true;
  }

  bool in_limits(const Field& field, std::uint64_t number, const Cursor& cursor) {
    if (field.limits != Enforced::always || within_limits(field, number)) [[likely]]
      return true;
    return failed(ErrorCode::out_of_range, cursor.at, "size " + limits_text(field, number));
  }

  bool list(const Field& field, const Scope& scope, void* member, Counts& counts, Cursor& cursor) {
    const std::size_t least =
        field.nested ? std::max<std::size_t>(least_bytes(*field.nested), 1) : field.width;
    std::uint64_t size = counts[field.slot];
    if (field.extent == Extent::to_end) {
      size = cursor.left() / least;
      if (cursor.left() % least != 0)
        return failed(ErrorCode::malformed, cursor.at,
                      fmt::format("{} bytes are not a whole number of items of {} bytes",
                                  cursor.left(), least));
    }
    if (!in_limits(field, size, cursor)) return false;
    if (size > cursor.left() / least) [[unlikely]]
      return failed(
          ErrorCode::truncated, cursor.at,
          fmt::format("{} items of at least {} bytes, {} bytes left", size, least, cursor.left()));
    if (!spend(size * least, cursor)) return false;
    void* items = field.list->resize(member, size);
    if (field.nested == nullptr) {
      const BytesView run{bytes_ + cursor.at, static_cast<std::size_t>(size) * field.width};
      if (size > 0) std::memcpy(items, run.data(), run.size());
      cursor.at += run.size();
      ended(cursor, size, run);
      return true;
    }
    if (field.nested->flat_bytes == field.list->item_bytes && trace_ == nullptr) {
      copy_run(items, size * field.list->item_bytes, cursor);
      return true;
    }
    for (std::size_t i = 0; i < size; ++i) {
      if (trace_) trace_->begin_item(field, i, cursor.at);
      void* item = member_at(items, i * field.list->item_bytes);
      if (!fields(*field.nested, item, &scope, cursor)) return inside(fmt::format("[{}]", i));
      ended(cursor);
    }
    ended(cursor, size);
    return true;
  }

  bool run_of_bytes(const Field& field, const Scope& scope, void* member, Counts& counts,
                    Cursor& cursor) {
    std::uint64_t size = cursor.left();
    if (field.extent == Extent::counted) size = counts[field.slot];
    if (field.extent == Extent::computed) size = field.computed(scope);
    if (size > cursor.left()) [[unlikely]]
      return too_short(cursor, size);
    if (!in_limits(field, size, cursor)) return false;
    if (size > 0) *static_cast<SharedBytes*>(member) = body_.slice(cursor.at, size);
    const BytesView run{bytes_ + cursor.at, static_cast<std::size_t>(size)};
    cursor.at += size;
    ended(cursor, size, run);
    return true;
  }

  const SharedBytes& body_;
  const std::byte* const bytes_;
  const Context& context_;
  DecodeTrace* const trace_;
  std::uint64_t work_left_;
  std::size_t used_ = 0;
  Error error_;
};

}  // namespace

Result<std::size_t> decode(const Layout& layout, void* object, const SharedBytes& body,
                           const Context& context, DecodeTrace* trace) {
  Decoder decoder(body, context, trace);
  if (!decoder.run(layout, object)) [[unlikely]]
    return std::unexpected(std::move(decoder).error());
  return decoder.used();
}
Result<std::size_t> decode(const Layout& layout, void* object, const SharedBytes& body,
                           const Context& context) {
  return decode(layout, object, body, context, nullptr);
}

}  // namespace spicebench::wire
