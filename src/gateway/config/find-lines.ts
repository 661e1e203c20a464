import { EVENT_ID, type Event, getScalarValue } from 'js-yaml';

/** Lines (from 1 on) by JSON pointer: of the key for a field, of the item for an entry of a list. */
export type Lines = ReadonlyMap<string, number>;

/** One step of a JSON pointer, escaped as RFC 6901 says. */
export function buildPointer(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Where every field of a YAML document stands. `events` come from `parseEvents(source)`. */
export function findLines(source: string, events: readonly Event[]): Lines {
  const lines = new Map<string, number>();
  const ends = [...source.matchAll(/\n/g)].map(({ index }) => index);
  const lineOf = (offset: number): number => ends.filter((end) => end < offset).length + 1;
  let at = 0;

  const readNode = (pointer: string): void => {
    const event = events[at++];
    if (event === undefined) return;
    if (event.type === EVENT_ID.MAPPING) readMapping(pointer);
    else if (event.type === EVENT_ID.SEQUENCE) readSequence(pointer);
  };
  const isOpen = (): boolean => at < events.length && events[at]?.type !== EVENT_ID.POP;
  const readMapping = (pointer: string): void => {
    while (isOpen()) {
      const key = events[at];
      const name = key?.type === EVENT_ID.SCALAR ? getScalarValue(source, key) : '';
      const child = buildPointer(pointer, name);
      const offset = key && findOffset(key);
      if (offset !== undefined) lines.set(child, lineOf(offset));
      readNode('');
      readNode(child);
    }
    at++;
  };
  const readSequence = (pointer: string): void => {
    for (let index = 0; isOpen(); index++) {
      const child = buildPointer(pointer, index);
      const event = events[at];
      const offset = event && findOffset(event);
      if (offset !== undefined) lines.set(child, lineOf(offset));
      readNode(child);
    }
    at++;
  };

  if (events[0]?.type === EVENT_ID.DOCUMENT) at++;
  readNode('');
  return lines;
}

function findOffset(event: Event): number | undefined {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return event.valueStart;
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start;
    case EVENT_ID.ALIAS:
      return event.anchorStart;
    default:
      return undefined;
  }
}
