import type { PersonInside } from "@mqtt-meet/sdk";
import { useApp, useText } from "../app-context.ts";
import { PersonFace } from "../components/person-face.tsx";
import css from "./who-is-inside.module.css";

/** As many as have room side by side on a phone. */
const SHOWN = 5;
const NAMED = 3;

/** Who is in the room already; nothing as long as that is not known. */
export function WhoIsInside({ people }: { readonly people: readonly PersonInside[] | undefined }) {
  const { locale } = useApp();
  const { inside } = useText();
  if (people === undefined) return null;
  const names = people.slice(0, NAMED).map(({ name }) => name);
  const more = people.length - names.length;
  const list = new Intl.ListFormat(locale.value).format(more > 0 ? [...names, inside.more(more)] : names);
  return (
    <div class={css["inside"]} role="status">
      {people.length > 0 && (
        <div class={css["faces"]} aria-hidden="true">
          {people.slice(0, SHOWN).map(({ peer, name }) => (
            <PersonFace key={peer} name={name} />
          ))}
        </div>
      )}
      <p>{people.length === 0 ? inside.nobody : inside.people(list)}</p>
    </div>
  );
}
