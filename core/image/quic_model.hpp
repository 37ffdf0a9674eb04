// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "core/image/quic_codes.hpp"

// Which code family fits a QUIC symbol best, learned from the symbols before (image-codecs.md §4.4
// and §4.5). Encoder and decoder keep the same models in step.
namespace spicebench::image::quic {

// The model of one component of the pixels of an image. Families are told as what is looked up with
// them wants it: k * `Step`.
template <unsigned Bits, unsigned Step>
class Model {
 public:
  Model() {
    best_.fill((Bits - 1) * Step);
    for (auto& bucket : ranks_) {
      bucket.fill(std::numeric_limits<Rank>::max());
      for (unsigned k = 0; k < Bits; ++k) bucket[k] = static_cast<Rank>(Bits - 1 - k);
    }
  }
  // The family to code a symbol with, given the symbol coded before it.
  std::size_t best(std::uint32_t context) const { return best_[context]; }

  // Precondition: context and symbol are below 2^Bits.
  void learn(std::uint32_t context, std::uint32_t symbol, std::int32_t trigger) {
    const unsigned bucket = bucket_of[context];
    auto ranks = ranks_[bucket];
    for (unsigned k = 0; k < lanes; ++k) ranks[k] += lengths[symbol][k];
    Rank halves[lanes / 2], quarters[lanes / 4];
    for (unsigned k = 0; k < lanes / 2; ++k) halves[k] = smaller(ranks[k], ranks[k + lanes / 2]);
    for (unsigned k = 0; k < lanes / 4; ++k)
      quarters[k] = smaller(halves[k], halves[k + lanes / 4]);
    const Rank smallest = smaller(quarters[0], quarters[1]);
    if (smallest >> rank_bits > trigger)
      for (unsigned k = 0; k < Bits; ++k)
        ranks[k] = (ranks[k] >> 1 & ~rank_mask) | (ranks[k] & rank_mask);
    ranks_[bucket] = ranks;
    const auto best = static_cast<std::uint16_t>((Bits - 1 - (smallest & rank_mask)) * Step);
    const std::uint32_t first = (1u << bucket) - 1;
    if (best_[first] == best) return;
    const std::uint32_t last = bucket == buckets - 1 ? symbols_of<Bits> - 1 : 2 * first;
    std::fill(best_.begin() + first, best_.begin() + last + 1, best);
  }

 private:
  // Bucket b begins at context 2^b - 1; the last one takes the rest.
  static constexpr unsigned buckets = Bits == 8 ? 8 : 5;
  static constexpr auto bucket_of = [] {
    std::array<std::uint8_t, symbols_of<Bits>> numbers{};
    for (std::uint32_t context = 0; context < symbols_of<Bits>; ++context)
      numbers[context] = static_cast<std::uint8_t>(
          std::min<unsigned>(std::bit_width(context + 1) - 1, buckets - 1));
    return numbers;
  }();
  // A counter of bits above the family's place in the order that ties prefer (the largest k first),
  // so that the smallest rank names the best family. Always eight of them, signed, since that is
  // what vector instructions compare; what is behind the last family is never the smallest.
  using Rank = std::int32_t;
  static Rank smaller(Rank a, Rank b) { return a < b ? a : b; }
  static constexpr unsigned lanes = 8;
  static constexpr unsigned rank_bits = 3;
  static constexpr Rank rank_mask = (1 << rank_bits) - 1;

  static constexpr auto lengths = [] {
    std::array<std::array<Rank, lanes>, symbols_of<Bits>> shifted{};
    for (std::uint32_t symbol = 0; symbol < symbols_of<Bits>; ++symbol)
      for (unsigned k = 0; k < Bits; ++k)
        shifted[symbol][k] =
            static_cast<Rank>(length_of(codes<Bits>[k * symbols_of<Bits> + symbol]) << rank_bits);
    return shifted;
  }();

  std::array<std::uint16_t, symbols_of<Bits>> best_;  // by context
  std::array<std::array<Rank, lanes>, buckets> ranks_;
};

// image-codecs.md appendix A, of which only the low six bits are ever used.
extern const std::uint8_t draw_numbers[256];

// When the models of a plane learn: always at first, later at every few pixels, at distances that a
// fixed table of numbers gives.
class Schedule {
 public:
  // Pixels until the level may change, at most the `rest` of a row: one segment.
  std::size_t segment(std::size_t rest) const {
    return level_ < last_level ? std::min<std::size_t>(rest, left_) : rest;
  }
  void end_segment(std::size_t pixels) {
    if (level_ == last_level) return;
    left_ -= static_cast<std::uint32_t>(pixels);
    if (left_ > 0) return;
    ++level_;
    left_ = pixels_of_level;
  }
  // Coded pixels up to and with the next one that is learned from.
  std::uint32_t until_learning() const { return wait_ + 1; }
  // That many pixels were coded; true: learn from the last one. Precondition: at most
  // until_learning().
  bool coded(std::uint32_t pixels) {
    if (pixels <= wait_) {
      wait_ -= pixels;
      return false;
    }
    wait_ = draw_numbers[drawn_++] & ((1u << level_) - 1);
    return true;
  }
  std::int32_t trigger() const { return triggers[level_]; }

 private:
  static constexpr unsigned last_level = 6;
  static constexpr std::uint32_t pixels_of_level = 2048;
  static constexpr std::int32_t triggers[] = {110, 550, 900, 800, 550, 400, 350};  // by level

  unsigned level_ = 0;
  std::uint32_t left_ = pixels_of_level;
  std::uint32_t wait_ = 0;
  std::uint8_t drawn_ = 0;  // numbers drawn, modulo the table's size
};

}  // namespace spicebench::image::quic
