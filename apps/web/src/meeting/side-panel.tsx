import { X } from "lucide";
import { useText } from "../app-context.ts";
import { IconButton } from "../components/button.tsx";
import type { Meeting, Panel } from "../room/meeting.ts";
import type { Visit } from "../room/visit.ts";
import { ChatPanel } from "./chat-panel.tsx";
import { ChatSoundButton } from "./chat-sound-button.tsx";
import { InvitePanel } from "./invite-panel.tsx";
import { PeoplePanel } from "./people-panel.tsx";
import { PollsPanel } from "./polls-panel.tsx";
import { SettingsPanel } from "./settings-panel.tsx";
import css from "./side-panel.module.css";

/** What is open beside the stage; on a phone it comes up from below. */
export function SidePanel(props: { readonly panel: Panel; readonly meeting: Meeting; readonly visit: Visit }) {
  const { panel, meeting, visit } = props;
  const { chat, people, invite, polls, settings, common } = useText();
  const title = { chat, people, invite, polls, settings }[panel].title;
  const close = () => meeting.closePanel();
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button beside the title does the same */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Esc does the same */}
      <div class={css["backdrop"]} onClick={close} />
      <aside class={css["panel"]} aria-labelledby="panel-title">
        <header class={css["head"]}>
          <h2 id="panel-title">{title}</h2>
          {panel === "chat" && <ChatSoundButton />}
          <IconButton icon={X} label={common.close} onClick={close} />
        </header>
        <div class={css["body"]}>
          {panel === "chat" && <ChatPanel meeting={meeting} />}
          {panel === "people" && <PeoplePanel meeting={meeting} />}
          {panel === "invite" && <InvitePanel meeting={meeting} />}
          {panel === "polls" && <PollsPanel meeting={meeting} />}
          {panel === "settings" && <SettingsPanel meeting={meeting} visit={visit} />}
        </div>
      </aside>
    </>
  );
}
