import { stripVTControlCharacters } from 'node:util';

const gap = '   ';

/** Columns as wide as their widest cell; the last one is not filled up. Cells may be painted. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => readWidth(row[column] ?? ''))));
  return all
    .map((row) =>
      row
        .map((cell, column) => fill(cell, widths[column] ?? 0))
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

/** Names and values beneath each other, the values in one column. */
export function formatFields(fields: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...fields.map(([name]) => readWidth(name))) + 1;
  return fields.map(([name, value]) => `${fill(`${name}:`, width)}  ${value}`.trimEnd()).join('\n');
}

function fill(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - readWidth(cell)));
}

/** Wide characters (CJK, emoji) take two columns. */
export function readWidth(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    if (/\p{M}/u.test(character)) continue;
    width +=
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff01-\uff60]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
