import { useText } from "../app-context.ts";
import { InviteActions } from "../components/invite-actions.tsx";
import { LazyQrCode } from "../components/lazy-qr-code.tsx";
import css from "./invitation.module.css";
import { inviteSentence } from "./invite-sentence.ts";

/** What an empty room shows: how others get in. */
export function Invitation(props: {
  /** Undefined when it is for us alone. */
  readonly link: string | undefined;
  readonly name: string;
  readonly watching: number;
}) {
  const { link, name, watching } = props;
  const { meeting, rights } = useText();
  const sentence = link === undefined ? rights.inviteOthers : inviteSentence(link, meeting);
  return (
    <div class={css["invitation"]}>
      <div>
        <h1 class={css["title"]}>{meeting.nobodyHere}</h1>
        <p class={css["sentence"]}>
          {watching > 0 && `${meeting.onlyWatching(watching)} `}
          {sentence}
        </p>
        {link !== undefined && (
          <div class={css["link"]}>
            <InviteActions link={link} name={name} />
          </div>
        )}
      </div>
      {link !== undefined && (
        <figure class={css["code"]}>
          <div class={css["picture"]}>
            <LazyQrCode text={link} label={meeting.qrCode} />
          </div>
          <figcaption>{meeting.scan}</figcaption>
        </figure>
      )}
    </div>
  );
}
