import { parseDuration } from '../../api/parse-duration.ts';
import { type ListenAddress, readListenAddress } from '../../process/read-listen-address.ts';
import { buildDroppedNames } from '../request/build-dropped-names.ts';
import { parseTrustedProxies, type TrustedProxies } from '../request/parse-trusted-proxies.ts';
import { readPlainName } from '../request/read-plain-name.ts';
import { parsePublicUrl } from '../request/read-public-address.ts';
import type { Misfit } from './check-document.ts';
import { checkSelector } from './check-selector.ts';
import { buildPointer } from './find-lines.ts';
import type { CredentialPairing, GatewayConfig, UpstreamAuth } from './gateway-config.ts';

/** The file after its form was checked: only `upstream.url` is sure to be there. */
export interface ConfigDocument {
  readonly name?: string;
  readonly listen?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly admin?: string;
  readonly connections?: { readonly namespaces?: readonly string[]; readonly selector?: string };
  readonly publicUrl?: string;
  readonly trustedProxies?: readonly string[];
  readonly keySecret?: string;
  readonly upstream: { readonly url: string; readonly auth?: UpstreamAuth; readonly dropHeaders?: readonly string[] };
  readonly tokens?: { readonly access?: string; readonly refresh?: string };
  readonly limits?: { readonly concurrent?: number | string; readonly perSecond?: number | string };
  readonly credentialPairing?: CredentialPairing;
  readonly authz?: { readonly from?: GatewayConfig['authz']['from'] };
  readonly unconfirmedEndpoints?: GatewayConfig['unconfirmedEndpoints'];
  readonly maxStaleness?: string;
  readonly onStale?: GatewayConfig['onStale'];
  readonly flows?: { readonly store?: string; readonly flush?: string; readonly retention?: string };
}

const second = 1_000;
const day = 86_400_000;
const nowhere: ListenAddress = { host: '', port: 0 };

/** What the file says, with the defaults; `misfits` names what cannot be used, and then `config` is worth nothing. */
export function readDocument(document: ConfigDocument): {
  readonly config: GatewayConfig;
  readonly misfits: readonly Misfit[];
} {
  const misfits: Misfit[] = [];
  const refuse = (pointer: string, sentence: string): void => void misfits.push({ pointer, sentence });
  const { connections, upstream, tokens, limits, flows } = document;

  const readAddress = (field: 'listen' | 'admin', text: string): ListenAddress => {
    const address = readListenAddress(text);
    if (address === undefined) refuse(`/${field}`, 'write an address and a port, such as 0.0.0.0:8080');
    return address ?? nowhere;
  };
  const readTime = (pointer: string, text: string, least: number, most: number): number => {
    const time = parseDuration(text);
    if (time !== undefined && time >= least && time <= most) return time;
    refuse(pointer, `write a duration from ${least / second}s to ${most / 3_600_000}h, such as 1h or 90s`);
    return 0;
  };

  const publicUrl = document.publicUrl === undefined ? undefined : parsePublicUrl(document.publicUrl);
  if (document.publicUrl !== undefined && publicUrl === undefined)
    refuse('/publicUrl', 'write an http or https address without user, query and fragment');
  const config: GatewayConfig = {
    name: document.name ?? 'default',
    listen: readAddress('listen', document.listen ?? '0.0.0.0:8080'),
    admin: readAddress('admin', document.admin ?? '0.0.0.0:9090'),
    ...(document.tls && { tls: document.tls }),
    connections: {
      namespaces: connections?.namespaces ?? [],
      selector: readSelector(connections?.selector ?? '', refuse),
    },
    ...(publicUrl && { publicUrl }),
    trustedProxies: readProxies(document.trustedProxies ?? [], refuse),
    keySecret: readKeySecret(document.keySecret ?? 'connection-system/connection-keys', refuse),
    upstream: {
      url: readUpstreamUrl(upstream.url, refuse),
      auth: checkAuth(upstream.auth ?? { type: 'none' }, refuse),
      dropHeaders: upstream.dropHeaders ?? [],
    },
    tokens: {
      access: readTime('/tokens/access', tokens?.access ?? '1h', second, 30 * day),
      refresh: readTime('/tokens/refresh', tokens?.refresh ?? '336h', second, 365 * day),
    },
    limits: { concurrent: Number(limits?.concurrent ?? 4), perSecond: Number(limits?.perSecond ?? 100) },
    credentialPairing: document.credentialPairing ?? 'warn',
    authz: { from: document.authz?.from ?? 'auto' },
    unconfirmedEndpoints: document.unconfirmedEndpoints ?? 'deny',
    maxStaleness: readTime('/maxStaleness', document.maxStaleness ?? '5m', second, 30 * day),
    onStale: document.onStale ?? 'keep',
    flows: {
      store: readStore(flows?.store ?? 'sqlite:connection.db', refuse),
      flush: readTime('/flows/flush', flows?.flush ?? '5s', second / 10, day),
      retention: readTime('/flows/retention', flows?.retention ?? '240h', 3_600_000, 3650 * day),
    },
  };
  return { config, misfits };
}

type Refuse = (pointer: string, sentence: string) => void;

function readProxies(entries: readonly string[], refuse: Refuse): TrustedProxies {
  const trusted = parseTrustedProxies(entries);
  if (typeof trusted === 'function') return trusted;
  const index = entries.indexOf(trusted.invalid);
  refuse(buildPointer('/trustedProxies', index), 'write an address or a range such as 10.0.0.0/8');
  return () => false;
}

/** The API server would refuse it too, but for ever and while nobody looks. */
function readSelector(text: string, refuse: Refuse): string {
  if (checkSelector(text)) return text;
  refuse('/connections/selector', 'write a label selector such as "team=shop" or "tier in (gold, silver),!legacy"');
  return '';
}

function readKeySecret(text: string, refuse: Refuse): GatewayConfig['keySecret'] {
  const [, namespace, name] = /^([a-z0-9][-a-z0-9]{0,62})\/([a-z0-9][-.a-z0-9]{0,252})$/.exec(text) ?? [];
  if (namespace === undefined || name === undefined) refuse('/keySecret', 'write namespace/name');
  return { namespace: namespace ?? '', name: name ?? '' };
}

/** Paths are forwarded as the client sent them, so there is nothing to put in front of them. */
function readUpstreamUrl(text: string, refuse: Refuse): URL {
  const url = URL.parse(text);
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && text.replace(/\/$/, '').split('/').length === 3;
  if (url !== null && isOrigin && url.username === '' && url.search === '' && url.hash === '') return url;
  refuse(
    '/upstream/url',
    'write scheme, host and port alone, such as http://pim.internal; paths are passed on as called',
  );
  return new URL('http://invalid');
}

/** A header that is dropped or set on every request cannot carry credentials; Authorization is replaced anyway. */
function checkAuth(auth: UpstreamAuth, refuse: Refuse): UpstreamAuth {
  if (auth.type !== 'header') return auth;
  const plain = readPlainName(auth.name);
  const taken = /^(?:x-(?:forwarded|original|connection)-|content-)/.test(plain) || buildDroppedNames([]).has(plain);
  const allowed = plain === 'authorization' || plain === 'cookie';
  if (taken && !allowed) refuse('/upstream/auth/name', 'write a header that the gateway does not set or drop itself');
  return auth;
}

function readStore(text: string, refuse: Refuse): string {
  if (!/^sqlite:.+|^postgres(ql)?:\/\/.+/.test(text))
    refuse('/flows/store', 'write sqlite:FILE or postgres://user:password@host/database');
  return text;
}
