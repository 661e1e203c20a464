/** Times of one watch. */
export interface WatchTimes {
  /** After which the API server is asked to end it in order, in seconds. */
  readonly seconds: number;
  /** Milliseconds after which it is ended from here, because the API server counts whole seconds; `undefined`: never. */
  readonly lasts: number | undefined;
  /** Milliseconds without a byte after which it counts as dead; `undefined`: the client's own. */
  readonly dead: number | undefined;
  /** Milliseconds; whoever ends sooner is not asked again at once. */
  readonly good: number;
}

/** A watch that held this long, or half of the time that it was to hold, was a good one. In milliseconds. */
const goodWatch = 5_000;
/** 5 to 10 minutes, in seconds, so that not all end together. */
const watchSeconds = 300;
/** The API server may be late with the end of a watch by this much (milliseconds) before the watch counts as dead. */
const lateEnd = 10_000;

/** As `ListWatchOptions` says. `random` is from 0 to below 1. */
export function decideWatchTimes(
  { renewEvery, idle }: { readonly renewEvery?: number; readonly idle?: number },
  random: number,
): WatchTimes {
  if (renewEvery === undefined)
    return { seconds: Math.round(watchSeconds * (1 + random)), lasts: undefined, dead: idle, good: goodWatch };
  const seconds = Math.max(1, Math.floor(renewEvery / 1000));
  // One that is to end before the next bookmark is dead when it does not.
  const lasts = renewEvery < 1000 ? renewEvery : undefined;
  return { seconds, lasts, dead: seconds * 1000 + lateEnd, good: Math.min(goodWatch, (lasts ?? seconds * 1000) / 2) };
}
