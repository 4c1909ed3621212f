import { useApp, useText } from "../app-context.ts";
import { Button } from "./button.tsx";
import css from "./version-line.module.css";

/** That the page was old and is not any more, or still is. */
export function VersionLine() {
  const { version, isBusy } = useApp();
  const text = useText();
  const news = isBusy.value ? undefined : version.news.value;
  return (
    <div role="status">
      {news && (
        <p class={css["line"]}>
          <span>{text.version[news]}</span>
          {news === "stuck" ? (
            <Button onClick={() => version.reload()}>{text.version.reload}</Button>
          ) : (
            <Button onClick={() => version.dismiss()}>{text.common.close}</Button>
          )}
        </p>
      )}
    </div>
  );
}
