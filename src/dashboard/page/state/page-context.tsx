import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Session } from '../../../api/dashboard-api.ts';
import type { LiveSnapshot } from './live-snapshot.ts';
import type { LiveStore } from './live-store.ts';

/** What every screen of somebody who is signed in can ask for. */
export interface PageContext {
  readonly session: Session;
  readonly live: LiveStore;
  /** Every namespace that can be chosen, in alphabetical order: those of the cluster, or those that were named. */
  readonly namespaces: readonly string[];
  /** True where the viewer may not list namespaces: then they are named by hand. */
  readonly isNamed: boolean;
  readonly nameNamespaces: (namespaces: readonly string[]) => void;
  readonly signOut: () => void;
}

const context = createContext<PageContext | undefined>(undefined);

export const PageProvider: React.Provider<PageContext | undefined> = context.Provider;

export function usePage(): PageContext {
  const page = useContext(context);
  if (page === undefined) throw new Error('A screen was shown outside of the signed-in page');
  return page;
}

/** What the stream told, live. */
export function useLive(): LiveSnapshot {
  const { live } = usePage();
  return useSyncExternalStore(live.subscribe, live.getSnapshot);
}
