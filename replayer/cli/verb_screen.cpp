// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/image/png.hpp"
#include "core/live/terminal.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/time_text.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/cli/write_file.hpp"
#include "replayer/replay/divergence.hpp"
#include "replayer/screens/screen_changes.hpp"

namespace spicebench::cli {
namespace {

using nlohmann::json;
using replayer::RecordedDisplays;
using replayer::ScreenChanges;

// One run of the verb.
class Screen {
 public:
  Screen(const ScreenVerb& verb, const recorder::Reader& recording)
      : verb_(verb), recording_(recording) {
    displays_.emplace(recording);
    which_.display = verb.display;
    which_.surface_id = verb.surface;
  }

  Result<int> run() {
    const Instant until = verb_.at == "end" ? Instant::max() : TRY(parse_time(verb_.at));
    const recorder::MessageId last = verb_.message ? *verb_.message : recording_.message_count();
    if (last > recording_.message_count())
      return fail(ErrorCode::not_found,
                  fmt::format("{}: there is no message {}, the last one is {}",
                              verb_.recording.string(), last, recording_.message_count()));
    std::optional<ScreenChanges> changes;
    if (verb_.hash || !verb_.every_change.empty()) {
      std::error_code failed;
      if (!verb_.every_change.empty())
        std::filesystem::create_directories(verb_.every_change, failed);
      if (failed)
        return fail(ErrorCode::io,
                    fmt::format("{}: {}", verb_.every_change.string(), failed.message()));
      changes.emplace(*displays_, which_,
                      [this](const ScreenChanges::Seen& seen) { changed(seen); });
    }
    if (!changes) resume(until, last);
    {
      live::ProgressBar bar("drawing");
      while (TRY(displays_->step(until, last)) && !failed_) {
        bar.show(displays_->position(), recording_.message_count());
        if (displays_->checkpoint_due()) save();
      }
    }
    if (failed_) return std::unexpected(std::move(*failed_));
    if (!verb_.png.empty()) CHECKED(write_png());
    return result();
  }

 private:
  // The index saves work and is never needed: without it, or with a damaged one, all is drawn anew.
  void resume(Instant until, recorder::MessageId last) {
    if (verb_.no_index) return;
    const auto index =
        recorder::Checkpoints::open(verb_.recording, recorder::Checkpoints::Access::read);
    if (!index) return;
    if (const auto resumed = displays_->resume(*index, until, last); !resumed) {
      complain("screen", fmt::format("{}: its index is not used: {}", verb_.recording.string(),
                                     resumed.error().text()));
      displays_.emplace(recording_);
    }
  }
  // A file that must not be written gets none.
  void save() {
    if (!verb_.no_index && !index_failed_) index_failed_ = !displays_->save();
  }
  void changed(const ScreenChanges::Seen& seen) {
    ++changes_;
    const image::PixelView view = seen.surface.view();
    if (verb_.hash) {
      if (verb_.json)
        hashes_.push_back({{"message", seen.message},
                           {"at_ns", nanoseconds(seen.at)},
                           {"width", view.width},
                           {"height", view.height},
                           {"hash", seen.hash.hex()}});
      else
        print(fmt::format("{:>8}  {:>12}  {}x{}  {}\n", seen.message,
                          replayer::seconds_text(seen.at), view.width, view.height,
                          seen.hash.hex()));
    }
    if (verb_.every_change.empty() || failed_) return;
    const auto path = verb_.every_change / fmt::format("{:08}.png", seen.message);
    const auto png = image::encode_png(view);
    auto written = png ? write_file(path, *png) : std::unexpected(png.error());
    if (!written) failed_ = std::move(written.error());
  }

  Result<void> write_png() {
    const draw::Surface* picture = replayer::find_picture(*displays_, which_);
    if (!picture)
      return fail(
          ErrorCode::not_found,
          fmt::format(
              "{}: display {} has {} then", verb_.recording.string(), which_.display,
              which_.surface_id ? fmt::format("no surface {}", *which_.surface_id) : "no screen"));
    CHECKED(write_file(verb_.png, TRY(image::encode_png(picture->view()))));
    width_ = picture->width();
    height_ = picture->height();
    hash_ = draw::picture_hash(picture->view());
    return {};
  }

  // What was asked for is there; that something could not be drawn is a finding.
  int result() {
    json problems = json::array();
    for (const auto& problem : displays_->not_shown()) {
      problems.push_back({{"message", problem.message}, {"error", problem.error.text()}});
      if (problem.message == displays_->not_shown().front().message)
        complain("screen",
                 fmt::format("{}: message {}: {}{}", verb_.recording.string(), problem.message,
                             problem.error.text(),
                             displays_->not_shown_count() > 1
                                 ? fmt::format("; {} such messages", displays_->not_shown_count())
                                 : ""));
    }
    if (verb_.json) {
      json all{{"not_shown", displays_->not_shown_count()}, {"problems", problems}};
      if (const auto waiting = displays_->waiting()) all["waiting"] = *waiting;
      all["message"] = displays_->position();
      if (!verb_.png.empty())
        all.update({{"png", verb_.png.string()},
                    {"width", width_},
                    {"height", height_},
                    {"hash", hash_.hex()}});
      if (verb_.hash) all["changes"] = std::move(hashes_);
      if (!verb_.every_change.empty()) all["pictures"] = changes_;
      print(all.dump(2) + "\n");
    } else {
      if (!verb_.png.empty())
        print(fmt::format("{}: {}x{} after message {}\n", verb_.png.string(), width_, height_,
                          displays_->position()));
      if (!verb_.every_change.empty())
        print(fmt::format("{}: {} pictures\n", verb_.every_change.string(), changes_));
    }
    return displays_->not_shown_count() == 0 ? exit_as_expected : exit_difference;
  }

  const ScreenVerb& verb_;
  const recorder::Reader& recording_;
  std::optional<RecordedDisplays> displays_;
  replayer::WhichPicture which_;
  bool index_failed_ = false;
  std::optional<Error> failed_;
  json hashes_ = json::array();
  std::uint64_t changes_ = 0;
  std::uint32_t width_ = 0, height_ = 0;
  Hash128 hash_;
};

}  // namespace

int perform(const ScreenVerb& verb) {
  const auto recording = recorder::Reader::open(verb.recording);
  if (!recording) return fail_with("screen", recording.error());
  const auto code = Screen(verb, *recording).run();
  return code ? *code : fail_with("screen", code.error());
}

}  // namespace spicebench::cli
