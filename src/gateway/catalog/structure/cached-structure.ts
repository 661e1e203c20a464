import type { AskUpstream } from '../catalog-upstream.ts';
import type { CatalogStructure } from './catalog-structure.ts';
import { readAttributes, readCategories, readChannels } from './read-structure.ts';

/** Milliseconds after which what is known about the upstream is no longer believed. */
export const maxStructureAge = 60_000;
/** From this age on it is read anew beside the request that needs it. */
const refreshAge = 30_000;

/**
 * Reads each part when it is first needed and keeps it for a minute, counted from the moment when its reading began. A
 * part that was in use is read anew in the background, so that requests seldom wait; one that cannot be read anew is
 * not used beyond its minute.
 *
 * @param clock milliseconds, monotonic
 */
export function buildCachedStructure(ask: AskUpstream, clock: () => number): CatalogStructure {
  return {
    categories: keepFresh(() => readCategories(ask), clock),
    attributes: keepFresh(() => readAttributes(ask), clock),
    channels: keepFresh(() => readChannels(ask), clock),
  };
}

function keepFresh<T>(read: () => Promise<T>, clock: () => number): () => Promise<T> {
  let known: { readonly value: T; readonly since: number } | undefined;
  let reading: Promise<T> | undefined;
  const refresh = (): Promise<T> => {
    reading ??= load().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const load = async (): Promise<T> => {
    const since = clock();
    const value = await read();
    known = { value, since };
    return value;
  };
  return () => {
    const age = known === undefined ? Number.POSITIVE_INFINITY : clock() - known.since;
    if (known === undefined || age >= maxStructureAge) return refresh();
    if (age >= refreshAge) refresh().catch(() => undefined);
    return Promise.resolve(known.value);
  };
}
