// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cassert>

#include "core/wire/layout.hpp"

// Object → bytes. Pointer targets stand after the fixed part in the order in which their fields are
// met; the targets' own targets stand after all of these. DIFFERS from protocol.md §2.5, which puts
// each target's targets right behind it: spice-server writes a palette behind the mask's image.
namespace spicebench::wire {
namespace {

class Encoder {
 public:
  Encoder(Bytes& out, const Context& context)
      : out_(out), base_(out.size()), size_(out.size()), context_(context) {}

  void body(const Layout& layout, const void* object) {
    fields(layout, object);
    targets();
    out_.resize(size_);
  }

 private:
  struct Pending {  // a pointer written as 0 so far
    std::size_t position;
    const Field* field;
    const void *object, *member;
  };

  // So many more bytes, all 0. The buffer is ahead of what is written.
  std::byte* grow(std::size_t bytes) {
    if (out_.size() - size_ < bytes) out_.resize(size_ + bytes + most_ahead);
    size_ += bytes;
    return out_.data() + size_ - bytes;
  }
  void copy_run(const void* from, std::size_t bytes) {
    if (bytes == 0) return;
    if (bytes <= most_ahead) {
      std::memcpy(grow(bytes), from, bytes);
      return;
    }
    out_.resize(size_);
    append(out_, {static_cast<const std::byte*>(from), bytes});
    size_ = out_.size();
  }
  void put(std::size_t position, std::uint64_t value, std::size_t width) {
    assert((width == 8 || value >> (8 * width) == 0) && "a count or offset fits its field");
    store_little_endian(out_.data() + position, value, width);
  }

  // Where the count fields of one struct stand, so that what they count can fill them in.
  struct Counts {
    std::size_t position[max_slots];
    std::uint8_t width[max_slots];
  };
  void counted(const Field& field, const Counts& counts, std::uint64_t count) {
    if (field.extent == Extent::counted)
      put(counts.position[field.slot], count, counts.width[field.slot]);
  }

  void fields(const Layout& layout, const void* object) {
    if (layout.flat_bytes != 0) return copy_run(object, layout.flat_bytes);
    Counts counts{};
    for (const Field& field : layout.fields) {
      if (!is_there(field, object, context_)) continue;
      const void* member = member_at(object, field.offset);
      if (field.kind == Kind::scalar && field.place == Place::inlined) {
        copy_scalar(grow(field.width), member, field.width);
        continue;
      }
      if (field.kind == Kind::count) {
        counts.position[field.slot] = size_, counts.width[field.slot] = field.width;
        grow(field.width);
        continue;
      }
      if (field.kind == Kind::jump) {
        const std::size_t position = size_;
        grow(field.width);
        put(position, size_ - base_, field.width);
        continue;
      }
      if (field.optional != nullptr) {
        const bool has = field.optional->has(member);
        assert((has || field.place != Place::inlined) &&
               "the value is there as its condition says");
        if (!has) {
          grow(4);  // 0: absent; its count stays 0 too
          continue;
        }
        member = field.optional->value(member);
      }
      if (field.place == Place::inlined) {
        const std::size_t begin = size_;
        content(field, object, member);
        counted(field, counts, count_of(field, member, size_ - begin));
      } else {
        pending_.push_back({size_, &field, object, member});
        grow(4);
        // A counted target is a list or a run of bytes: nothing else has a size before it is met.
        counted(field, counts, count_of(field, member, 0));
      }
    }
  }

  static std::uint64_t count_of(const Field& field, const void* member, std::size_t encoded) {
    if (field.kind == Kind::list) return field.list->size(member);
    return field.kind == Kind::bytes ? bytes_of(member).size() : encoded;
  }
  static const SharedBytes& bytes_of(const void* member) {
    return *static_cast<const SharedBytes*>(member);
  }

  void content(const Field& field, const void* object, const void* member) {
    switch (field.kind) {
      case Kind::scalar:
        copy_scalar(grow(field.width), member, field.width);
        break;
      case Kind::array:
        std::memcpy(grow(field.width * field.fixed), member, field.width * field.fixed);
        break;
      case Kind::structure:
        fields(*field.nested, member);
        break;
      case Kind::list: {
        const std::size_t size = field.list->size(member);
        const void* items = field.list->data(member);
        if (field.nested == nullptr) {
          copy_run(items, size * field.width);
          break;
        }
        if (field.nested->flat_bytes == field.list->item_bytes) {
          copy_run(items, size * field.nested->flat_bytes);
          break;
        }
        for (std::size_t i = 0; i < size; ++i)
          fields(*field.nested, member_at(items, i * field.list->item_bytes));
        break;
      }
      case Kind::bytes: {
        const SharedBytes& bytes = bytes_of(member);
        copy_run(bytes.data(), bytes.size());
        break;
      }
      case Kind::choice: {
        const Case* one = selected(field.choice, object);
        assert(field.choice.variant->index(member) == (one ? one->alternative : 0u) &&
               "the alternative is the one that the tag says");
        if (one != nullptr && one->layout != nullptr)
          fields(*one->layout, field.choice.variant->value(member));
        break;
      }
      case Kind::count:
      case Kind::jump:
        break;  // not members
    }
  }

  // Targets add their own targets at the end.
  void targets() {
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      const Pending pointer = pending_[i];
      const std::size_t begin = size_;
      content(*pointer.field, pointer.object, pointer.member);
      // A target of zero bytes is written as offset 0.
      if (size_ > begin) put(pointer.position, begin - base_, 4);
    }
  }

  static constexpr std::size_t most_ahead = 128;
  Bytes& out_;
  const std::size_t base_;
  std::size_t size_;  // what is written of out_
  const Context& context_;
  std::vector<Pending> pending_;
};

}  // namespace

void encode(const Layout& layout, const void* object, Bytes& out, const Context& context) {
  Encoder(out, context).body(layout, object);
}

}  // namespace spicebench::wire
