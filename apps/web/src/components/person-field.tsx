import { useText } from "../app-context.ts";
import { personLook } from "../model/person-look.ts";
import { classes } from "./classes.ts";
import css from "./person-field.module.css";

/** Somebody without a picture: initials on a colour. `waiting` says that a picture will come. */
export function PersonField({ name, waiting }: { readonly name: string; readonly waiting: boolean }) {
  const { meeting } = useText();
  const { initials, hue } = personLook(name);
  return (
    <div class={classes(css["person"], "hued", waiting && css["waiting"])} style={{ "--hue": `${hue}` }}>
      <span class={css["letters"]} aria-hidden="true">
        {initials}
      </span>
      {waiting && (
        <span class="only-for-readers" role="status">
          {meeting.waitingForPicture}
        </span>
      )}
    </div>
  );
}
