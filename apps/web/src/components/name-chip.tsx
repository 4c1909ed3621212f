import { MicOff } from "lucide";
import { useText } from "../app-context.ts";
import { Icon } from "./icon.tsx";
import css from "./name-chip.module.css";

/** A name as it stands on a picture, with a mark when nothing can be heard. */
export function NameChip({ name, muted }: { readonly name: string; readonly muted: boolean }) {
  const { meeting } = useText();
  return (
    <span class={css["chip"]}>
      {muted && (
        <span class={css["muted"]} role="img" aria-label={meeting.muted}>
          <Icon node={MicOff} size={14} />
        </span>
      )}
      <span class={css["name"]}>{name}</span>
    </span>
  );
}
