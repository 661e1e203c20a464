import type { JSX } from 'react';
import type { SilentGateway } from '../../../api/dashboard-api.ts';
import { Notice } from '../controls/notice.tsx';

/** Says which gateways did not answer: what they counted is missing from what is shown. */
export function SilentGateways({ silent }: { readonly silent: readonly SilentGateway[] }): JSX.Element | undefined {
  if (silent.length === 0) return undefined;
  return (
    <div className="mb-4">
      <Notice tone="warning">
        What these gateways counted is missing here:{' '}
        {silent.map(({ gateway, message }) => `${gateway} (${message})`).join('; ')}
      </Notice>
    </div>
  );
}
