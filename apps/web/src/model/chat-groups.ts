import type { ChatMessage } from "@mqtt-meet/sdk";

/** What one person wrote within a minute. */
export interface ChatGroup {
  /** The id of its first message. */
  readonly id: string;
  readonly from: string;
  readonly name: string;
  readonly own: boolean;
  readonly sentAtMs: number;
  readonly messages: readonly ChatMessage[];
  /** The first of its day, where more than today is shown. */
  readonly startsDay: boolean;
}

/** Puts together what one person wrote in one minute, and marks where a new day begins. */
export function groupMessages(messages: readonly ChatMessage[], nowMs: number): ChatGroup[] {
  const groups: ChatGroup[] = [];
  let day = dayOf(nowMs);
  let minute = Number.NaN;
  for (const message of messages) {
    const last = groups.at(-1);
    const messageMinute = Math.floor(message.sentAtMs / 60_000);
    if (last?.from === message.from && messageMinute === minute) {
      groups[groups.length - 1] = { ...last, messages: [...last.messages, message] };
      continue;
    }
    const messageDay = dayOf(message.sentAtMs);
    const { id, from, name, own, sentAtMs } = message;
    groups.push({ id, from, name, own, sentAtMs, messages: [message], startsDay: messageDay !== day });
    day = messageDay;
    minute = messageMinute;
  }
  return groups;
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toDateString();
}
