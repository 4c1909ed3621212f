import { Mail, Share2 } from "lucide";
import { useText } from "../app-context.ts";
import { invitationMail } from "../model/invitation-mail.ts";
import { Button, LinkButton } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import css from "./invite-actions.module.css";

interface InviteProps {
  readonly link: string;
  /** The room's. */
  readonly name: string;
}

/** The link of a meeting, and the ways in which it gets to others. Nothing is sent by the page itself. */
export function InviteActions({ link, name }: InviteProps) {
  const { meeting, invite } = useText();
  const mail = invitationMail({ subject: invite.subject(name), body: invite.body(link) });
  return (
    <>
      <input
        type="text"
        class={css["link"]}
        readOnly
        value={link}
        aria-label={meeting.link}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class={css["ways"]}>
        <CopyButton text={link} label={meeting.copyLink} />
        <LinkButton icon={Mail} href={mail}>
          {invite.mail}
        </LinkButton>
        {"share" in navigator && (
          <Button icon={Share2} onClick={() => void share({ link, name })}>
            {invite.share}
          </Button>
        )}
      </div>
    </>
  );
}

async function share({ link, name }: InviteProps): Promise<void> {
  try {
    await navigator.share({ title: name, url: link });
  } catch {
    // Called off, or not allowed here: the link is there to be copied.
  }
}
