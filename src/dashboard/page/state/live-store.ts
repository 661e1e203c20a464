import { dashboardPaths, type LiveEvents, type LiveSource } from '../../../api/dashboard-api.ts';
import type { Connection } from '../../../api/generated/connection.ts';
import { LiveLists } from './live-lists.ts';
import { emptySnapshot, type LiveSnapshot, type SourceState, type SourceStatus } from './live-snapshot.ts';

/** Changes within this time (milliseconds) are shown together: thousands in a row cost a few renderings. */
const gatherFor = 100;
/** While a long list comes; its first page is on the screen by then. */
const gatherLonger = 500;
/** From this many Connections on a list is long. */
const long = 1000;

function isSame(a: LiveSource, b: LiveSource): boolean {
  return a.kind === b.kind && a.namespace === b.namespace;
}

export interface LiveStoreOptions {
  /** Does for one Connection of a list what showing it takes, so that a long list is no long wait in the end. */
  readonly prepare: (connection: Connection) => void;
  /** The session ended: nothing more comes. */
  readonly whenEnded: (message: string) => void;
  /** The stream broke, so the session may have ended unheard, or be another one. */
  readonly whenDoubtful: () => void;
}

/** Follows the server's stream. One a page, since browsers open few connections to a server. */
export class LiveStore {
  #snapshot: LiveSnapshot = emptySnapshot;
  #lists = new LiveLists();
  #stream: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #whenEnded: (message: string) => void;
  readonly #whenDoubtful: () => void;

  readonly #prepare: (connection: Connection) => void;

  constructor({ prepare, whenEnded, whenDoubtful }: LiveStoreOptions) {
    this.#prepare = prepare;
    this.#whenEnded = whenEnded;
    this.#whenDoubtful = whenDoubtful;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): LiveSnapshot => this.#snapshot;

  /** Follows these namespaces from now on; none: all that the viewer may list. */
  follow(namespaces: readonly string[]): void {
    this.close();
    this.#open(namespaces);
  }

  close(): void {
    this.#stream?.close();
    this.#stream = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lists = new LiveLists();
    this.#show(emptySnapshot);
  }

  /** The browser tries again by itself after a break, but not after an answer that is no stream. */
  #noteBreak(stream: EventSource, namespaces: readonly string[]): void {
    this.#show({ link: this.#snapshot.link === 'connecting' ? 'connecting' : 'reconnecting' });
    if (stream.readyState !== EventSource.CLOSED) return;
    this.#whenDoubtful();
    setTimeout(() => this.#stream === stream && this.#open(namespaces), 3000);
  }

  #open(namespaces: readonly string[]): void {
    const query = new URLSearchParams(namespaces.map((namespace) => ['namespace', namespace]));
    const stream = new EventSource(`${dashboardPaths.live}?${query}`);
    this.#stream = stream;
    stream.onopen = () => {
      if (this.#snapshot.link === 'reconnecting') this.#whenDoubtful();
      this.#show({ link: 'open' });
    };
    stream.onerror = () => this.#noteBreak(stream, namespaces);
    this.#listen(stream);
  }

  #listen(stream: EventSource): void {
    const on = <Name extends keyof LiveEvents>(name: Name, act: (data: LiveEvents[Name]) => void): void =>
      stream.addEventListener(name, (event) => {
        act(JSON.parse(event.data));
        this.#gather();
      });
    on('sources', ({ sources }) => {
      this.#lists.keepOnly(sources);
      const known = this.#snapshot.sources;
      this.#snapshot = {
        ...this.#snapshot,
        sources: sources.map(
          (source) => known.find((other) => isSame(source, other)) ?? { ...source, state: 'loading' },
        ),
      };
    });
    on('page', (page) => {
      this.#lists.addPage(page);
      if (page.kind === 'connections') for (const connection of page.items) this.#prepare(connection);
    });
    on('change', (change) => this.#lists.change(change));
    on('ready', (source) => {
      this.#lists.finishList(source);
      this.#note(source, 'live');
      // Nothing is on the way any more: it is shown at once.
      clearTimeout(this.#timer);
      this.#timer = undefined;
    });
    on('resumed', (source) => this.#note(source, 'live'));
    on('trouble', ({ message, ...source }) => this.#note(source, 'trouble', message));
    on('denied', ({ message, ...source }) => {
      this.#lists.drop(source);
      this.#note(source, 'denied', message);
    });
    on('ended', ({ message }) => {
      this.close();
      this.#whenEnded(message);
    });
  }

  #note(source: LiveSource, state: SourceState, message?: string): void {
    const noted: SourceStatus = { ...source, state, ...(message === undefined ? {} : { message }) };
    const sources = this.#snapshot.sources.map((other) => (isSame(source, other) ? noted : other));
    this.#snapshot = { ...this.#snapshot, sources };
  }

  #gather(): void {
    const { connections, sources } = this.#snapshot;
    const isLong = connections.size >= long && sources.some(({ state }) => state === 'loading');
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#show(this.#lists.readChanges());
      },
      isLong ? gatherLonger : gatherFor,
    );
  }

  #show(changes: Partial<LiveSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes };
    for (const listener of this.#listeners) listener();
  }
}
