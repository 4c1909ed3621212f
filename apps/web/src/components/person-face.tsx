import { personLook } from "../model/person-look.ts";
import { classes } from "./classes.ts";
import css from "./person-face.module.css";

/** Somebody's initials on their colour, beside the name that says the same. */
export function PersonFace({ name }: { readonly name: string }) {
  const { initials, hue } = personLook(name);
  return (
    <span class={classes(css["face"], "hued")} style={{ "--hue": `${hue}` }} aria-hidden="true">
      {initials}
    </span>
  );
}
