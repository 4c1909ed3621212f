import type { NetworkCheck } from "@mqtt-meet/sdk/browser";
import { useSignal } from "@preact/signals";
import { Gauge } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import type { Dictionary } from "../language/en.ts";
import css from "./network-check-panel.module.css";

/** Measures the way to a meeting's broker. */
export type CheckNetwork = (link: string, options: { readonly signal: AbortSignal }) => Promise<NetworkCheck>;

const inThisBrowser: CheckNetwork = async (link, options) => {
  const { checkNetwork } = await import("../room/network-check-part.ts");
  return checkNetwork(link, options);
};

type State =
  | { readonly name: "idle" | "checking" | "failed" }
  | { readonly name: "done"; readonly check: NetworkCheck };

/** On demand, before joining: how the meeting of `link` will be over this network. */
export function NetworkCheckPanel(props: { readonly link: string; readonly check?: CheckNetwork }) {
  const { link, check = inThisBrowser } = props;
  const { networkCheck: text } = useText();
  const state = useSignal<State>({ name: "idle" });
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const begin = async () => {
    if (state.peek().name === "checking") return;
    const attempt = new AbortController();
    running.current = attempt;
    state.value = { name: "checking" };
    const found = await check(link, { signal: attempt.signal }).catch(() => undefined);
    if (!attempt.signal.aborted) state.value = found ? { name: "done", check: found } : { name: "failed" };
  };
  return (
    <section class={css["panel"]}>
      <Button tone="quiet" icon={Gauge} disabled={state.value.name === "checking"} onClick={() => void begin()}>
        {text.check}
      </Button>
      <div role="status">
        {state.value.name === "checking" && <p>{text.checking}</p>}
        {state.value.name === "failed" && <p class={css["failed"]}>{text.failed}</p>}
        {state.value.name === "done" && <Result check={state.value.check} text={text} />}
      </div>
    </section>
  );
}

/** What to expect, and below it what was measured. */
function Result({ check, text }: { check: NetworkCheck; text: Dictionary["networkCheck"] }) {
  const { forecast, roundTripMs, jitterMs, upBps, downBps } = check;
  const { sending, receiving, talking } = forecast;
  const sentences = [
    sending !== "unknown" && text.sending[sending],
    receiving !== "unknown" && text.receiving[receiving],
    text.talking[talking],
  ];
  const figures = [
    text.figures(Math.round(roundTripMs), Math.round(jitterMs)),
    upBps !== null && text.up(mbps(upBps)),
    downBps !== null && text.down(mbps(downBps)),
  ];
  return (
    <>
      <p>{sentences.filter(Boolean).join(" ")}</p>
      <p class={css["figures"]}>{figures.filter(Boolean).join(" · ")}</p>
    </>
  );
}

function mbps(bps: number): string {
  return (bps / 1e6).toFixed(bps < 1e6 ? 2 : 1);
}
