import { DoorClosed, DoorClosedLocked } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { classes } from "../components/classes.ts";
import { Icon } from "../components/icon.tsx";
import { Jointed } from "../components/wordmark.tsx";
import type { Visit } from "../room/visit.ts";
import css from "./at-door.module.css";

/** What stands beside our own picture for as long as a host has not let us in. */
export function AtDoor(props: {
  readonly visit: Visit;
  readonly standing: "waiting" | "locked";
  /** What the host sees. */
  readonly name: string;
}) {
  const { visit, standing, name } = props;
  const { door } = useText();
  const sign = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone; whoever listens to the page hears what came instead.
  useEffect(() => sign.current?.focus(), []);
  const isLocked = standing === "locked";
  return (
    <section>
      <h1 class={css["title"]}>
        <Jointed name={visit.roomName} />
      </h1>
      <div ref={sign} class={css["sign"]} role="status" tabIndex={-1}>
        <span class={classes(css["door"], !isLocked && css["alive"])}>
          <Icon node={isLocked ? DoorClosedLocked : DoorClosed} size={30} />
        </span>
        <p class={css["what"]}>{isLocked ? door.locked : door.waiting}</p>
        <p>{isLocked ? door.lockedHint : door.waitingHint}</p>
        <p>{door.knocksAs(name)}</p>
      </div>
      <Button onClick={() => visit.cancelJoining()}>{door.leave}</Button>
    </section>
  );
}
