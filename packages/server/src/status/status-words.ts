/** What the status page says. */
export interface StatusWords {
  readonly language: "en" | "zh";
  /** The page in the other language: how that is named there, and its address. */
  readonly other: { readonly name: string; readonly language: "en" | "zh" };
  readonly title: string;
  readonly ready: string;
  readonly away: string;
  readonly version: string;
  /** Between the version and the time. */
  readonly running: string;
  readonly numbers: string;
  readonly lost: string;
  readonly ago: string;
  readonly now: string;
  readonly clients: string;
  readonly meetings: readonly [participants: string, rooms: string];
  readonly traffic: readonly [out: string, into: string];
  readonly messages: readonly [out: string, into: string];
  readonly dropped: string;
  readonly waiting: string;
  readonly processor: string;
  readonly memory: string;
  /** For screen readers. */
  readonly atMost: string;
}

export const EN: StatusWords = {
  language: "en",
  other: { name: "中文", language: "zh" },
  title: "Server status",
  ready: "Meetings are possible",
  away: "The broker is away",
  version: "Version",
  running: ", running for ",
  numbers: "All numbers",
  lost: "The server does not answer. These are the last numbers.",
  ago: "5 min ago",
  now: "now",
  clients: "Connections",
  meetings: ["Participants", "meetings"],
  traffic: ["Sent", "received"],
  messages: ["Messages sent", "received"],
  dropped: "Dropped for slow clients",
  waiting: "Longest wait in a queue",
  processor: "Processor",
  memory: "Memory",
  atMost: "at most",
};

export const ZH: StatusWords = {
  language: "zh",
  other: { name: "English", language: "en" },
  title: "服务器状态",
  ready: "可以开会",
  away: "消息服务器连不上",
  version: "版本",
  running: "，已运行 ",
  numbers: "全部数据",
  lost: "服务器没有响应，以下是最后的数据。",
  ago: "5 分钟前",
  now: "现在",
  clients: "连接数",
  meetings: ["参会者", "会议"],
  traffic: ["发送", "接收"],
  messages: ["发送消息", "接收"],
  dropped: "因对方太慢而丢弃",
  waiting: "队列中最长等待",
  processor: "处理器",
  memory: "内存",
  atMost: "最高",
};

/** What a browser asked for, by the page's address first. */
export function wordsFor({
  query,
  accept = "",
}: {
  readonly query: string | null;
  readonly accept?: string | undefined;
}) {
  if (query === "zh" || query === "en") return query === "zh" ? ZH : EN;
  return /^\s*zh\b/i.test(accept) ? ZH : EN;
}
