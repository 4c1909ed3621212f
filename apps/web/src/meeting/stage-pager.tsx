import { ChevronLeft, ChevronRight } from "lucide";
import { useText } from "../app-context.ts";
import { Icon } from "../components/icon.tsx";
import css from "./stage.module.css";

/** What the stage keeps free for it. */
export const PAGER_HEIGHT_PX = 48;

/** Turns the pages of the stage. */
export function StagePager(props: {
  readonly page: number;
  readonly pages: number;
  readonly onTurn: (by: number) => void;
}) {
  const { page, pages, onTurn } = props;
  const { stage: text } = useText();
  return (
    <nav class={css["pager"]} aria-label={text.pages}>
      <button type="button" aria-label={text.previousPage} disabled={page === 0} onClick={() => onTurn(-1)}>
        <Icon node={ChevronLeft} />
      </button>
      <span role="status" aria-label={text.pageOf(page + 1, pages)}>
        {page + 1} / {pages}
      </span>
      <button type="button" aria-label={text.nextPage} disabled={page === pages - 1} onClick={() => onTurn(1)}>
        <Icon node={ChevronRight} />
      </button>
    </nav>
  );
}
