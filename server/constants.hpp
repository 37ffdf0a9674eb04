// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

// The numbers of the server, each with its source (the limits of frames are in core/wire): P
// protocol.md, C channels.md, D display-pipeline.md; † recommended there, the protocol sets none.
namespace spicebench::server {

// Link stage
constexpr std::uint32_t link_stage_limit_s = 30;    // P §10.1 †
constexpr std::uint32_t most_half_open_links = 64;  // C §2.3 †, P §10.1 †
// Of one peer address. C §2.3 suggests 8, but one client links all its channels at once, and a
// session may have more; P §10.1 has 64. Our own bound.
constexpr std::uint32_t most_half_open_links_per_address = 16;
constexpr std::uint32_t most_half_open_links_settable = 4096;  // our own bound, of options
constexpr std::uint32_t failed_attempts_free = 5;         // C §2.6 †: from one address, no delay
constexpr std::uint32_t failed_attempt_delay_max_s = 30;  // C §2.6 †: doubling from 1 s
constexpr std::uint32_t failed_attempts_forgotten_s = 600;  // our own bound: after the last one
constexpr std::size_t most_bytes_ahead = 64 * 1024;         // our own bound: while it waits
constexpr std::size_t most_watched_addresses = 1024;        // our own bound
constexpr std::uint32_t most_clients = 64;                  // our own bound, of an option

// Acknowledgement window, messages (P §3.3)
constexpr std::uint32_t ack_window_normal = 20;
constexpr std::uint32_t ack_window_low_bandwidth_factor = 2;  // 40 of the reference
constexpr std::uint32_t ack_window_max = 1 << 20;             // our own bound
constexpr std::uint32_t ack_windows_in_flight = 2;            // blocked above so many windows

// Main channel
constexpr std::array<std::uint32_t, 3> net_test_bytes_reference{0, 0, 256'000};  // P §3.5
constexpr std::uint32_t net_test_bytes_max = 16 << 20;  // our own bound, keeps rates in 64 bits
constexpr std::uint64_t low_bandwidth_bits_per_second = 10 * 1024 * 1024;  // P §3.5
constexpr std::uint32_t agent_tokens = 10;                                 // P §4.1.3
constexpr std::uint32_t mm_time_delay_ms = 400;                            // P §4.1.5
// Messages waiting for a main or inputs client that does not read; more end it. Our own bound: the
// reference has none and grows.
constexpr std::size_t most_waiting_messages = 1000;
// … beyond which changes of the mouse mode are told as one.
constexpr std::size_t most_untold_changes = 8;

// Character devices and the agent
constexpr std::size_t most_char_devices = 64;        // our own bound
constexpr std::size_t agent_block_bytes = 2048;      // C §12.1
constexpr std::uint32_t agent_chunk_max = 1 << 20;   // C §12.1 †
constexpr std::size_t agent_read_window = 4 * 2048;  // more than a block and its chunk's header
constexpr std::size_t agent_read_buffers = 5;        // C §12.1: blocks on their way to a client
constexpr std::size_t agent_queue_blocks = 5;        // C §7.1: waiting for a client's tokens
constexpr std::uint32_t agent_tokens_batch = 5;      // C §7.1
constexpr std::uint32_t agent_wait_limit_s = 30;     // C §7.1
constexpr std::size_t most_mouse_states = 64;        // waiting for the agent; our own bound
constexpr std::uint32_t monitors_config_max = 8 + 256 * 24;  // P §10.4
constexpr std::uint32_t most_client_monitors = 64;           // of the device link
constexpr std::size_t vmc_read_window = 64 * 1024 + 32;      // C §13.1
constexpr std::size_t vmc_write_tokens = 128;                // C §7.1
constexpr std::size_t vmc_queue_bytes = 1 << 20;             // C §7.1: on their way to a client
constexpr std::size_t vmc_least_compressed = 1000;           // C §13.1

constexpr std::uint32_t ping_interval_s = 15, ping_idle_ms = 100;  // C §2.14
constexpr std::uint32_t first_ping_id = 16;             // above those of the network test
constexpr std::uint32_t channel_lists_per_second = 10;  // C §5.1 †, our own number

// Inputs
constexpr std::uint32_t motions_per_ack = 4;     // P §4.4.3
constexpr std::uint32_t lock_keys_settle_s = 2;  // C §8.3
constexpr std::uint8_t scan_scroll_lock = 0x46, scan_num_lock = 0x45, scan_caps_lock = 0x3a;

// Display and cursor
constexpr std::uint32_t client_wait_limit_s = 30;         // D §29: for DISPLAY_INIT, for a flush
constexpr std::uint32_t pipe_limit_reference = 50;        // D §29
constexpr std::uint32_t most_surfaces = 1024;             // D §29
constexpr std::size_t cursor_cache_entries = 256;         // D §15.3
constexpr std::uint32_t cursor_side_max = 1024;           // C §11.1 †
constexpr std::uint32_t surface_side_max = 32768;         // P §10.6 †
constexpr std::uint64_t surface_bytes_max = 0x7fff'ffff;  // D §5.4: |stride| * height
constexpr std::uint64_t red_image_group = 2;              // D §5.2: images that the server makes
constexpr std::int32_t glz_window_pixels_max = 1 << 25;   // P §10.6
constexpr std::int64_t pixmap_cache_pixels_max = std::int64_t{1} << 40;  // P §10.6 †
constexpr std::uint64_t least_compressed_bytes = 54;                     // D §14.1
constexpr std::size_t palette_cache_entries = 128;                       // D §15.2
// A dirty region of more rectangles is told as its bounding box. Our own bound.
constexpr std::size_t most_dirty_rects = 256;

// Video streams
constexpr std::size_t most_streams = 50, stream_trace = 64;            // D §29; the trace: our own
constexpr std::int64_t stream_side_min = 96;                           // D §17.1
constexpr std::uint32_t stream_gap_ms = 200, stream_pause_ms = 1000;   // D §17.2, §17.8
constexpr std::uint32_t stream_frames = 20, stream_gradual_part = 5;   // D §17.3: a fifth
constexpr std::uint32_t stream_gradual_reset = 100;                    // D §17.3
constexpr std::uint32_t stream_growth_max = 2;                         // D §17.2, of the area
constexpr std::uint32_t stream_fps_max = 30, stream_fps_period_s = 5;  // D §17.6
constexpr std::uint32_t report_window_frames = 5, report_timeout_ms = 1000;  // D §17.6
constexpr std::uint64_t video_rate_fast = 10 * 1024 * 1024, video_rate_slow = 2'621'440;  // D §18.2
constexpr std::uint64_t video_rate_part_of_ten = 8;    // D §18.2
constexpr std::uint32_t playback_delay_max_ms = 5000;  // D §18.4
// Of Motion JPEG (D §18.4)
constexpr double mjpeg_fps_max = 25, mjpeg_start_ratio = 1.5, mjpeg_drop_share = 0.1;
constexpr std::uint32_t mjpeg_gate_interval_ms = 500, mjpeg_warm_up_s = 3;
constexpr std::int32_t mjpeg_late_ms = -15, mjpeg_increase_ms = 2000,
                       mjpeg_increase_well_off_ms = 3000;
// Of the other codecs (D §18.5), bit/s
constexpr std::uint64_t video_rate_min = 128 * 1024, video_rate_default = 8 * 1024 * 1024,
                        video_step_max = 1024 * 1024;
constexpr std::uint64_t video_buffer_ms = 300;
constexpr std::uint32_t video_raise_s = 2, video_raise_stable_s = 120,
                        video_raise_unreported_s = 4 * 3600, video_top_s = 30;

// Sound
constexpr std::size_t record_ring_frames = 8192;                          // C §10
constexpr std::uint32_t sound_rate_min = 8000, sound_rate_max = 192'000;  // C §9.2 †
constexpr std::uint32_t most_bad_packets = 10;                            // C §10 †, in a row
constexpr std::uint32_t playback_latency_max_ms = 60'000;                 // our own bound

constexpr std::size_t most_kept_errors = 1000;  // our own bound

}  // namespace spicebench::server
