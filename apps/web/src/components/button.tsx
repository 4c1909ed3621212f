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
  /** It is doing now what it does. */
  readonly pressed?: boolean;
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}

export function Button(props: ButtonProps) {
  const { tone = "plain", large = false, icon, disabled, submit, pressed, onClick, children } = props;
  return (
    <button
      type={submit ? "submit" : "button"}
      class={classes(css["button"], css[tone], large && css["large"])}
      disabled={disabled ?? false}
      aria-pressed={pressed}
      onClick={() => onClick?.()}
    >
      {icon && <Icon node={icon} size={18} />}
      {children}
    </button>
  );
}

/** What looks like a button and leads somewhere. */
export function LinkButton(props: {
  readonly icon: IconNode;
  readonly href: string;
  readonly children: ComponentChildren;
}) {
  return (
    <a class={classes(css["button"], css["plain"], css["link"])} href={props.href}>
      <Icon node={props.icon} size={18} />
      {props.children}
    </a>
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
