import type { DoorStanding } from "@mqtt-meet/sdk/browser";

/** What an element says. */
export interface Words {
  readonly noLink: string;
  readonly badLink: string;
  readonly joining: string;
  /** While a host has to let us in, or open the meeting. */
  readonly atDoor: Readonly<Record<DoorStanding, string>>;
  readonly turnedAway: string;
  readonly waiting: string;
  readonly reconnecting: string;
  readonly over: string;
  readonly hear: string;
  readonly frameTitle: (room: string) => string;
  /** The site cannot be read from here; which of the two it is, browsers do not tell pages. */
  readonly refused: (site: string, origin: string) => string;
  readonly blocked: (site: string) => string;
  /** By code of an SdkError; what is not here is said in the error's own words. */
  readonly failures: Readonly<Record<string, string>>;
}

const EN: Words = {
  noLink: "There is no meeting here yet: the attribute “link” is empty.",
  badLink: "The attribute “link” is no link to a meeting: it looks like https://site/r/NAME#1.SECRET.",
  joining: "Joining …",
  atDoor: {
    waiting: "Waiting for a host to let this page in …",
    locked: "The meeting is locked. Waiting for a host to open it …",
  },
  turnedAway: "A host did not let this page in.",
  waiting: "No picture yet",
  reconnecting: "Reconnecting …",
  over: "The meeting is over.",
  hear: "Click to hear",
  frameTitle: (room) => `Meeting ${room}`,
  refused: (site, origin) =>
    `${site} does not answer, or does not let pages of ${origin} show meetings: serve --allow-origin ${origin} does.`,
  blocked: (site) =>
    `The policy of this page does not let the meeting run: it needs worker-src blob: ${new URL(site).origin}.`,
  failures: {},
};

const ZH: Words = {
  noLink: "这里还没有会议：link 属性为空。",
  badLink: "link 属性不是会议链接，正确的样子是 https://site/r/名称#1.密钥。",
  joining: "正在加入……",
  atDoor: { waiting: "正在等待主持人允许进入……", locked: "会议已锁定，正在等待主持人开放……" },
  turnedAway: "主持人没有允许进入。",
  waiting: "还没有画面",
  reconnecting: "正在重新连接……",
  over: "会议已结束。",
  hear: "点击收听",
  frameTitle: (room) => `会议：${room}`,
  refused: (site, origin) =>
    `${site} 没有应答，或者不允许 ${origin} 的网页显示会议：服务器需加上 --allow-origin ${origin}。`,
  blocked: (site) => `本网页的安全策略不允许会议运行：需要 worker-src blob: ${new URL(site).origin}。`,
  failures: {
    "link-malformed": "会议链接不完整，请重新复制整个链接。",
    "passphrase-missing": "这个会议需要口令：请设置 passphrase 属性。",
    "passphrase-weak": "口令太容易猜到。",
    "server-unknown": "链接所指的网站不是 mqtt-meet 服务器。",
    "certificate-untrusted": "浏览器不信任该网站的证书。",
    "not-authorized": "链接无效，无法进入会议。",
    "invitation-expired": "邀请已过期。",
    removed: "主持人已将您移出会议。",
    ended: "主持人已结束会议。",
    "taken-over": "会议已在别处打开。",
    "room-full": "会议人数已满。",
    unsupported: "此浏览器无法参加会议：请更新浏览器，并通过 https:// 打开网页。",
  },
};

/** The language of the nearest `lang`, or of the browser, as far as we speak it. */
export function wordsOf(element: Element): Words {
  const tag = element.closest("[lang]")?.getAttribute("lang") || navigator.language;
  return /^zh\b/i.test(tag) ? ZH : EN;
}
