import { useSignal } from "@preact/signals";
import { Check, type IconNode } from "lucide";
import type { ComponentChildren, TargetedToggleEvent } from "preact";
import { useId, useRef } from "preact/hooks";
import { classes } from "./classes.ts";
import { Icon } from "./icon.tsx";
import css from "./menu.module.css";

/** One line of a menu. With `checked` it is a choice among others. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: IconNode;
  /** In the place of words, where items stand in a row. */
  readonly glyph?: string;
  readonly checked?: boolean;
  readonly keyHint?: string;
  readonly onChoose: () => void;
}

/** Lines that belong together. */
export interface MenuSection {
  readonly title?: string | undefined;
  /** The items stand beside each other, each with its glyph. */
  readonly row?: boolean;
  readonly items: readonly MenuItem[];
}

/** A button that opens a menu. `sections` is asked when it opens. */
export interface MenuButtonProps {
  /** Of the button. */
  readonly id?: string;
  readonly keyHint?: string;
  readonly label: string;
  readonly class: string | undefined;
  /** For a tooltip; the label when left out, none when false. */
  readonly tip?: string | false;
  readonly sections: () => readonly MenuSection[];
  readonly children: ComponentChildren;
}

const MARGIN_PX = 8;
const PLAIN = { role: "menuitem" } as const;

export function MenuButton(props: MenuButtonProps) {
  const { label, tip, sections, children } = props;
  const id = useId();
  const open = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const onToggle = (event: TargetedToggleEvent<HTMLElement>) => {
    const menu = event.currentTarget;
    if (!button.current) return;
    if (event.newState === "open") {
      place(menu, button.current);
      (menu.querySelector<HTMLElement>("[aria-checked=true]") ?? itemsOf(menu)[0])?.focus();
    } else {
      open.value = false;
    }
  };
  return (
    <>
      <button
        ref={button}
        id={props.id}
        type="button"
        class={props.class}
        aria-label={label}
        aria-haspopup="menu"
        aria-keyshortcuts={props.keyHint}
        aria-expanded={open.value}
        data-tip={tip === false ? undefined : (tip ?? label)}
        popovertarget={id}
        onClick={() => {
          open.value = true;
        }}
      >
        {children}
      </button>
      <div
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        class={css["menu"]}
        onToggle={onToggle}
        onKeyDown={onKey}
      >
        {open.value && sections().map((section) => <Section section={section} close={() => close(id)} />)}
      </div>
    </>
  );
}

function Section({ section, close }: { section: MenuSection; close: () => void }) {
  const hasChoice = section.items.some((item) => item.checked !== undefined);
  const choose = (item: MenuItem) => {
    close();
    item.onChoose();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
    <div class={classes(css["section"], section.row && css["row"])} role="group" aria-label={section.title}>
      {section.title && !section.row && <p class={css["title"]}>{section.title}</p>}
      {section.items.map((item) => (
        <button
          type="button"
          class={css["item"]}
          {...(item.checked === undefined ? PLAIN : { role: "menuitemradio", "aria-checked": item.checked })}
          tabIndex={-1}
          aria-label={item.glyph && item.label}
          title={item.glyph && item.label}
          onClick={() => choose(item)}
        >
          {item.icon && <Icon node={item.icon} size={18} />}
          <span class={css["label"]}>{item.glyph ?? item.label}</span>
          {hasChoice && <span class={css["check"]}>{item.checked && <Icon node={Check} size={18} />}</span>}
          {item.keyHint && <kbd class={css["key"]}>{item.keyHint}</kbd>}
        </button>
      ))}
    </div>
  );
}

function close(id: string): void {
  document.getElementById(id)?.hidePopover();
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role^=menuitem]")];
}

function onKey(event: KeyboardEvent): void {
  const menu = event.currentTarget;
  if (!(menu instanceof HTMLElement)) return;
  const items = itemsOf(menu);
  const index = items.findIndex((item) => item.matches(":focus"));
  const next = {
    ArrowDown: index + 1,
    ArrowRight: index + 1,
    ArrowLeft: index < 0 ? -1 : index - 1,
    ArrowUp: index < 0 ? -1 : index - 1,
    Home: 0,
    End: -1,
  }[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}

/** Above the button where there is more room, else below it; never outside of the window. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const isAbove = anchor.top > innerHeight - anchor.bottom;
  const top = isAbove ? anchor.top - height - MARGIN_PX : anchor.bottom + MARGIN_PX;
  const left = anchor.left + anchor.width / 2 - width / 2;
  menu.style.top = `${clamp(top, innerHeight - height)}px`;
  menu.style.left = `${clamp(left, innerWidth - width)}px`;
}

function clamp(value: number, most: number): number {
  return Math.max(MARGIN_PX, Math.min(value, most - MARGIN_PX));
}
