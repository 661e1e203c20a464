/** An object as the upstream lists it. */
export type UpstreamRow = Readonly<Record<string, unknown>>;

/** A page of a list. */
export interface UpstreamPage {
  readonly items: readonly UpstreamRow[];
  readonly hasNext: boolean;
}

/** Reads one object; `undefined` for anything else. */
export function parseRow(body: Buffer): UpstreamRow | undefined {
  try {
    return readRow(JSON.parse(body.toString()));
  } catch {
    return undefined;
  }
}

/** Reads a page; `undefined` for anything else. */
export function parsePage(body: Buffer): UpstreamPage | undefined {
  const page = parseRow(body);
  const items: unknown = readRow(page?._embedded)?.items;
  if (!Array.isArray(items)) return undefined;
  const rows = items.map(readRow).filter((row) => row !== undefined);
  return { items: rows, hasNext: readRow(page?._links)?.next != null };
}

function readRow(value: unknown): UpstreamRow | undefined {
  return typeof value === 'object' && value !== null ? (value as UpstreamRow) : undefined;
}

/** A text of a row; `undefined` for anything else. */
export function readText(row: UpstreamRow, key: string): string | undefined {
  const value = row[key];
  return typeof value === 'string' ? value : undefined;
}
