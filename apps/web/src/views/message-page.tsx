import type { ComponentChildren } from "preact";
import { useApp, useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import css from "./page.module.css";
import { Page } from "./page.tsx";

/** A page that says one thing, and what can be done now. */
export function MessagePage(props: {
  readonly title: string;
  readonly line?: string;
  /** What went wrong. */
  readonly reason?: string | undefined;
  /** Nothing did: the reason is only told. */
  readonly calm?: boolean;
  readonly children?: ComponentChildren;
}) {
  const { router } = useApp();
  const { common } = useText();
  return (
    <Page>
      <div class={css["message"]} role={props.reason ? "alert" : undefined}>
        <h1>{props.title}</h1>
        {props.reason && <p class={props.calm ? undefined : css["reason"]}>{props.reason}</p>}
        {props.line && <p>{props.line}</p>}
        <div class={css["actions"]}>
          {props.children}
          <Button onClick={() => router.openHome()}>{common.home}</Button>
        </div>
      </div>
    </Page>
  );
}
