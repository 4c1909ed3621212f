import { useApp } from "../app-context.ts";
import type { Notice, NoticeAction } from "../notices.ts";
import css from "./notice-lines.module.css";

function Action({ notice, action }: { readonly notice: Notice; readonly action: NoticeAction }) {
  const { notices } = useApp();
  const choose = () => {
    notices.dismiss(notice.id);
    action.onChoose();
  };
  return (
    <button type="button" class={css["action"]} onClick={choose}>
      {action.label}
    </button>
  );
}

/** What happened, for a moment. */
export function NoticeLines() {
  const { notices } = useApp();
  return (
    <div class={css["list"]} role="status" aria-live="polite">
      {notices.list.value.map((notice) => (
        <p key={notice.id} class={css["line"]}>
          {notice.text}
          {notice.action && <Action notice={notice} action={notice.action} />}
        </p>
      ))}
    </div>
  );
}
