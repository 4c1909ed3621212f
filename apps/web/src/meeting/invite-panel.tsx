import { useText } from "../app-context.ts";
import { InviteActions } from "../components/invite-actions.tsx";
import { LazyQrCode } from "../components/lazy-qr-code.tsx";
import type { Meeting } from "../room/meeting.ts";
import css from "./invite-panel.module.css";
import { inviteSentence } from "./invite-sentence.ts";

/** How others get in: by link, mail, the system's share sheet, or with a phone held in front of the screen. */
export function InvitePanel({ meeting: { room } }: { readonly meeting: Meeting }) {
  const { meeting: text } = useText();
  return (
    <div class={css["invite"]}>
      <p>{inviteSentence(room.link, text)}</p>
      <InviteActions link={room.link} name={room.name} />
      <figure>
        <div class={css["code"]}>
          <LazyQrCode text={room.link} label={text.qrCode} />
        </div>
        <figcaption>{text.scan}</figcaption>
      </figure>
    </div>
  );
}
