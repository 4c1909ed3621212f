import type { networkEn } from "./en-network.ts";

/** 音视频传得好不好。 */
export const networkZh: typeof networkEn = {
  reception: {
    label: "其他人的画面",
    automatic: "自动选择清晰度",
    saving: "小画面，节省流量",
    soundOnly: "不接收画面，只听声音",
  },
  statistics: {
    fps: "帧/秒",
    size: "分辨率",
    rate: "kbit/s",
    latency: "ms 延迟",
    latest: "延迟（95%）",
    jitter: "缓冲 ms",
    dropped: "丢帧",
    freezes: "卡顿",
    codec: "编码",
    limitedBy: "受限于",
    limits: {
      encoder: "编码器",
      decoder: "解码器",
      bandwidth: "网络",
      unwatched: "无人观看",
      "louder-voices": "其他人声音更大",
    },
  },
  quality: {
    score: "质量（1 到 4.5）",
    marks: { fair: "画面或声音有些不畅", bad: "画面或声音很不畅" },
    ownMarks: { fair: "对方收看你有些不畅", bad: "对方几乎收不到你" },
    limitedBy: "原因",
    limits: {
      none: "没有特别原因",
      "my-uplink": "你的上行网络",
      "my-downlink": "你的下行网络",
      "their-uplink": "对方的网络",
      "my-computer": "这台电脑较慢",
    },
    because: (mark, limit) => `${mark}，原因：${limit}`,
  },
  networkCheck: {
    check: "检测网络",
    checking: "正在测量，大约需要三秒 …",
    failed: "会议的代理服务器没有响应。",
    figures: (roundTripMs, jitterMs) => `到代理往返：${roundTripMs} 毫秒，抖动 ±${jitterMs} 毫秒`,
    up: (mbps) => `上行：至少 ${mbps} Mbit/s`,
    down: (mbps) => `下行：至少 ${mbps} Mbit/s`,
    sending: {
      full: "大家能清晰地看到你。",
      smaller: "大家能看到你，但画面较小。",
      sound: "大家能听到你，但画面难以传到。",
      none: "网络太窄，大家难以听清你。",
    },
    receiving: {
      full: "你能清晰地看到大家。",
      smaller: "你能看到大家，但画面较小。",
      sound: "你能听到大家，但画面难以传到。",
      none: "网络太窄，难以听清大家。",
    },
    talking: {
      easy: "交谈会很顺畅。",
      delayed: "回应会有明显的延迟。",
      hard: "回应会很慢：请等对方说完再开口。",
    },
  },
};
