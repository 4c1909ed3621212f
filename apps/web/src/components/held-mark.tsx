import { Lock } from "lucide";
import css from "./held-mark.module.css";
import { Icon } from "./icon.tsx";

/** On a button that a host keeps off: a small lock. Its label says the same. */
export function HeldMark() {
  return (
    <span class={css["mark"]} aria-hidden="true">
      <Icon node={Lock} size={11} />
    </span>
  );
}
