// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/result.hpp"

namespace spicebench::live {

// A descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  int number() const { return number_; }

 private:
  int number_;
};

// A connection over a UNIX socket that speaks lines, for control protocols such as QEMU's qtest.
// Blocks; errors (io) name the peer's address.
class LineSocket {
 public:
  static constexpr std::size_t longest_line = 64u << 20;

  static Result<LineSocket> connect(const std::filesystem::path& address);
  // `line` without its newline.
  Result<void> send(std::string_view line);
  // The next line, without its newline. Waits at most `patience`.
  Result<std::string> receive(std::chrono::milliseconds patience);
  // The same if one has come already; empty if not.
  Result<std::string> receive_now() { return receive(std::chrono::milliseconds(0)); }

 private:
  friend class LineListener;
  LineSocket(Descriptor socket, std::string address)
      : socket_(std::move(socket)), address_(std::move(address)) {}
  std::unexpected<Error> failed(std::string_view what) const;

  Descriptor socket_;
  std::string address_;
  std::string received_;  // from `read_` on not given out yet
  std::size_t read_ = 0;
};

// Waits for one peer to connect to a UNIX socket that it makes.
class LineListener {
 public:
  static Result<LineListener> at(const std::filesystem::path& address);
  Result<LineSocket> accept(std::chrono::milliseconds patience);

 private:
  LineListener(Descriptor socket, std::string address)
      : socket_(std::move(socket)), address_(std::move(address)) {}
  Descriptor socket_;
  std::string address_;
};

}  // namespace spicebench::live
