// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/message_value.hpp"
#include "qxl-model/device/device.hpp"
#include "qxl-model/device/state_archive.hpp"

// Stopping, starting, saving and loading (qxl-device.md §19).
//
// DIFFERS: the reference saves less, since its worker starts anew and is told again what it knew;
// what clients still hold of the guest's resources is waited for. Here the server goes on, so that
// its handles, too, are saved.
namespace spicebench::qxl {

namespace device = wire::device;

namespace {
constexpr std::uint32_t state_magic = 0x53'4c'58'51;  // "QXLS"
constexpr std::uint32_t state_version = 2;
}  // namespace

void Device::stop(std::function<void()> stopped) {
  worker_.stop([this, stopped = std::move(stopped)] {
    core_.interrupts.stop();
    host_display_.stop();
    // The start tells it.
    if (client_news_) core_.timeline.cancel(*client_news_);
    client_news_.reset();
    core_.note(TraceKind::stopped);
    core_.host.hand(wire::value_of(device::Stop{}));
    stopped();
  });
}

void Device::start() {
  core_.note(TraceKind::started);
  core_.interrupts.start();
  core_.host.hand(wire::value_of(device::Start{}));
  host_display_.start();
  worker_.start();
}

template <class Archive>
void Device::transfer(Archive& archive) {
  std::uint32_t magic = state_magic, version = state_version;
  archive.value("magic", magic, state_magic, state_magic);
  archive.value("version", version, state_version, state_version);
  archive.part("host_display", [&] { host_display_.transfer(archive); });
  core_.transfer(archive);
  archive.part("worker", [&] { worker_.transfer(archive); });
  archive.value("async_under_way", async_under_way_);
}

Bytes Device::save() {
  StateSaver saver;
  transfer(saver);
  return saver.take();
}

Result<void> Device::load(BytesView state) {
  StateLoader loader(state);
  transfer(loader);
  core_.running = false;
  core_.interrupts.stop();
  return loader.finish();
}

}  // namespace spicebench::qxl
