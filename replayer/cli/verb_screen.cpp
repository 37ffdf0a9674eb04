// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/image/png.hpp"
#include "core/live/terminal.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/time_text.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/cli/write_file.hpp"
#include "replayer/replay/captured_client.hpp"
#include "replayer/replay/replay.hpp"
#include "replayer/wiring/screens.hpp"

namespace spicebench::cli {
namespace {

Result<std::unique_ptr<client::Client>> client_at(const recorder::Reader& recording, Instant at) {
  if (recording.meta(recorder::meta::scenario)) {
    live::ProgressBar bar("replaying");
    return replayer::client_at(recording, at, [&bar](Instant now, Instant end) {
      if (end > Instant{})
        bar.show(static_cast<std::uint64_t>(nanoseconds(now)),
                 static_cast<std::uint64_t>(nanoseconds(end)));
    });
  }
  auto captured = TRY(replayer::captured_client_at(recording, at));
  if (captured.missing)
    return fail(ErrorCode::unsupported, fmt::format("{}: the picture cannot be drawn: {}",
                                                    recording.path().string(), *captured.missing));
  return std::move(captured.client);
}

struct Picture {
  std::uint32_t width = 0, height = 0;
  Instant at{};
};

Result<Picture> write_screen(const ScreenVerb& verb) {
  const auto recording = TRY(recorder::Reader::open(verb.recording));
  const Instant at = verb.at == "end" ? recording.end() : TRY(parse_time(verb.at));
  const auto client = TRY(client_at(recording, at));
  const draw::Surface* screen = client->screen(replayer::display);
  if (!screen)
    return fail(ErrorCode::not_found,
                fmt::format("{}: the client has no screen at {}", verb.recording.string(),
                            replayer::seconds_text(at)));
  CHECKED(write_file(verb.png, TRY(image::encode_png(screen->view()))));
  return Picture{screen->width(), screen->height(), at};
}

}  // namespace

int perform(const ScreenVerb& verb) {
  const auto picture = write_screen(verb);
  if (!picture) return fail_with("screen", picture.error());
  if (verb.json)
    print(nlohmann::json{{"png", verb.png.string()},
                         {"width", picture->width},
                         {"height", picture->height},
                         {"at_ns", nanoseconds(picture->at)}}
              .dump(2) +
          "\n");
  else
    print(fmt::format("{}: {}x{} at {}\n", verb.png.string(), picture->width, picture->height,
                      replayer::seconds_text(picture->at)));
  return exit_as_expected;
}

}  // namespace spicebench::cli
