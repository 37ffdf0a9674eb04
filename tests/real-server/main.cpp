// SPDX-License-Identifier: LGPL-2.1-or-later
// A real spice-server (libspice-server) whose guest does again what is in a QXL recording, once a
// client's display channel is there.
//
//   spicebench_real_server COMPRESSION WAN RECORDING [AHEAD]
//
// COMPRESSION off, auto_glz …; WAN never or always (JPEG and zlib); AHEAD:
// commands that wait for the server at a time, 1 keeps them strictly in order. Says "listening on
// tcp:127.0.0.1:PORT", then, when its client has gone, one JSON object: commands, the seconds from
// the first to the last that was taken, processor seconds.
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <string>
#include <utility>

#include "tests/real-server/main_loop.hpp"

namespace {

using namespace spicebench::real_server;
using Clock = std::chrono::steady_clock;

// What waits for the server's worker, which is a thread of its own.
class Ring {
 public:
  void push(QXLCommandExt* command) {
    const std::lock_guard lock(mutex_);
    commands_.push_back(command);
  }
  QXLCommandExt* pop() {
    const std::lock_guard lock(mutex_);
    if (commands_.empty()) return nullptr;
    QXLCommandExt* command = commands_.front();
    commands_.pop_front();
    return command;
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return commands_.size();
  }

 private:
  std::mutex mutex_;
  std::deque<QXLCommandExt*> commands_;
};

struct Guest {
  SpiceServer* server = nullptr;
  QXLInstance instance{};
  SpiceReplay* replay = nullptr;
  Ring drawing, cursor;
  std::atomic<std::uint64_t> taken{0};
  std::atomic<Clock::rep> first{0}, last{0};
  bool seen = false, gone = false;  // a client, on the main thread
} guest;

void attached(QXLInstance* instance) {
  static QXLDevMemSlot all{};
  all.virt_end = ~QXLPHYSICAL{0};
  all.qxl_ram_size = ~0u;
  static bool once = false;
  if (std::exchange(once, true)) return;
  spice_qxl_add_memslot(instance, &all);
  spice_server_vm_start(guest.server);
}
void describe(QXLInstance*, QXLDevInitInfo* info) {
  *info = {};
  info->num_memslots = info->num_memslots_groups = 1;
  info->memslot_id_bits = info->memslot_gen_bits = 1;
  info->n_surfaces = 1024;
}
int take(QXLInstance*, QXLCommandExt* out) {
  const QXLCommandExt* command = guest.drawing.pop();
  if (!command) return 0;
  const Clock::rep now = Clock::now().time_since_epoch().count();
  if (guest.taken++ == 0) guest.first = now;
  guest.last = now;
  *out = *command;
  return 1;
}
int take_cursor(QXLInstance*, QXLCommandExt* out) {
  const QXLCommandExt* command = guest.cursor.pop();
  if (!command) return 0;
  *out = *command;
  return 1;
}
int want_more(QXLInstance*) {
  return guest.drawing.size() == 0;
}
int want_more_cursor(QXLInstance*) {
  return guest.cursor.size() == 0;
}
void release(QXLInstance*, QXLReleaseInfoExt resource) {
  spice_replay_free_cmd(guest.replay, reinterpret_cast<QXLCommandExt*>(
                                          static_cast<std::uintptr_t>(resource.info->id)));
}

void channel_event(int event, SpiceChannelEventInfo* info) {
  if (event == SPICE_CHANNEL_EVENT_INITIALIZED && info->type == SPICE_CHANNEL_DISPLAY)
    guest.seen = true;
  if (event == SPICE_CHANNEL_EVENT_DISCONNECTED && info->type == SPICE_CHANNEL_MAIN)
    guest.gone = guest.seen;
}

QXLInterface interface() {
  QXLInterface made{};
  static constexpr SpiceBaseInterface base{SPICE_INTERFACE_QXL, "recording",
                                           SPICE_INTERFACE_QXL_MAJOR, SPICE_INTERFACE_QXL_MINOR};
  std::memcpy(static_cast<void*>(&made.base), &base, sizeof base);
  made.attached_worker = attached;
  made.set_compression_level = [](QXLInstance*, int) {};
  made.get_init_info = describe;
  made.get_command = take;
  made.req_cmd_notification = want_more;
  made.release_resource = release;
  made.get_cursor_command = take_cursor;
  made.req_cursor_notification = want_more_cursor;
  made.notify_update = [](QXLInstance*, std::uint32_t) {};
  made.flush_resources = [](QXLInstance*) { return 0; };
  made.async_complete = [](QXLInstance*, std::uint64_t) {};
  made.update_area_complete = [](QXLInstance*, std::uint32_t, QXLRect*, std::uint32_t) {};
  return made;
}

// Plays what is left as far as there is room. False: nothing is left.
bool play(std::size_t ahead) {
  const auto until = Clock::now() + std::chrono::milliseconds(4);
  while (Clock::now() < until) {
    if (guest.drawing.size() >= ahead || guest.cursor.size() >= ahead) {
      spice_qxl_wakeup(&guest.instance);
      continue;
    }
    QXLCommandExt* command = spice_replay_next_cmd(guest.replay, &guest.instance);
    if (!command) return false;
    (command->cmd.type == QXL_CMD_CURSOR ? guest.cursor : guest.drawing).push(command);
    spice_qxl_wakeup(&guest.instance);
  }
  return true;
}

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// On any free port of the loopback.
std::pair<int, unsigned> listening_socket() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* address = reinterpret_cast<sockaddr*>(&at);
  if (bind(fd, address, size) != 0 || listen(fd, SOMAXCONN) != 0 ||
      getsockname(fd, address, &size) != 0) {
    std::perror("listen");
    std::exit(1);
  }
  return {fd, ntohs(at.sin_port)};
}

