import type { devicesEn } from "./en-devices.ts";

/** 自己的画面和声音怎样处理。 */
export const devicesZh: typeof devicesEn = {
  background: {
    title: "背景",
    none: "原样",
    blur: "模糊",
    hills: "山丘",
    sea: "大海",
    wall: "墙壁",
    own: "我的图片",
    choosePicture: "选择图片……",
    unreadable: "这个文件不是此浏览器能显示的图片。",
  },
  noise: {
    title: "麦克风降噪",
    off: "关闭，适合音乐",
    browser: "一般，由浏览器完成",
    strong: "强力，由 RNNoise 完成",
    fellBack: "RNNoise 在这里无法使用，改由浏览器降噪。",
  },
};
