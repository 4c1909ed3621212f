import { useText } from "../app-context.ts";
import { CopyButton } from "../components/copy-button.tsx";
import { LazyQrCode } from "../components/lazy-qr-code.tsx";
import css from "./invitation.module.css";
import { inviteSentence } from "./invite-sentence.ts";

/** What an empty room shows: how others get in. */
export function Invitation({ link, watching }: { readonly link: string; readonly watching: number }) {
  const { meeting } = useText();
  const sentence = inviteSentence(link, meeting);
  return (
    <div class={css["invitation"]}>
      <div>
        <h1 class={css["title"]}>{meeting.nobodyHere}</h1>
        <p class={css["sentence"]}>
          {watching > 0 && `${meeting.onlyWatching(watching)} `}
          {sentence}
        </p>
        <div class={css["link"]}>
          <input
            type="text"
            readOnly
            value={link}
            aria-label={meeting.link}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton text={link} label={meeting.copyLink} />
        </div>
      </div>
      <figure class={css["code"]}>
        <div class={css["picture"]}>
          <LazyQrCode text={link} label={meeting.qrCode} />
        </div>
        <figcaption>{meeting.scan}</figcaption>
      </figure>
    </div>
  );
}
