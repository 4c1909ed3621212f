import type { keysEn } from "./en-keys.ts";

/** 键盘快捷键。 */
export const keysZh: typeof keysEn = {
  keys: {
    title: "快捷键",
    microphone: "打开或关闭麦克风",
    camera: "打开或关闭摄像头",
    share: "共享屏幕或停止共享",
    chat: "打开或关闭聊天",
    people: "打开或关闭参会者列表",
    react: "发送回应",
    hand: "举手或放下",
    view: "切换宫格与演讲者视图",
    "next-page": "下一页参会者",
    "previous-page": "上一页参会者",
    pin: "固定或取消固定对应的画面",
    talk: "按住说话",
    statistics: "显示或隐藏统计信息",
    "full-screen": "全屏",
    keys: "打开这张表",
    space: "空格",
    escape: "关闭打开的面板",
    hint: "输入文字时快捷键不起作用。",
  },
};
