import { X } from "lucide";
import type { RefObject } from "preact";
import { useText } from "../app-context.ts";
import { IconButton } from "../components/button.tsx";
import { KEYS } from "../model/key-command.ts";
import css from "./key-sheet.module.css";

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
          <div key={key} class={css["row"]}>
            <dt>{keys[command]}</dt>
            <dd>
              <kbd>{key}</kbd>
            </dd>
          </div>
        ))}
        <div class={css["row"]}>
          <dt>{keys.escape}</dt>
          <dd>
            <kbd>Esc</kbd>
          </dd>
        </div>
      </dl>
      <p class={css["hint"]}>{keys.hint}</p>
    </dialog>
  );
}
