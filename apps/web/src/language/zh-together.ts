import type { togetherEn } from "./en-together.ts";

/** 大家一起做的事。 */
export const togetherZh: typeof togetherEn = {
  invite: {
    title: "邀请",
    mail: "电子邮件",
    share: "分享",
    subject: (name) => `视频会议：${name}`,
    body: (link) => `用浏览器打开链接即可参会：\n\n${link}\n\n链接就是钥匙，请不要转发给其他人。`,
  },
  polls: {
    title: "投票",
    empty: "向大家提一个问题，答案会实时显示。每人一票，可以改选。",
    question: "问题",
    answer: (number) => `选项 ${number}`,
    more: "添加选项",
    ask: "发起投票",
    close: "结束投票",
    votes: (count) => `${count} 票`,
    closed: (count) => `已结束，${count} 票`,
    asks: (name, question) => `${name}发起投票：${question}`,
    vote: "去投票",
    noQuestion: "请填写问题。",
    fewAnswers: "请至少填写两个不同的选项。",
  },
  reactions: {
    title: "回应",
    kinds: {
      like: "点赞",
      love: "爱心",
      laugh: "大笑",
      applause: "鼓掌",
      surprise: "惊讶",
      celebrate: "庆祝",
    },
    said: (names, kind) => `${names}：${kind}`,
  },
  left: {
    title: "你已离开会议",
    lost: "会议已断开",
    lasted: (duration, people) => `${duration}，${people}`,
    rejoin: "重新加入",
  },
  chat: {
    title: "聊天",
    empty: "还没有消息。这里写的内容会发给会议中的所有人，不会保存在别处。",
    placeholder: "发给所有人",
    send: "发送",
    failed: "消息没有发出去。",
    copy: "复制消息",
    sending: "正在发送……",
    missing: (count) => `有 ${count} 条消息没有收到。`,
    soundOn: "新消息提示音：开",
    soundOff: "新消息提示音：关",
    tooLong: (count) => `超出 ${count} 个字符`,
  },
};
