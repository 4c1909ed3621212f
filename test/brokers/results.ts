const rows = new Map<string, Record<string, string | number | boolean>>();

/** Notes measured values for a row of the table. */
export function note(row: string, values: Readonly<Record<string, string | number | boolean>>): void {
  rows.set(row, { ...rows.get(row), ...values });
}

/** The table of everything that was noted, as Markdown. */
export function resultsTable(): string {
  const columns = [...new Set([...rows.values()].flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly unknown[]) => `| ${cells.join(" | ")} |`;
  const body = [...rows].map(([name, row]) => line([name, ...columns.map((column) => row[column] ?? "")]));
  return [line(["broker", ...columns]), line(["---", ...columns.map(() => "---:")]), ...body].join("\n");
}
