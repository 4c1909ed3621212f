import { MUTED_KINDS, type MutedKind, type Participant } from "@mqtt-meet/sdk/browser";
import {
  ArrowRightLeft,
  CircleX,
  Crown,
  Ellipsis,
  type IconNode,
  Mic,
  MicOff,
  MonitorUp,
  Undo2,
  UserMinus,
  Video,
  VideoOff,
} from "lucide";
import { useApp, useText } from "../app-context.ts";
import type { App } from "../app-state.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { MenuButton, type MenuItem } from "../components/menu.tsx";
import type { Dictionary } from "../language/en.ts";
import type { Meeting } from "../room/meeting.ts";
import { HOLD_ICONS } from "./door-rules.tsx";
import css from "./people-panel.module.css";

/** Something that a host does to one of the others. */
interface Act {
  readonly icon: IconNode;
  readonly label: string;
  readonly onChoose: () => void;
}

/** Where a host acts on somebody. */
interface HostsPlace {
  readonly app: App;
  readonly meeting: Meeting;
}

const GIVEN_ICONS: Readonly<Record<MutedKind, IconNode>> = { microphone: Mic, camera: Video, screen: MonitorUp };

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

/** What a host of a token room decides for `participant`; the server enforces it. */
function actsEnforcedOn({ peer, name }: Participant, { app, meeting }: HostsPlace, text: Dictionary): readonly Act[] {
  const { door } = meeting;
  const held = door.heldOf(peer);
  const holds = MUTED_KINDS.map((kind) => {
    const on = !held.includes(kind);
    const label = (on ? text.rules.holdOf : text.rules.giveBackTo)[kind](name);
    const icon = on ? HOLD_ICONS[kind] : GIVEN_ICONS[kind];
    return { icon, label, onChoose: () => void door.holdOf({ peer, name }, { kind, on }) };
  });
  const onChoose = () => askToRemove({ peer, name }, { app, meeting });
  return [...holds, { icon: UserMinus, label: text.rights.removeOf(name), onChoose }];
}

/** Behind a name: a menu, or in a token room whose server enforces nothing but removal a button. */
export function HostActions({ participant, meeting }: { participant: Participant; meeting: Meeting }) {
  const app = useApp();
  const text = useText();
  if (meeting.door.isOurs.value) {
    const sections = () => [{ items: actsEnforcedOn(participant, { app, meeting }, text) }];
    return (
      <MenuButton class={css["act"]} label={text.rules.menuOf(participant.name)} tip={false} sections={sections}>
        <Icon node={Ellipsis} size={17} />
      </MenuButton>
    );
  }
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
export function hostItems(peer: string, { app, meeting }: HostsPlace, text: Dictionary): readonly MenuItem[] {
  const participant = meeting.room.participants.peek().find((other) => other.peer === peer);
  if (participant === undefined) return [];
  if (meeting.door.isOurs.peek()) return actsEnforcedOn(participant, { app, meeting }, text);
  return actsOn(participant, meeting, text);
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

/** Asks once more: nobody comes back with what they came with. */
function askToRemove({ peer, name }: Pick<Participant, "peer" | "name">, { app, meeting }: HostsPlace): void {
  const { notices } = app;
  const { rights } = app.text.peek();
  const onChoose = () => void meeting.room.remove(peer).catch(() => notices.say(rights.removeFailed(name)));
  notices.say(rights.removeQuestion(name), { action: { label: rights.remove, onChoose } });
}

function RemoveButton({ participant, meeting }: { participant: Participant; meeting: Meeting }) {
  const app = useApp();
  const { rights } = useText();
  const label = rights.removeOf(participant.name);
  return (
    <button
      type="button"
      class={css["act"]}
      aria-label={label}
      title={label}
      onClick={() => askToRemove(participant, { app, meeting })}
    >
      <Icon node={UserMinus} size={17} />
    </button>
  );
}
