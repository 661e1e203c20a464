import type { Store } from './store.ts';

/** A store that tells whether it answers. Every gateway asks it once a second for what others revoked. */
export interface WatchedStore extends Store {
  /** Whether the last question had an answer. */
  isUp(): boolean;
}

export function buildWatchedStore(store: Store): WatchedStore {
  let isUp = true;
  return {
    ...store,
    isUp: () => isUp,
    listRevoked: async (since) => {
      try {
        const listed = await store.listRevoked(since);
        isUp = true;
        return listed;
      } catch (error) {
        isUp = false;
        throw error;
      }
    },
  };
}
