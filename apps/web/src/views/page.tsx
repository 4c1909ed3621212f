import type { ComponentChildren } from "preact";
import { PreferenceButtons } from "../components/preference-buttons.tsx";
import { Wordmark } from "../components/wordmark.tsx";
import css from "./page.module.css";

/** What stands around every view but the meeting. */
export function Page({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class={css["page"]}>
      <header class={css["header"]}>
        <Wordmark />
        <PreferenceButtons />
      </header>
      <main class={css["main"]}>{children}</main>
    </div>
  );
}
