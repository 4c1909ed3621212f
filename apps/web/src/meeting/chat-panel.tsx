import { type BrowserRoom, MAX_CHAT_CHARACTERS } from "@mqtt-meet/sdk/browser";
import { useSignal } from "@preact/signals";
import { ArrowDown, ArrowUp } from "lucide";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import { Icon } from "../components/icon.tsx";
import { type ChatGroup, groupMessages } from "../model/chat-groups.ts";
import { personLook } from "../model/person-look.ts";
import { Message } from "./chat-message.tsx";
import css from "./chat-panel.module.css";

type ChatRoom = Pick<BrowserRoom, "messages" | "sendMessage">;

/** Nearer to the end than this, the list follows what is new. */
const NEAR_END_PX = 80;

/** What everybody wrote, and where one writes. */
export function ChatPanel({ room }: { readonly room: ChatRoom }) {
  const { nowMs } = useApp();
  const { chat, meeting } = useText();
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
        {count === 0 && <p class={css["empty"]}>{chat.empty}</p>}
        {groupMessages(messages, nowMs()).map((group) => (
          <Group key={group.id} group={group} />
        ))}
      </div>
      {below.value > 0 && (
        <button type="button" class={css["below"]} onClick={toEnd}>
          <Icon node={ArrowDown} size={15} />
          {meeting.unread(below.value)}
        </button>
      )}
      <Composer room={room} />
    </>
  );
}

function Group({ group }: { group: ChatGroup }) {
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
          <Message key={message.id} message={message} />
        ))}
      </div>
    </>
  );
}

function Composer({ room }: { room: ChatRoom }) {
  const { chat } = useText();
  const draft = useSignal("");
  const failed = useSignal(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const tooMany = draft.value.length - MAX_CHAT_CHARACTERS;
  const canSend = draft.value.trim() !== "" && tooMany <= 0;
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches) field.current?.focus();
  }, []);
  const send = async () => {
    if (!canSend) return;
    const text = draft.value.trim();
    draft.value = "";
    failed.value = false;
    try {
      await room.sendMessage(text);
    } catch {
      failed.value = true;
      if (draft.value === "") draft.value = text;
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter takes its suggestion.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  };
  const problem = tooMany > 0 ? chat.tooLong(tooMany) : failed.value && chat.failed;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p class={css["problem"]} role="alert">
        {problem}
      </p>
      <div class={css["form"]}>
        <textarea
          ref={field}
          rows={1}
          aria-label={chat.placeholder}
          placeholder={chat.placeholder}
          value={draft.value}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
          }}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class={css["send"]} aria-label={chat.send} title={chat.send} disabled={!canSend}>
          <Icon node={ArrowUp} />
        </button>
      </div>
    </form>
  );
}
