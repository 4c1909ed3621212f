import { MAX_CHAT_CHARACTERS } from "@mqtt-meet/sdk/browser";
import { useSignal } from "@preact/signals";
import { ArrowUp, Paperclip } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { useText } from "../app-context.ts";
import { Icon } from "../components/icon.tsx";
import type { FileProblem } from "../room/file-transfers.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./chat-panel.module.css";

/** What is written and not sent, and what went wrong with what was. */
function useDraft({ room, files }: Meeting) {
  const draft = useSignal("");
  const failed = useSignal(false);
  const fileProblem = useSignal<FileProblem | undefined>(undefined);
  const send = async () => {
    const words = draft.value.trim();
    draft.value = "";
    failed.value = false;
    try {
      await room.sendMessage(words);
    } catch {
      failed.value = true;
      if (draft.value === "") draft.value = words;
    }
  };
  const offer = async (chosen: Iterable<File>) => {
    fileProblem.value = undefined;
    for (const file of [...chosen]) fileProblem.value = (await files.offer(file)) ?? fileProblem.value;
  };
  return { draft, failed, fileProblem, send, offer };
}

/** Where one writes, and offers files: with the button, by dropping them here, or by pasting. */
export function Composer({ meeting }: { readonly meeting: Meeting }) {
  const { chat, files } = useText();
  const { draft, failed, fileProblem, send, offer } = useDraft(meeting);
  const field = useRef<HTMLTextAreaElement>(null);
  const tooMany = draft.value.length - MAX_CHAT_CHARACTERS;
  const canSend = draft.value.trim() !== "" && tooMany <= 0;
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches) field.current?.focus();
  }, []);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (canSend) void send();
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    void offer(event.dataTransfer?.files ?? []);
  };
  const problem = [
    tooMany > 0 && chat.tooLong(tooMany),
    failed.value && chat.failed,
    fileProblem.value && files.problems[fileProblem.value],
  ].find(Boolean);
  return (
    <form onSubmit={onSubmit} onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <p class={css["problem"]} role="alert">
        {problem}
      </p>
      <div class={css["form"]}>
        <AttachButton onChoose={(chosen) => void offer(chosen)} />
        <textarea
          ref={field}
          rows={1}
          aria-label={chat.placeholder}
          placeholder={chat.placeholder}
          value={draft.value}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            // While an input method composes, Enter takes its suggestion.
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) onSubmit(event);
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData?.files ?? [];
            if (pasted.length === 0) return;
            event.preventDefault();
            void offer(pasted);
          }}
        />
        <button type="submit" class={css["send"]} aria-label={chat.send} title={chat.send} disabled={!canSend}>
          <Icon node={ArrowUp} />
        </button>
      </div>
    </form>
  );
}

function AttachButton({ onChoose }: { readonly onChoose: (files: readonly File[]) => void }) {
  const text = useText().files;
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label={text.attach}
        onChange={({ currentTarget }) => {
          onChoose([...(currentTarget.files ?? [])]);
          // The same file can be chosen again.
          currentTarget.value = "";
        }}
      />
      <button
        type="button"
        class={css["attach"]}
        aria-label={text.attach}
        title={text.attach}
        onClick={() => chooser.current?.click()}
      >
        <Icon node={Paperclip} />
      </button>
    </>
  );
}
