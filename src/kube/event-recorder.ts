import { decideBackoff } from './backoff.ts';
import type { KubeClient } from './kube-client.ts';
import { isKubeError } from './kube-error.ts';
import { type KubeLog, silentLog } from './kube-log.ts';
import type { KubeObject } from './kube-object.ts';
import { eventPath, eventsPath } from './resource-paths.ts';
import { sleep } from './sleep.ts';
import { TokenBucket } from './token-bucket.ts';

/** The object that an event is about; `apiVersion` and `kind` have to be known. */
export interface EventSubject extends KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface EventWords {
  readonly type: 'Normal' | 'Warning';
  /** One word in CamelCase, at most 128 characters. */
  readonly reason: string;
  /** For people; cut to 1 KiB. Never a value of a Secret. */
  readonly note: string;
  /** What was being done, one word. Absent: the reason. */
  readonly action?: string;
}

export interface EventRecorderOptions {
  /** `reportingController`, such as `connect.pim.dev/operator`. */
  readonly controller: string;
  /** `reportingInstance`: the pod. */
  readonly instance: string;
  readonly log?: KubeLog;
  /** Writes a second, all objects together. Default 20. */
  readonly perSecond?: number;
  /** Events that wait at most. Default 5,000; what comes then is counted and dropped, Normal ones first. */
  readonly capacity?: number;
}

/** Equal events within this many milliseconds are one Event with a count. */
const seriesWindow = 360_000;
/** Per object: so many at once, then one in five minutes, as client-go's spam filter has it. */
const subjectBurst = 25;
const subjectPerSecond = 1 / 300;
/** Tries of one write, and the waits between them. */
const tries = 5;
const retryRange = { base: 500, cap: 10_000 };
/** Bytes of a note. */
const longestNote = 1_024;

interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** One Event, from its first occurrence until its series is over. */
interface Series {
  readonly regarding: Reference;
  readonly words: EventWords;
  readonly name: string;
  readonly first: Date;
  last: Date;
  /** On the monotonic clock. */
  lastAt: number;
  count: number;
  written: boolean;
}

/**
 * Writes Kubernetes Events (`events.k8s.io/v1`) about objects. Recording never waits and never fails; the writes are
 * paced, so that thousands of events at once take no more than a small share of the API server from the real work.
 */
export class EventRecorder {
  readonly #client: KubeClient;
  readonly #options: EventRecorderOptions;
  readonly #log: KubeLog;
  readonly #capacity: number;
  readonly #series = new Map<string, Series>();
  readonly #subjects = new Map<string, TokenBucket>();
  /** Series that have something to write. */
  readonly #queue = new Set<Series>();
  readonly #pace: TokenBucket;
  readonly #stopping = new AbortController();
  #working: Promise<void> | undefined;
  #dropped = 0;

  constructor(client: KubeClient, options: EventRecorderOptions) {
    this.#client = client;
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#capacity = options.capacity ?? 5_000;
    const perSecond = options.perSecond ?? 20;
    this.#pace = new TokenBucket(perSecond, perSecond, performance.now());
  }

  /** Events that were dropped: too many about one object, too many waiting, or refused by the API server. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Events that wait to be written. */
  get depth(): number {
    return this.#queue.size;
  }

