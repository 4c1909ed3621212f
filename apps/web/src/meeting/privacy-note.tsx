import type { RoomEncryptionState, RoomHostState } from "@mqtt-meet/sdk";
import { Lock, LockOpen } from "lucide";
import { useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import { Icon } from "../components/icon.tsx";
import css from "./privacy-note.module.css";

/** Whether anybody can listen in, what people compare to be sure, and who leads. */
export function PrivacyNote(props: { readonly encryption: RoomEncryptionState; readonly host: RoomHostState }) {
  const { encryption, host } = props;
  const { privacy, host: words } = useText();
  const { encrypted, safetyNumber } = encryption;
  return (
    <section class={classes(css["note"], !encrypted && css["open"])} aria-label={privacy.title}>
      <p class={css["state"]}>
        <Icon node={encrypted ? Lock : LockOpen} size={17} />
        {encrypted ? privacy.encrypted : privacy.open}
      </p>
      {encrypted && safetyNumber && (
        <>
          <p class={css["emoji"]}>{safetyNumber.emoji.join(" ")}</p>
          <p class={css["digits"]}>{safetyNumber.digits}</p>
          <p class={css["how"]}>{privacy.compare}</p>
        </>
      )}
      {encrypted && !safetyNumber && <p class={css["how"]}>{privacy.alone}</p>}
      {host.named && <p class={css["how"]}>{host.own ? words.ours : words.theirs}</p>}
    </section>
  );
}
