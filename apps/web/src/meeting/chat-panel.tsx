import { useSignal } from "@preact/signals";
import { ArrowDown } from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import { Icon } from "../components/icon.tsx";
import { type ChatGroup, groupMessages } from "../model/chat-groups.ts";
import { personLook } from "../model/person-look.ts";
import type { Meeting } from "../room/meeting.ts";
import { Composer } from "./chat-composer.tsx";
import { Message } from "./chat-message.tsx";
import css from "./chat-panel.module.css";

/** Nearer to the end than this, the list follows what is new. */
const NEAR_END_PX = 80;

/** What everybody wrote, and where one writes. */
export function ChatPanel({ meeting }: { readonly meeting: Meeting }) {
  const { room } = meeting;
  const { nowMs } = useApp();
  const text = useText();
  const lines = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const below = useSignal(0);
  const before = useRef(room.messages.peek().length);
  const messages = room.messages.value;
  const count = messages.length;
  useLayoutEffect(() => {
    const list = lines.current;
    if (list && (isAtEnd.current || messages.at(-1)?.own)) list.scrollTop = list.scrollHeight;
    else below.value += Math.max(0, count - before.current);
    before.current = count;
  }, [count]);
  const onScroll = () => {
    const list = lines.current;
    if (!list) return;
    isAtEnd.current = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    if (isAtEnd.current) below.value = 0;
  };
  const toEnd = () => lines.current?.scrollTo({ top: lines.current.scrollHeight });
  return (
    <>
      <div ref={lines} class={css["lines"]} role="log" aria-live="polite" onScroll={onScroll}>
        {count === 0 && <p class={css["empty"]}>{text.chat.empty}</p>}
        {groupMessages(messages, nowMs()).map((group) => (
          <Group key={group.id} group={group} meeting={meeting} />
        ))}
      </div>
      {below.value > 0 && (
        <button type="button" class={css["below"]} onClick={toEnd}>
          <Icon node={ArrowDown} size={15} />
          {text.meeting.unread(below.value)}
        </button>
      )}
      <Composer meeting={meeting} />
    </>
  );
}

function Group({ group, meeting }: { group: ChatGroup; meeting: Meeting }) {
  const { locale } = useApp();
  const { common } = useText();
  const sentAt = new Date(group.sentAtMs);
  const time = sentAt.toLocaleTimeString(locale.value, { hour: "numeric", minute: "2-digit" });
  const day = sentAt.toLocaleDateString(locale.value, { weekday: "long", day: "numeric", month: "long" });
  return (
    <>
      {group.startsDay && <p class={css["day"]}>{day}</p>}
      <div
        class={classes(css["group"], "hued", group.own && css["own"])}
        style={{ "--hue": `${personLook(group.name).hue}` }}
      >
        <p class={css["head"]}>
          <span class={css["name"]}>{group.own ? common.you : group.name}</span>
          <time class={css["time"]} dateTime={sentAt.toISOString()}>
            {time}
          </time>
        </p>
        {group.messages.map((message) => (
          <Message key={message.id} message={message} meeting={meeting} />
        ))}
      </div>
    </>
  );
}
