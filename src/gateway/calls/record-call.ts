import type { Connection } from '../../api/generated/connection.ts';
import { codeOf } from '../../credentials/code.ts';
import type { KubeLog } from '../../kube/kube-log.ts';
import type { AuthzAnswer } from '../authz/answer-authz.ts';
import type { CallCounts } from '../metrics/call-counts.ts';
import type { Decision } from '../metrics/decision.ts';
import type { CallKind, GatewayMetrics } from '../metrics/gateway-metrics.ts';
import type { CallDecision } from './decide-call.ts';
import type { ForwardedCall } from './forward-call.ts';

/** Hears what became of each request; `began` is the gateway's uptime then. None of it throws. */
export interface CallRecorder {
  /** A call is on its way to the upstream. */
  recordUse(decision: CallDecision): void;
  recordForwarded(call: ForwardedCall, method: string, began: number): void;
  recordAuthz(answer: AuthzAnswer, method: string, began: number): void;
  /** @param status absent: the client went away. */
  recordOwn(route: string, status: number | undefined, method: string, began: number): void;
  /** Refused before anything was decided. */
  recordMalformed(status: number): void;
  /** A fault of the gateway itself. */
  recordTrouble(error: unknown): void;
}

export interface RecorderOptions {
  readonly metrics: GatewayMetrics;
  readonly counts: CallCounts;
  readonly log: KubeLog;
  readonly onUse: (client: Connection, user: Connection) => void;
  /** Milliseconds on a clock that never goes backwards. */
  readonly uptime: () => number;
}

/** One line of the log. A route, never a path; no query, no header, no body. */
interface Line {
  readonly method: string;
  readonly route: string;
  readonly status?: number | undefined;
  readonly decision?: Decision;
  readonly reason?: string;
  readonly user?: Connection | undefined;
}

/** Counts every call and logs each that was refused or failed. */
export function buildCallRecorder({ metrics, counts, log, onUse, uptime }: RecorderOptions): CallRecorder {
  const time = (kind: CallKind, began: number): void => metrics.seconds[kind].observe((uptime() - began) / 1000);
  const count = (decision: Decision, { ground }: CallDecision, user: Connection | undefined): void => {
    counts.count(decision, user);
    if (ground !== 'none') counts.countPermission(ground, decision);
  };
  const say = (level: 'info' | 'debug', { user, ...line }: Line, sentence: string): void => {
    const who = user && { namespace: user.metadata.namespace, code: codeOf(user) };
    log[level]({ ...line, ...who }, sentence);
  };
  const recordUse = (decision: CallDecision): void => {
    if (decision.allowed && decision.caller) onUse(decision.caller.client, decision.caller.user);
  };
  const recordRefused = (decision: Extract<CallDecision, { allowed: false }>, method: string, status: number): void => {
    const { user, route } = decision;
    count(decision.decision, decision, user);
    say('info', { method, route, status, decision: decision.decision, user }, 'refused');
  };

  return {
    recordUse,
    recordForwarded(call, method, began) {
      time('proxy', began);
      if (call.kind === 'refused') {
        recordRefused(call.decision, method, call.decision.status);
        return;
      }
      const { decision } = call;
      const user = decision.caller?.user;
      const line = { method, route: decision.route, user };
      if (call.kind === 'limited') {
        count('limited', decision, user);
        say('info', { ...line, status: 429, decision: 'limited' }, 'refused');
        return;
      }
      const { outcome } = call;
      const isUpstreamError =
        (outcome.kind === 'failed' && outcome.status !== 408) ||
        (outcome.kind === 'answered' && outcome.end === 'upstream');
      const result = isUpstreamError ? 'upstream_error' : 'allowed';
      count(result, decision, user);
      if (outcome.kind === 'failed') {
        const { status, reason } = outcome;
        say('info', { ...line, status, decision: result, reason }, 'failed');
      } else if (outcome.kind === 'gone') {
        say('info', { ...line, decision: result }, 'the client went away before the answer');
      } else if (outcome.end === 'whole') {
        say('debug', { ...line, status: outcome.status, decision: result }, 'answered');
      } else {
        const reason = `the ${outcome.end} broke off`;
        say('info', { ...line, status: outcome.status, decision: result, reason }, 'the answer is not whole');
      }
    },
    recordAuthz({ status, decision }, method, began) {
      time('authz', began);
      if (decision === undefined) {
        metrics.malformed.inc({ status });
        say('info', { method, route: '/authz', status }, 'refused');
      } else if (decision.allowed) {
        recordUse(decision);
        count('allowed', decision, decision.caller?.user);
      } else recordRefused(decision, method, status);
    },
    recordOwn(route, status, method, began) {
      time('own', began);
      if (status === undefined || status >= 400) say('info', { method, route, status }, 'refused');
    },
    recordMalformed(status) {
      metrics.malformed.inc({ status });
      log.info({ status }, 'refused');
    },
    recordTrouble(error) {
      metrics.troubles.inc();
      const place =
        error instanceof Error ? error.stack?.split('\n').find((line) => line.trimStart().startsWith('at ')) : '';
      log.error(
        { error: error instanceof Error ? error.name : typeof error, place: place?.trim() },
        'a request failed',
      );
    },
  };
}
