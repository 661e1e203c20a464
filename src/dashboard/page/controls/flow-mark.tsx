import { ArrowDownToLine, ArrowUpFromLine, CircleDashed } from 'lucide-react';
import type { JSX } from 'react';
import type { FlowType } from '../../../api/generated/connection.ts';

/** What a flow type means, in the words of who asks for it. */
export const flowMeanings: Readonly<Record<FlowType, { readonly short: string; readonly long: string }>> = {
  Source: {
    short: 'puts data in',
    long: 'It puts data in: an ERP, a DAM, a supplier portal. Products created and updated can be tracked, and errors.',
  },
  Destination: {
    short: 'takes data out',
    long: 'It takes data out: a shop, a print system, a syndication tool. Products sent can be tracked.',
  },
  Other: {
    short: 'neither, not tracked',
    long: 'Neither, or unknown. Nothing can be tracked: choose one of the other two where you can.',
  },
};

const looks = {
  Source: { icon: ArrowDownToLine, color: 'text-source' },
  Destination: { icon: ArrowUpFromLine, color: 'text-destination' },
  Other: { icon: CircleDashed, color: 'text-other' },
} as const;

/** A flow type by sign and word. */
export function FlowMark({ flowType }: { readonly flowType: FlowType }): JSX.Element {
  const { icon: Icon, color } = looks[flowType];
  return (
    <span className={`inline-flex items-center gap-1.5 ${color}`}>
      <Icon size={15} aria-hidden />
      {flowType}
    </span>
  );
}
