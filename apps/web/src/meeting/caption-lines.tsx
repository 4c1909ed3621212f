import { personLook } from "../model/person-look.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./caption-lines.module.css";

/** What is said, over the lower edge of the stage. Screen readers are left in peace: who uses one hears it. */
export function CaptionLines({ meeting }: { readonly meeting: Meeting }) {
  if (!meeting.captions.wanted.value) return null;
  const captions = meeting.room.captions.value;
  if (captions.length === 0) return null;
  return (
    <div class={css["lines"]}>
      {captions.map(({ from, name, text }) => (
        <p key={from} dir="auto">
          <span class={`${css["name"]} hued`} style={{ "--hue": `${personLook(name).hue}` }}>
            {name}
          </span>{" "}
          {text}
        </p>
      ))}
    </div>
  );
}
