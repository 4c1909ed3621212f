import { X } from "lucide";
import type { RefObject } from "preact";
import { useText } from "../app-context.ts";
import { IconButton } from "../components/button.tsx";
import { KEYS } from "../model/key-command.ts";
import css from "./key-sheet.module.css";

/** As they stand on keyboards. */
const NAMES: Readonly<Record<string, string>> = { PageUp: "Page ↑", PageDown: "Page ↓" };

/** All keys of a meeting, in a dialog that its owner opens. */
export function KeySheet({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }) {
  const { keys, common } = useText();
  const close = () => dialog.current?.close();
  const closeOutside = (event: MouseEvent) => {
    if (event.target === dialog.current) close();
  };
  return (
    // Esc closes a dialog by itself; the click is for the mouse beside it.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <dialog ref={dialog} class={css["sheet"]} aria-labelledby="keys-title" onClick={closeOutside}>
      <div class={css["head"]}>
        <h2 id="keys-title">{keys.title}</h2>
        <IconButton icon={X} label={common.close} onClick={close} />
      </div>
      <dl>
        {KEYS.map(({ key, command }) => (
          <Row key={key} label={keys[command]} keys={NAMES[key] ?? key} />
        ))}
        <Row label={keys.pin} keys="1 – 9" />
        <Row label={keys.talk} keys={keys.space} />
        <Row label={keys.escape} keys="Esc" />
      </dl>
      <p class={css["hint"]}>{keys.hint}</p>
    </dialog>
  );
}

function Row({ label, keys }: { readonly label: string; readonly keys: string }) {
  return (
    <div class={css["row"]}>
      <dt>{label}</dt>
      <dd>
        <kbd>{keys}</kbd>
      </dd>
    </div>
  );
}
