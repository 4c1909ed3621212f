import { useApp } from "../app-context.ts";
import css from "./wordmark.module.css";

/** The project's name; leads home. */
export function Wordmark() {
  const { router } = useApp();
  const goHome = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    router.openHome();
  };
  return (
    <a class={css["mark"]} href={`${router.site}/`} onClick={goHome}>
      <svg class={css["bars"]} width="18" height="18" viewBox="0 0 18 18" fill="currentColor" aria-hidden="true">
        <rect x="0" y="6" width="4" height="6" rx="2" />
        <rect x="7" y="0" width="4" height="18" rx="2" />
        <rect x="14" y="4" width="4" height="10" rx="2" />
      </svg>
      <Jointed name="mqtt-meet" />
    </a>
  );
}

/** A name of several words, with its hyphens in the accent's colour. */
export function Jointed({ name }: { readonly name: string }) {
  const words = name.split("-");
  return (
    <span class={css["name"]}>
      {words.map((word, index) => [index > 0 && <span class={css["joint"]}>-</span>, word])}
    </span>
  );
}
