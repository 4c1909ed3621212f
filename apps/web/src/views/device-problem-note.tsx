import { CameraOff, MicOff } from "lucide";
import { useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import type { Dictionary } from "../language/en.ts";
import { browserFamily } from "../model/browser-family.ts";
import type { DeviceProblem, LocalDevice } from "../room/local-device.ts";
import css from "./lobby.module.css";

/** What is wrong with a device, and what to do about it. Joining goes without. */
export function DeviceProblemNote({ device }: { readonly device: LocalDevice }) {
  const { problems, common } = useText();
  const state = device.state.value;
  if (state.status !== "problem") return null;
  return (
    <div class={css["problem"]} role="alert">
      <Icon node={device.kind === "camera" ? CameraOff : MicOff} />
      <p>
        {problems[device.kind][state.problem]} <span class={css["advice"]}>{adviceOf(state.problem, problems)}</span>
      </p>
      <Button onClick={() => void device.turnOn()}>{common.retry}</Button>
    </div>
  );
}

/** A refused permission is given back in another place in each browser. */
function adviceOf(problem: DeviceProblem, problems: Dictionary["problems"]): string {
  return problem === "permission-denied"
    ? problems.allow[browserFamily(navigator.userAgent)]
    : problems.advice[problem];
}
