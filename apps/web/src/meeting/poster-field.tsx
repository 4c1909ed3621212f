import { useLayoutEffect, useRef } from "preact/hooks";
import { useText } from "../app-context.ts";
import css from "./poster-field.module.css";

/** What was seen of somebody last, blurred, until the next picture comes. */
export function PosterField({ poster }: { readonly poster: HTMLCanvasElement }) {
  const { meeting } = useText();
  const element = useRef<HTMLCanvasElement>(null);
  // One canvas stands in one place only, and a poster may be asked for twice.
  useLayoutEffect(() => {
    element.current?.getContext("2d")?.drawImage(poster, 0, 0);
  }, [poster]);
  return (
    <div class={css["poster"]}>
      <canvas ref={element} width={poster.width} height={poster.height} />
      <span class="only-for-readers" role="status">
        {meeting.waitingForPicture}
      </span>
    </div>
  );
}
