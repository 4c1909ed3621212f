import type { ChatMessage } from "@mqtt-meet/sdk";
import { useSignal } from "@preact/signals";
import { Check, Copy } from "lucide";
import { useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import { copyText } from "../components/copy-text.ts";
import { Icon } from "../components/icon.tsx";
import { splitLinks } from "../model/split-links.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./chat-panel.module.css";
import { SharedFileLine } from "./shared-file-line.tsx";

const SHOWN_MS = 2000;

/** One message, what is missing before it, and whether it is still on its way. */
export function Message({ message, meeting }: { readonly message: ChatMessage; readonly meeting: Meeting }) {
  const { chat } = useText();
  const { text, file, pending, missingBefore = 0 } = message;
  return (
    <>
      {missingBefore > 0 && <p class={css["missing"]}>{chat.missing(missingBefore)}</p>}
      {file ? (
        <SharedFileLine message={message} room={meeting.room} files={meeting.files} />
      ) : (
        <div class={css["message"]}>
          <p class={classes(css["text"], pending && css["pending"])} dir="auto">
            <LinkedText text={text} />
            {pending && <span class={css["sending"]}> {chat.sending}</span>}
          </p>
          <CopyMessage text={text} />
        </div>
      )}
    </>
  );
}

function CopyMessage({ text }: { text: string }) {
  const { common, chat } = useText();
  const copied = useSignal(false);
  const copy = async () => {
    copied.value = await copyText(text);
    setTimeout(() => {
      copied.value = false;
    }, SHOWN_MS);
  };
  const label = copied.value ? common.copied : chat.copy;
  return (
    <button type="button" class={css["copy"]} aria-label={label} title={label} onClick={() => void copy()}>
      <Icon node={copied.value ? Check : Copy} size={15} />
    </button>
  );
}

/** A stranger's text: addresses can be followed, and nothing in it is loaded or run. */
function LinkedText({ text }: { text: string }) {
  return splitLinks(text).map((part) =>
    part.href ? (
      <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    ) : (
      part.text
    ),
  );
}
