import { Lock, MicOff } from "lucide";
import { useText } from "../app-context.ts";
import { Icon } from "./icon.tsx";
import css from "./name-chip.module.css";

/** A name as it stands on a picture, with a mark when nothing can be heard; `held`: because a host wants it so. */
export function NameChip(props: { readonly name: string; readonly muted: boolean; readonly held?: boolean }) {
  const { name, muted, held } = props;
  const { meeting, rules } = useText();
  return (
    <span class={css["chip"]}>
      {muted && (
        <span class={css["muted"]} role="img" aria-label={held ? rules.mark : meeting.muted}>
          <Icon node={MicOff} size={14} />
          {held && <Icon node={Lock} size={11} />}
        </span>
      )}
      <span class={css["name"]}>{name}</span>
    </span>
  );
}
