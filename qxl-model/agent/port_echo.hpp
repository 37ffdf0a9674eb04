// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "qxl-model/agent/agent_options.hpp"
#include "qxl-model/agent/char_port.hpp"

namespace spicebench::qxl {

// A program behind a named port: says its greeting, then gives back every byte that it gets.
class PortEcho final : public PortProgram {
 public:
  PortEcho(const PortOptions& options, CharPort& port) : options_(options), port_(port) {
    port_.set_program(this);
  }
  std::uint64_t echoed() const { return echoed_; }  // bytes
  const CharPort& port() const { return port_; }
  const std::string& name() const { return options_.name; }

 private:
  void opened() override {
    if (!options_.greeting.empty()) port_.write(as_bytes(options_.greeting));
  }
  void closed() override {}
  void received(BytesView bytes) override {
    echoed_ += bytes.size();
    port_.write(bytes);
  }

  const PortOptions& options_;
  CharPort& port_;
  std::uint64_t echoed_ = 0;
};

}  // namespace spicebench::qxl
