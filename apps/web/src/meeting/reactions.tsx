import type { Reaction } from "@mqtt-meet/sdk";
import { useSignal } from "@preact/signals";
import { SmilePlus } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { Icon } from "../components/icon.tsx";
import { MenuButton, type MenuSection } from "../components/menu.tsx";
import type { Dictionary } from "../language/en.ts";
import { newReactions, REACTION_LOOKS, reactionPlace } from "../model/reaction-look.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./reactions.module.css";

/** Where the key finds the button. */
export const REACTIONS_ID = "reactions";

/** What people react with, in a row. */
export function reactionSection(meeting: Meeting, { reactions: text }: Dictionary): MenuSection {
  const kinds = Object.entries(REACTION_LOOKS) as [Reaction["kind"], string][];
  const items = kinds.map(([kind, glyph]) => ({
    label: text.kinds[kind],
    glyph,
    onChoose: () => meeting.room.react(kind),
  }));
  return { row: true, title: text.title, items };
}

/** Opens the row of reactions. */
export function ReactButton({ meeting, class: className }: { meeting: Meeting; class: string | undefined }) {
  const text = useText();
  const { title } = text.reactions;
  const sections = () => [{ ...reactionSection(meeting, text), title: undefined }];
  return (
    <MenuButton id={REACTIONS_ID} class={className} label={title} tip={`${title} (R)`} keyHint="R" sections={sections}>
      <Icon node={SmilePlus} />
    </MenuButton>
  );
}

/** Reactions rise over the stage, each with a name; who cannot see them hears them. */
export function Reactions({ meeting }: { readonly meeting: Meeting }) {
  const { common } = useText();
  const reactions = meeting.room.reactions.value;
  const air = useRef<HTMLDivElement>(null);
  const widthPx = air.current?.clientWidth ?? 0;
  return (
    <>
      <div ref={air} class={css["air"]} aria-hidden="true">
        {reactions.map(({ id, kind, name, own }) => {
          const { leftPx, bottomPx } = reactionPlace(id, widthPx);
          return (
            <p key={id} class={css["reaction"]} style={{ left: `${leftPx + 12}px`, bottom: `${bottomPx + 12}px` }}>
              <span class={css["glyph"]}>{REACTION_LOOKS[kind]}</span>
              <span class={css["name"]}>{own ? common.you : name}</span>
            </p>
          );
        })}
      </div>
      <Announcement reactions={reactions} />
    </>
  );
}

function Announcement({ reactions }: { reactions: readonly Reaction[] }) {
  const { locale } = useApp();
  const { reactions: text } = useText();
  const seen = useRef(0);
  const said = useSignal("");
  useEffect(() => {
    const fresh = newReactions(reactions, seen.current);
    seen.current = Math.max(seen.current, reactions.at(-1)?.id ?? 0);
    const list = new Intl.ListFormat(locale.value, { style: "short", type: "unit" });
    if (fresh.length > 0) {
      said.value = fresh.map(({ kind, names }) => text.said(list.format(names), text.kinds[kind])).join(" ");
    } else if (reactions.length === 0) said.value = "";
  }, [reactions]);
  return (
    <div class="only-for-readers" role="status" aria-live="polite">
      {said}
    </div>
  );
}
