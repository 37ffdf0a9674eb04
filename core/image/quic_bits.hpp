// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/image/pixel.hpp"

// The bits of a QUIC stream: words of 32 bits, little endian, each used from its most significant
// bit down (image-codecs.md §4.1).
namespace spicebench::image::quic {

inline constexpr std::size_t word_bytes = 4;

// The words of a stream with enough zeros behind them for a Reader to look ahead.
class Words {
 public:
  explicit Words(BytesView codes) : words_(codes.size() / word_bytes + beyond) {
    std::memcpy(words_.data(), codes.data(), codes.size() / word_bytes * word_bytes);
  }
  const std::uint32_t* begin() const { return words_.data(); }
  const std::uint32_t* last_read() const { return words_.data() + words_.size() - 2; }
  std::uint64_t bits() const { return (words_.size() - beyond) * 32; }

 private:
  // A reader that stands at the end knows that it read too far by then.
  static constexpr std::size_t beyond = 4;
  std::vector<std::uint32_t> words_;
};

// Reads behind the end give zeros and stay there: `consumed` tells, and has to be looked at now and
// then. The next word is loaded before it is wanted, so that filling costs a shift and an or.
class Reader {
 public:
  explicit Reader(const Words& words)
      : begin_(words.begin()), last_(words.last_read()), next_(begin_), ahead_(load(begin_)) {}

  // At least 32 bits may be taken after it, and all 64 of window() are bits of the stream.
  void fill() {
    window_ |= ahead_ >> count_;
    next_ += 1 - (count_ >> 5);
    if (next_ > last_) next_ = last_;
    count_ |= 32;
    ahead_ = load(next_);
  }
  std::uint64_t window() const { return window_; }  // the next bit is the highest
  // Precondition: at most 32 in sum since the last fill(), and fewer than 64 at once.
  void take(unsigned bits) {
    window_ <<= bits;
    count_ -= bits;
  }
  // Up to 32 bits as a number.
  std::uint32_t number(unsigned bits) {
    const auto value = static_cast<std::uint32_t>(window_ >> 1 >> (63 - bits));
    take(bits);
    return value;
  }
  // Bits taken since the beginning; exact as long as they are no more than there are.
  std::uint64_t consumed() const {
    return static_cast<std::uint64_t>(next_ - begin_) * 32 - count_;
  }

 private:
  static std::uint64_t load(const std::uint32_t* at) {
    std::uint64_t two;
    std::memcpy(&two, at, sizeof two);
    return std::rotl(two, 32);
  }
  const std::uint32_t *begin_, *last_, *next_;
  std::uint64_t window_ = 0, ahead_;
  unsigned count_ = 0;  // 0 to 63 bits of the window lie before `next_`
};

// Appends to memory that whoever uses it has made large enough.
class Writer {
 public:
  explicit Writer(std::byte* at) : at_(at) {}

  // Precondition: value < 2^bits, bits at most 32.
  void put(std::uint32_t value, unsigned bits) {
    window_ = window_ << bits | value;
    count_ += bits;
    // Written whether it is complete or not: no branch to be guessed wrong.
    store_word(at_, static_cast<std::uint32_t>(window_ >> ((count_ - 32) & 63)));
    at_ += (count_ >> 5) * word_bytes;
    count_ &= 31;
  }
  // The last word filled up with zeros. Nothing may follow.
  void end() {
    if (count_ > 0) put(0, 32 - count_);
  }
  std::byte* at() const { return at_; }
  // The next words go elsewhere.
  void move_to(std::byte* at) { at_ = at; }

 private:
  std::byte* at_;
  std::uint64_t window_ = 0;  // the lowest `count_` bits wait for the rest of their word
  unsigned count_ = 0;
};

}  // namespace spicebench::image::quic