spice_image_compression_t compression_named(const std::string& name) {
  constexpr const char* names[] = {"invalid", "off", "auto_glz", "auto_lz",
                                   "quic",    "glz", "lz",       "lz4"};
  for (int i = 1; i < 8; ++i)
    if (name == names[i]) return static_cast<spice_image_compression_t>(i);
  std::fprintf(stderr, "unknown compression %s\n", name.c_str());
  std::exit(2);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  std::FILE* recording = std::fopen(argv[3], "r");
  if (!recording) return 2;
  const std::size_t ahead = argc > 4 ? static_cast<std::size_t>(std::atoi(argv[4])) : 1;
  const auto wan =
      std::string(argv[2]) == "always" ? SPICE_WAN_COMPRESSION_ALWAYS : SPICE_WAN_COMPRESSION_NEVER;
  guest.server = spice_server_new();
  const auto [listener, port] = listening_socket();
  spice_server_set_listen_socket_fd(guest.server, listener);
  spice_server_set_noauth(guest.server);
  spice_server_set_image_compression(guest.server, compression_named(argv[1]));
  spice_server_set_jpeg_compression(guest.server, wan);
  spice_server_set_zlib_glz_compression(guest.server, wan);
  spice_server_set_streaming_video(guest.server, SPICE_STREAM_VIDEO_OFF);
  if (spice_server_init(guest.server, MainLoop::core(channel_event)) != 0) return 1;
  guest.replay = spice_replay_new(recording, 1024);
  static QXLInterface qxl = interface();
  guest.instance.base.sif = &qxl.base;
  if (!guest.replay || spice_server_add_interface(guest.server, &guest.instance.base) != 0)
    return 1;
  std::printf("listening on tcp:127.0.0.1:%u\n", port);
  std::fflush(stdout);
  const double before = processor_seconds();
  // As a guest would, it begins a little after its client has come.
  std::optional<Clock::time_point> begin;
  for (bool left = true; !guest.gone;) {
    const bool plays = left && begin && Clock::now() >= *begin;
    MainLoop::turn(plays ? 0 : 10);
    if (guest.seen && !begin) begin = Clock::now() + std::chrono::milliseconds(500);
    if (plays) left = play(ahead);
    if (!left && (guest.drawing.size() > 0 || guest.cursor.size() > 0))
      spice_qxl_wakeup(&guest.instance);
  }
  const std::chrono::duration<double> drawing = Clock::duration(guest.last - guest.first);
  std::printf("{\"commands\": %llu, \"draw_seconds\": %.6f, \"processor_seconds\": %.4f}\n",
              static_cast<unsigned long long>(guest.taken.load()), drawing.count(),
              processor_seconds() - before);
  std::fflush(stdout);
  std::_Exit(0);  // its threads have no other end
}
