import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import css from "./button.module.css";
import { classes } from "./classes.ts";
import { Icon } from "./icon.tsx";

/** A button with words; `accent` is for the one thing that people came to do. */
export interface ButtonProps {
  readonly tone?: "accent" | "plain" | "quiet" | "danger";
  readonly large?: boolean;
  readonly icon?: IconNode;
  readonly disabled?: boolean;
  readonly submit?: boolean;
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}

export function Button({ tone = "plain", large = false, icon, disabled, submit, onClick, children }: ButtonProps) {
  return (
    <button
      type={submit ? "submit" : "button"}
      class={classes(css["button"], css[tone], large && css["large"])}
      disabled={disabled ?? false}
      onClick={() => onClick?.()}
    >
      {icon && <Icon node={icon} size={18} />}
      {children}
    </button>
  );
}

/** A round button that shows a picture and tells its label. */
export function IconButton({ icon, label, onClick }: { icon: IconNode; label: string; onClick: () => void }) {
  return (
    <button type="button" class={css["round"]} aria-label={label} title={label} onClick={() => onClick()}>
      <Icon node={icon} />
    </button>
  );
}
