import { Check, X } from "lucide";
import { useText } from "../app-context.ts";
import { Button, IconButton } from "../components/button.tsx";
import { PersonFace } from "../components/person-face.tsx";
import type { Meeting } from "../room/meeting.ts";
import css from "./people-panel.module.css";

/** Those at the door, for the hosts: above everybody who is inside. */
export function WaitingList({ meeting: { door } }: { readonly meeting: Meeting }) {
  const { door: words } = useText();
  const { waiting } = door;
  if (!door.isOurs.value || waiting.length === 0) return null;
  return (
    <section class={css["hands"]} aria-label={words.list}>
      <h3>{words.list}</h3>
      <ol>
        {waiting.map((person) => (
          <li key={person.peer} class={css["person"]}>
            <PersonFace name={person.name} />
            <span class={css["name"]} title={person.name}>
              {person.name}
            </span>
            <span class={css["verdict"]}>
              <IconButton icon={X} label={words.turnAwayOf(person.name)} onClick={() => door.turnAway(person)} />
              <IconButton icon={Check} label={words.letInOf(person.name)} onClick={() => door.letIn(person)} />
            </span>
          </li>
        ))}
      </ol>
      {waiting.length > 1 && (
        <div class={css["everybody"]}>
          <Button tone="accent" onClick={() => door.letAllIn()}>
            {words.letAllIn}
          </Button>
        </div>
      )}
    </section>
  );
}
