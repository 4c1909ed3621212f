import type { Participant } from "@mqtt-meet/sdk";
import { ArrowRightLeft, CircleX, Crown, Ellipsis, type IconNode, MicOff, Undo2, UserMinus, VideoOff } from "lucide";
import { useApp, useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { MenuButton, type MenuItem } from "../components/menu.tsx";
import type { Dictionary } from "../language/en.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./people-panel.module.css";

/** Something that a host does to one of the others. */
interface Act {
  readonly icon: IconNode;
  readonly label: string;
  readonly onChoose: () => void;
}

/** What a host does with its role. */
function roleActs({ peer, name, kind }: Participant, { host }: Meeting, { host: words }: Dictionary): readonly Act[] {
  const person = { peer, name };
  if (host.heir === peer) return [{ icon: Undo2, label: words.takeBackFrom(name), onChoose: () => host.takeBack() }];
  if (!host.isOurs || host.isHost(peer) || kind !== "person") return [];
  return [
    { icon: Crown, label: words.shareWith(name), onChoose: () => host.handOver(person, { keep: true }) },
    { icon: ArrowRightLeft, label: words.handOverTo(name), onChoose: () => host.handOver(person, { keep: false }) },
  ];
}

/** What the host of a link room asks of `participant`. Nobody else is shown any of it, but who can take the role back. */
function actsOn(participant: Participant, meeting: Meeting, text: Dictionary): readonly Act[] {
  const { peer, name, tracks } = participant;
  const { host } = meeting;
  const role = roleActs(participant, meeting, text);
  if (!host.isOurs) return role;
  const person = { peer, name };
  const sends = (kind: "audio" | "video") =>
    tracks.some((track) => track.kind === kind && !track.muted && !track.source.startsWith("screen"));
  const mute = { icon: MicOff, label: text.host.muteOf(name), onChoose: () => host.mute(person) };
  const stop = { icon: VideoOff, label: text.host.stopCameraOf(name), onChoose: () => host.stopCamera(person) };
  const remove = { icon: UserMinus, label: text.rights.removeOf(name), onChoose: () => host.remove(person) };
  return [...(sends("audio") ? [mute] : []), ...(sends("video") ? [stop] : []), ...role, remove];
}

/** Behind a name: a menu in a link room, a button in a token room. */
export function HostActions({ participant, meeting }: { participant: Participant; meeting: Meeting }) {
  const text = useText();
  if (meeting.room.rights.host) return <RemoveButton participant={participant} meeting={meeting} />;
  if (!meeting.host.isOurs && meeting.host.heir !== participant.peer) return null;
  const sections = () => [{ items: actsOn(participant, meeting, text) }];
  return (
    <MenuButton class={css["act"]} label={text.host.menuOf(participant.name)} tip={false} sections={sections}>
      <Icon node={Ellipsis} size={17} />
    </MenuButton>
  );
}

/** In the menu of a tile of somebody else. */
export function hostItems(peer: string, meeting: Meeting, text: Dictionary): readonly MenuItem[] {
  const participant = meeting.room.participants.peek().find((other) => other.peer === peer);
  return participant === undefined ? [] : actsOn(participant, meeting, text);
}

/** What is for everybody. */
export function MuteAllButton({ meeting }: { meeting: Meeting }) {
  const { host: words } = useText();
  if (!meeting.host.isOurs || meeting.room.participants.value.length === 0) return null;
  return (
    <div class={css["invite"]}>
      <Button icon={MicOff} onClick={() => meeting.host.muteAll()}>
        {words.muteAll}
      </Button>
    </div>
  );
}

/** In the menu behind the three dots. */
export function endItems({ host }: Meeting, options: { text: Dictionary; onEnded: () => void }): readonly MenuItem[] {
  if (!host.isOurs) return [];
  return [{ icon: CircleX, label: options.text.host.end, onChoose: () => host.end(options.onEnded) }];
}

/** In a token room. Asks once more: nobody comes back with what they came with. */
function RemoveButton({
  participant: { peer, name },
  meeting: { room },
}: {
  participant: Participant;
  meeting: Meeting;
}) {
  const { notices } = useApp();
  const { rights } = useText();
  const remove = () => void room.remove(peer).catch(() => notices.say(rights.removeFailed(name)));
  const ask = () => notices.say(rights.removeQuestion(name), { action: { label: rights.remove, onChoose: remove } });
  const label = rights.removeOf(name);
  return (
    <button type="button" class={css["act"]} aria-label={label} title={label} onClick={ask}>
      <Icon node={UserMinus} size={17} />
    </button>
  );
}
