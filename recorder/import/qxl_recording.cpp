// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/qxl_recording.hpp"

#include <fmt/format.h>

#include "recorder/import/capture_file.hpp"
#include "recorder/import/qxl_commands.hpp"

namespace spicebench::recorder {

namespace device = wire::device;

namespace {

constexpr std::size_t most_refusals = 100;

enum What : std::uint64_t { command = 0, message = 1 };
// Numbers of the messages to the worker that change surfaces.
enum Message : std::uint64_t {
  destroy_surfaces = 19,
  create_primary = 20,
  destroy_primary = 21,
  destroy_surfaces_async = 28,
  create_primary_async = 29,
  destroy_primary_async = 30,
};
struct Event {
  std::uint64_t counter = 0, what = 0, type = 0, time = 0;
};

class RecordingReader {
 public:
  explicit RecordingReader(SharedBytes file) : text_(std::move(file), most_recording_bytes) {}

  Result<QxlRecording> read() {
    CHECKED(text_.word("SPICE_REPLAY 1"));
    while (!text_.at_end()) {
      const std::uint64_t start = text_.offset();
      auto done = read_line();
      if (done) {
        done = read_event();
        if (done) continue;
        done = std::unexpected(std::move(done.error()).within(event_name()));
      }
      if (done.error().code != ErrorCode::truncated) return std::unexpected(done.error());
      out_.cut_off = start;
      break;
    }
    return std::move(out_);
  }

 private:
  std::string event_name() const { return fmt::format("event[{}]", event_.counter); }

  Result<void> read_line() {
    std::int64_t fields[4];
    CHECKED(text_.numbers("event", fields, true));
    const auto number = [&](std::size_t i) { return static_cast<std::uint64_t>(fields[i]); };
    event_ = {number(0), number(1), number(2), number(3)};
    return {};
  }

  Result<void> read_event() {
    if (event_.what == command) return read_command();
    if (event_.what == message) return read_message();
    return fail(ErrorCode::malformed, fmt::format("{}, 0 or 1", event_.what), text_.last_offset(),
                "what");
  }

  Result<void> read_command() {
    if (event_.type > UINT32_MAX)
      return fail(ErrorCode::malformed, fmt::format("{}", event_.type), text_.last_offset(),
                  "type");
    const std::uint64_t at = text_.offset();
    auto read = TRY(read_qxl_command(text_, static_cast<std::uint32_t>(event_.type)));
    if (read.action) add(*std::move(read.action));
    if (read.refused && out_.refused.size() < most_refusals) {
      Error refusal = std::move(*read.refused).within(event_name());
      refusal.offset = at;
      out_.refused.push_back(std::move(refusal));
    }
    return {};
  }

  Result<void> read_message() {
    switch (event_.type) {
      case destroy_surfaces:
      case destroy_surfaces_async:
        add(device::DestroyAllSurfaces{});
        return {};
      case destroy_primary:
      case destroy_primary_async:
        add(device::SurfaceDestroy{0});
        return {};
      case create_primary:
      case create_primary_async:
        // Nothing follows where the worker refused the surface.
        if (text_.at_end() || text_.next_starts_with("event")) return {};
        return read_primary();
      default:
        return {};
    }
  }

  Result<void> read_primary() {
    std::int64_t geometry[4], rest[4];  // width, height, stride, format; position, mouse mode …
    CHECKED(text_.numbers("", geometry));
    CHECKED(text_.numbers("", rest));
    device::GuestSurface made;
    made.surface.width = static_cast<std::uint32_t>(geometry[0]);
    made.surface.height = static_cast<std::uint32_t>(geometry[1]);
    made.surface.stride = static_cast<std::int32_t>(geometry[2]);
    made.surface.format = static_cast<std::uint32_t>(geometry[3]);
    made.surface.mouse_mode = rest[1] != 0;
    made.content = TRY(text_.binary("data"));
    CHECKED(check_content(made, text_));
    if ((static_cast<std::uint32_t>(rest[2]) & keep_data) == 0) made.content = {};
    add(std::move(made));
    return {};
  }

  // Times are of one clock; what comes out of order (two devices in one file) comes at once.
  void add(decltype(device::GuestAction::what) what) {
    if (out_.actions.empty()) first_time_ = event_.time;
    Duration after = out_.actions.empty() ? Duration{} : out_.actions.back().after;
    if (event_.time > first_time_ && event_.time - first_time_ <= most_ns)
      after = std::max(after, Duration{static_cast<std::int64_t>(event_.time - first_time_)});
    out_.actions.push_back({after, std::move(what)});
  }
  static constexpr std::uint64_t most_ns = 1'000'000'000'000'000'000;  // 31 years

  QxlText text_;
  Event event_;
  std::uint64_t first_time_ = 0;
  QxlRecording out_;
};

}  // namespace

Result<QxlRecording> read_qxl_recording(SharedBytes file) {
  const Hash128 digest = hash128(file);
  auto recording = TRY(RecordingReader(std::move(file)).read());
  recording.digest = digest;
  return recording;
}

Result<QxlRecording> load_qxl_recording(const std::filesystem::path& path) {
  return read_qxl_recording(SharedBytes(TRY(read_capture_file(path, most_recording_bytes))));
}

}  // namespace spicebench::recorder
