import { labels, managerName } from '../../src/api/names.ts';
import { ApiSession } from './api-session.ts';

/** What `list-pages.ts` writes as one line of JSON: moments in milliseconds since the epoch. */
export interface ListedPages {
  readonly began: number;
  readonly ended: number;
  readonly objects: number;
}

const paths = [
  '/apis/connect.pim.dev/v1beta1/connections?limit=500',
  `/api/v1/secrets?limit=500&labelSelector=${encodeURIComponent(`${labels.managedBy}=${managerName},${labels.connection}`)}`,
  '/apis/connect.pim.dev/v1beta1/connectionroles?limit=500',
  '/apis/connect.pim.dev/v1beta1/connectiongroups?limit=500',
];

interface Page {
  readonly items: readonly unknown[];
  readonly metadata: { readonly continue?: string };
}

async function listAll(session: ApiSession, path: string): Promise<number> {
  let objects = 0;
  for (let next: string | undefined = ''; next !== undefined; ) {
    const token: string = next === '' ? '' : `&continue=${encodeURIComponent(next)}`;
    const page: Page = await session.call<Page>('GET', `${path}${token}`);
    objects += page.items.length;
    next = page.metadata.continue || undefined;
  }
  return objects;
}

/** A program: lists in pages what the operator lists at its start, all resources side by side, and parses it. */
const [kubeconfig = ''] = process.argv.slice(2);
const began = Date.now();
const session = new ApiSession(kubeconfig);
const counts = await Promise.all(paths.map((path) => listAll(session, path)));
const listed: ListedPages = { began, ended: Date.now(), objects: counts.reduce((sum, count) => sum + count, 0) };
session.close();
process.stdout.write(`${JSON.stringify(listed)}\n`);
