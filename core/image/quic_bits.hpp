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

// The words of a stream with enough zeros behind them for a Reader to run into.
class Words {
 public:
  // `beyond`: bits that may be asked for behind the end before a reader is asked whether it passed.
  Words(BytesView codes, std::size_t beyond)
      : count_(codes.size() / word_bytes), words_(count_ + (beyond + 31) / 32 + 3) {
    std::memcpy(words_.data(), codes.data(), count_ * word_bytes);
  }
  const std::uint32_t* begin() const { return words_.data(); }
  const std::uint32_t* end() const { return words_.data() + count_; }

 private:
  std::size_t count_;
  std::vector<std::uint32_t> words_;
};

// The next word is loaded before it is wanted, so that filling the window costs a shift and an or.
class Reader {
 public:
  explicit Reader(const Words& words) : next_(words.begin()), ahead_(load(next_)) { fill(); }

  // At least 32 bits may be taken after it, and all 64 of window() are bits of the stream.
  void fill() {
    window_ |= ahead_ >> count_;
    next_ += 1 - (count_ >> 5);
    count_ |= 32;
    ahead_ = load(next_);
  }
  std::uint64_t window() const { return window_; }  // the next bit is the highest
  // Precondition: at most 32 in sum since the last fill(), and fewer than 64 at once.
  void take(unsigned bits) { take(bits, window_ << bits); }
  // The same for who has moved the window already.
  void take(unsigned bits, std::uint64_t window) {
    window_ = window;
    count_ -= bits;
  }
  // Up to 32 bits as a number.
  std::uint32_t number(unsigned bits) {
    const auto value = static_cast<std::uint32_t>(window_ >> 1 >> (63 - bits));
    take(bits);
    return value;
  }
  // Whether more was taken than there is before `end`.
  bool passed(const std::uint32_t* end) const { return bits_taken(end) > 0; }
  // Bits taken behind `origin`; negative: not yet there.
  std::int64_t bits_taken(const std::uint32_t* origin) const {
    return static_cast<std::int64_t>(next_ - origin) * 32 - count_;
  }

 private:
  static std::uint64_t load(const std::uint32_t* at) {
    std::uint64_t two;
    std::memcpy(&two, at, sizeof two);
    return std::rotl(two, 32);
  }
  const std::uint32_t* next_;
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
