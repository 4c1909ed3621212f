import type { ChatMessage } from "@mqtt-meet/sdk";
import type { BrowserRoom } from "@mqtt-meet/sdk/browser";
import { Check, Download, File as FileIcon, X } from "lucide";
import { useApp, useText } from "../app-context.ts";
import { IconButton } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { fileSize } from "../model/file-size.ts";
import type { FileTransfers } from "../room/file-transfers.ts";
import css from "./shared-file-line.module.css";

interface SharedFileProps {
  readonly message: ChatMessage;
  readonly room: Pick<BrowserRoom, "downloads" | "participants">;
  readonly files: FileTransfers;
}

/** A file that a message offers: what it is, and the way to it. Its name is text, and nothing of it is opened. */
export function SharedFileLine({ message, room, files }: SharedFileProps) {
  const text = useText().files;
  const { id, file, from, own } = message;
  if (file === undefined) return null;
  const receivedBytes = room.downloads.value.get(id);
  const isHere = own || room.participants.value.some(({ peer }) => peer === from);
  return (
    <div class={css["file"]}>
      <Icon node={FileIcon} size={22} />
      <div class={css["what"]}>
        <p class={css["name"]} dir="auto">
          {file.name}
        </p>
        {receivedBytes === undefined ? (
          <State message={message} files={files} isHere={isHere} />
        ) : (
          <Progress file={file} receivedBytes={receivedBytes} />
        )}
      </div>
      {receivedBytes !== undefined && (
        <IconButton icon={X} label={text.cancel(file.name)} onClick={() => files.cancel(id)} />
      )}
      {receivedBytes === undefined && isHere && (
        <IconButton
          icon={files.outcomes.value.get(id) === "saved" ? Check : Download}
          label={text.save(file.name)}
          onClick={() => void files.fetch(message)}
        />
      )}
    </div>
  );
}

function State({ message, files, isHere }: Pick<SharedFileProps, "message" | "files"> & { readonly isHere: boolean }) {
  const { locale } = useApp();
  const text = useText().files;
  const outcome = files.outcomes.value.get(message.id) ?? (isHere ? undefined : "gone");
  const usual = message.own ? text.own : undefined;
  const state = outcome === undefined ? usual : { ...text.problems, saved: text.saved }[outcome];
  const size = fileSize(message.file?.sizeBytes ?? 0, locale.value);
  return <p class={css["state"]}>{[size, state].filter(Boolean).join(" · ")}</p>;
}

function Progress(props: { readonly file: NonNullable<ChatMessage["file"]>; readonly receivedBytes: number }) {
  const { file, receivedBytes } = props;
  const { locale } = useApp();
  const text = useText().files;
  return (
    <>
      <p class={css["state"]}>
        {text.progress(fileSize(receivedBytes, locale.value), fileSize(file.sizeBytes, locale.value))}
      </p>
      <progress max={file.sizeBytes} value={receivedBytes} aria-label={text.fetching(file.name)} />
    </>
  );
}
