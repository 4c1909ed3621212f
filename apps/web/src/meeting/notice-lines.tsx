import { useApp } from "../app-context.ts";
import css from "./notice-lines.module.css";

/** What happened, for a moment. */
export function NoticeLines() {
  const { notices } = useApp();
  return (
    <div class={css["list"]} role="status" aria-live="polite">
      {notices.list.value.map((notice) => (
        <p key={notice.id} class={css["line"]}>
          {notice.text}
        </p>
      ))}
    </div>
  );
}
