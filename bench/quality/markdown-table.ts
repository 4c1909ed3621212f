/** A table of Markdown whose first two columns are words and whose others are figures. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = `|${head.map((_, i) => (i < 2 ? "---" : "---:")).join("|")}|`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

/** A figure in a table, or a dash where there is none. */
export function figureText(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}