  record(about: EventSubject, words: EventWords): void {
    if (this.#stopping.signal.aborted) return;
    const now = performance.now();
    if (!this.#allow(about.metadata.uid, now)) {
      this.#dropped += 1;
      return;
    }
    const series = this.#find(about, words, now);
    if (this.#queue.size >= this.#capacity && !this.#queue.has(series) && !this.#makeRoom(words)) {
      this.#dropped += 1;
      return;
    }
    this.#queue.add(series);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** Takes nothing more and writes what waits without pacing, for at most `within` milliseconds. */
  async stop(within = 2_000): Promise<void> {
    this.#stopping.abort();
    const bound = new AbortController();
    const end = sleep(within, bound.signal).then(() => this.#queue.clear());
    await Promise.race([this.#working, end]);
    bound.abort();
  }

  #allow(uid: string, now: number): boolean {
    const bucket = this.#subjects.get(uid) ?? new TokenBucket(subjectBurst, subjectPerSecond, now);
    const allowed = bucket.take(now);
    this.#subjects.delete(uid);
    this.#subjects.set(uid, bucket);
    // The one that was used longest ago comes first.
    for (const [known, other] of this.#subjects) {
      if (this.#subjects.size <= this.#capacity && !other.isFull(now)) break;
      this.#subjects.delete(known);
    }
    return allowed;
  }

  #find(about: EventSubject, words: EventWords, now: number): Series {
    const key = [about.metadata.uid, words.type, words.reason, words.action, words.note].join('\n');
    const known = this.#series.get(key);
    const series = known !== undefined && now - known.lastAt < seriesWindow ? known : buildSeries(about, words);
    series.count += 1;
    series.last = new Date();
    series.lastAt = now;
    this.#series.delete(key);
    this.#series.set(key, series);
    for (const [other, { lastAt }] of this.#series) {
      if (this.#series.size <= 2 * this.#capacity && now - lastAt < seriesWindow) break;
      this.#series.delete(other);
    }
    return series;
  }

  /** A Warning takes the place of a Normal event that waits. */
  #makeRoom(words: EventWords): boolean {
    if (words.type !== 'Warning') return false;
    for (const series of this.#queue) {
      if (series.words.type === 'Warning') continue;
      this.#dropped += 1;
      return this.#queue.delete(series);
    }
    return false;
  }

  async #work(): Promise<void> {
    for (let [series] = this.#queue; series !== undefined; [series] = this.#queue) {
      await this.#waitForTurn();
      this.#queue.delete(series);
      await this.#write(series);
    }
  }

  async #waitForTurn(): Promise<void> {
    const { signal } = this.#stopping;
    // A timer may fire a little early.
    while (!signal.aborted && !this.#pace.take(performance.now()))
      await sleep(this.#pace.wait(performance.now()), signal);
  }

  async #write(series: Series): Promise<void> {
    for (let failures = 1; failures <= tries; failures += 1) {
      try {
        await this.#send(series);
        return;
      } catch (error) {
        if (isKubeError(error, 'AlreadyExists')) return;
        const gone = series.written && isKubeError(error, 'NotFound');
        if (gone) series.written = false;
        else if (!isKubeError(error) || !error.retry || this.#stopping.signal.aborted) break;
        const asked = isKubeError(error) ? (error.retryAfter ?? 0) : 0;
        await sleep(Math.max(asked, decideBackoff(failures, retryRange)), this.#stopping.signal);
      }
    }
    this.#dropped += 1;
    this.#log.debug({ reason: series.words.reason, kind: series.regarding.kind }, 'an event was not written');
  }

  async #send(series: Series): Promise<void> {
    const namespace = series.regarding.namespace ?? 'default';
    const repeated =
      series.count > 1 ? { count: series.count, lastObservedTime: writeMicroTime(series.last) } : undefined;
    if (series.written) {
      await this.#client.patch(eventPath(namespace, series.name), { series: repeated });
      return;
    }
    const { type, reason, note, action = reason } = series.words;
    await this.#client.create(eventsPath(namespace), {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: series.name, namespace },
      eventTime: writeMicroTime(series.first),
      reportingController: this.#options.controller,
      reportingInstance: this.#options.instance.slice(0, 128),
      regarding: series.regarding,
      type,
      reason,
      action,
      note: cutNote(note),
      series: repeated,
    });
    series.written = true;
  }
}

function buildSeries(about: EventSubject, words: EventWords): Series {
  const { namespace, name, uid, resourceVersion } = about.metadata;
  const regarding = { apiVersion: about.apiVersion, kind: about.kind, namespace, name, uid, resourceVersion };
  const now = new Date();
  const unique = `${name.slice(0, 200)}.${crypto.randomUUID().slice(0, 18).replaceAll('-', '')}`;
  return { regarding, words, name: unique, first: now, last: now, lastAt: 0, count: 0, written: false };
}

/** The limit is 1,024 bytes. */
function cutNote(note: string): string {
  if (Buffer.byteLength(note) <= longestNote) return note;
  // A character that the cut went through becomes U+FFFD, three bytes.
  const cut = Buffer.from(note)
    .subarray(0, longestNote - 6)
    .toString('utf8');
  return `${cut.replace(/\uFFFD$/, '')}…`;
}

function writeMicroTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
