import type { JSX } from 'react';
import { useState } from 'react';
import { dashboardPaths } from '../../../api/dashboard-api.ts';
import type { Connection } from '../../../api/generated/connection.ts';
import { codeOf } from '../../../credentials/code.ts';
import { usePage } from '../state/page-context.tsx';
import { buildMonogram } from './monogram.ts';

/** Pictures from elsewhere that the viewer asked to see, as `uid address`: until the page is left. */
const wanted = new Set<string>();

interface AvatarProps {
  readonly connection: Connection;
  /** Pixels: 32 in lists, 56 on the connection's own page. */
  readonly size: 32 | 56;
  /** Whether a click shows a picture from elsewhere. */
  readonly isClickable?: boolean;
}

/**
 * A connection's picture, else its monogram. A picture from another host would tell that host who looks, so it is shown
 * after a click only, inside a frame that may load that one picture; hosts that the dashboard trusts need no click.
 */
export function Avatar({ connection, size, isClickable = false }: AvatarProps): JSX.Element {
  const { session } = usePage();
  const { metadata, spec } = connection;
  const wish = `${metadata.uid} ${spec.image}`;
  const [, setShown] = useState('');
  const [broken, setBroken] = useState('');
  const box = size === 32 ? 'avatar-box size-8 text-xs' : 'avatar-box size-14 text-lg';
  const { letters, color } = buildMonogram(spec.label, codeOf(connection));
  const monogram = `${box} monogram-${color}`;

  if (spec.image === undefined || broken === spec.image) {
    return (
      <span className={monogram} aria-hidden>
        {letters}
      </span>
    );
  }
  if (spec.image.startsWith('data:') || isTrusted(spec.image, session.imageHosts)) {
    return (
      <span className={`${box} bg-white`}>
        <img src={spec.image} alt="" referrerPolicy="no-referrer" onError={() => setBroken(spec.image ?? '')} />
      </span>
    );
  }
  if (wanted.has(wish)) {
    return (
      <span className={`${box} bg-white`}>
        <iframe
          src={dashboardPaths.image(metadata.namespace, metadata.name)}
          title={`Picture of ${spec.label}`}
          sandbox=""
          tabIndex={-1}
        />
      </span>
    );
  }
  if (!isClickable) {
    return (
      <span className={monogram} aria-hidden>
        {letters}
      </span>
    );
  }
  const label = `Show the picture from ${hostOf(spec.image)}`;
  return (
    <button
      type="button"
      className={`${monogram} cursor-pointer`}
      aria-label={label}
      title={label}
      onClick={() => {
        wanted.add(wish);
        setShown(wish);
      }}
    >
      {letters}
    </button>
  );
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : 'elsewhere';
}

function isTrusted(address: string, hosts: readonly string[]): boolean {
  return hosts.includes(hostOf(address));
}
