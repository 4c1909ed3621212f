import type { doorEn } from "./en-door.ts";

/** 会议门口的用语，以及主持人在那里设定的规则。 */
export const doorZh: typeof doorEn = {
  door: {
    waiting: "正在等待主持人允许你加入",
    waitingHint: "获准后将直接进入会议，摄像头和麦克风保持现在的状态。",
    locked: "会议已锁定",
    lockedHint: "主持人解锁后，你会自动进入。",
    knocksAs: (name) => `主持人可以看到${name}正在等候。`,
    leave: "离开",
    turnedAway: "未能加入会议",
    turnedAwayReason: "主持人没有让你加入。你的邀请已不能再用于本会议。",
    list: "正在等候",
    waits: (name) => `${name}正在等候加入`,
    manyWait: (count) => `有 ${count} 人正在等候加入`,
    show: "查看",
    letIn: "允许加入",
    letInOf: (name) => `允许${name}加入`,
    letAllIn: "全部允许",
    turnAway: "拒绝",
    turnAwayOf: (name) => `拒绝${name}加入`,
    turnAwayQuestion: (name) => `要拒绝${name}加入吗？同一邀请将不能再次使用。`,
    failed: "服务器没有接受此操作。",
  },
  rules: {
    title: "会议规则",
    ours: "锁定、等候与静音",
    lock: "锁定会议",
    waitingRoom: "等候室",
    hold: {
      microphone: "禁止参会者自行解除静音",
      camera: "禁止参会者打开摄像头",
      screen: "禁止参会者共享屏幕",
    },
    forOthers: "由服务器强制执行，主持人除外。",
    locked: "会议已锁定，其他人无法加入",
    waitingRoomOn: "新来的人须等候获准",
    menuOf: (name) => `主持人可为${name}设定的规则`,
    holdOf: {
      microphone: (name) => `将${name}静音并保持静音`,
      camera: (name) => `关闭${name}的摄像头并保持关闭`,
      screen: (name) => `禁止${name}共享屏幕`,
    },
    giveBackTo: {
      microphone: (name) => `允许${name}重新发言`,
      camera: (name) => `允许${name}重新打开摄像头`,
      screen: (name) => `允许${name}重新共享屏幕`,
    },
    held: {
      microphone: "主持人已将你静音",
      camera: "主持人已关闭你的摄像头",
      screen: "主持人已禁止你共享屏幕",
    },
    givenBack: {
      microphone: "你可以重新发言了",
      camera: "你可以重新打开摄像头了",
      screen: "你可以重新共享屏幕了",
    },
    mark: "已被主持人静音",
    heldMark: {
      microphone: "已被主持人静音",
      camera: "摄像头已被主持人关闭",
      screen: "已被禁止共享屏幕",
    },
  },
};
