import type { networkEn } from "./en-network.ts";

/** 音视频传得好不好。 */
export const networkZh: typeof networkEn = {
  reception: {
    label: "其他人的画面",
    automatic: "自动选择清晰度",
    saving: "小画面，节省流量",
    soundOnly: "不接收画面，只听声音",
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
};
