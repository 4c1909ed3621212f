import { DoorOpen } from "lucide";
import { useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import type { Meeting } from "../room/meeting.ts";
import css from "./knock-card.module.css";

/** For a host, above the lines of what happened: who waits. It stays until somebody decides. */
export function KnockCard({ meeting }: { readonly meeting: Meeting }) {
  const { door: words } = useText();
  const { door } = meeting;
  const { waiting } = door;
  const [first] = waiting;
  // The list of people has the same on top.
  const isShown = door.isOurs.value && first !== undefined && meeting.panel.value !== "people";
  return (
    <div role="status" aria-live="polite">
      {isShown && (
        <div class={css["card"]}>
          <p class={css["who"]}>
            <Icon node={DoorOpen} />
            {waiting.length > 1 ? words.manyWait(waiting.length) : words.waits(first.name)}
          </p>
          <div class={css["acts"]}>
            {waiting.length > 1 ? (
              <>
                <Button tone="quiet" onClick={() => meeting.openPanel("people")}>
                  {words.show}
                </Button>
                <Button tone="accent" onClick={() => door.letAllIn()}>
                  {words.letAllIn}
                </Button>
              </>
            ) : (
              <>
                <Button tone="quiet" onClick={() => door.turnAway(first)}>
                  {words.turnAway}
                </Button>
                <Button tone="accent" onClick={() => door.letIn(first)}>
                  {words.letIn}
                </Button>
              </>
            )}
          </div>
        </div>
      )}
    </div>
  );
}
