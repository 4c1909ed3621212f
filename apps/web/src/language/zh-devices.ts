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
};
