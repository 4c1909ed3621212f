import type { IconNode } from "lucide";
import { Icon } from "./icon.tsx";
import css from "./switch.module.css";

/** The box itself says whether it is checked. */
const SWITCH = { role: "switch" } as const;

/** Something that is on or off. It shows what is, not what was asked for. */
export function Switch(props: {
  readonly icon: IconNode;
  readonly label: string;
  readonly on: boolean;
  /** Resolves to whether it was done, or is on its way. */
  readonly onSwitch: (on: boolean) => Promise<boolean>;
}) {
  const { icon, label, on, onSwitch } = props;
  const change = async ({ currentTarget: input }: { readonly currentTarget: HTMLInputElement }) => {
    if (!(await onSwitch(input.checked))) input.checked = on;
  };
  return (
    <label class={css["line"]}>
      <Icon node={icon} size={18} />
      <span class={css["label"]}>{label}</span>
      <input type="checkbox" {...SWITCH} class={css["switch"]} checked={on} onChange={(event) => void change(event)} />
    </label>
  );
}
